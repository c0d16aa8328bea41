import { describe, expect, test } from 'vitest';
import {
  createIssue,
  describeConfigIssue,
  describeFinding,
  describeIssue,
  escapeControls,
  isError,
  issueScope,
} from '../../../src/core/issue.ts';
import { say } from '../../../src/core/text.ts';

describe('an issue', () => {
  test('says where, what, what was expected, what came, and how to mend it', () => {
    const issue = createIssue(
      'not-a-whole-number',
      { file: 'orders.csv', line: 14, column: 'Qty' },
      { expected: say`1 or more`, got: '2.5', hint: say`Split the line or use the unit of measure.` },
    );
    expect(describeIssue(issue)).toBe(
      'orders.csv line 14 column Qty: not a whole number; expected 1 or more, got "2.5". Split the line or use the unit of measure.',
    );
  });

  test.each([
    [{}, 'the document has no key. Fill in the key column.'],
    [{ file: 'a.csv' }, 'a.csv: the document has no key. Fill in the key column.'],
    [{ line: 3 }, 'line 3: the document has no key. Fill in the key column.'],
    [{ column: '/Items/0' }, 'column /Items/0: the document has no key. Fill in the key column.'],
    [{ sheet: 'May', line: 3 }, 'sheet May line 3: the document has no key. Fill in the key column.'],
    [
      { file: 'a.xlsx', sheet: 'May', cell: 'C14', line: 14, column: 'Key' },
      'a.xlsx sheet May cell C14 column Key: the document has no key. Fill in the key column.',
    ],
  ])('leaves out of its place what is not known: %o', (where, text) => {
    expect(describeIssue(createIssue('no-key', where))).toBe(text);
  });

  test('takes wording, hint and severity from the catalogue unless told otherwise', () => {
    expect(createIssue('blank-row', {})).toMatchObject({ severity: 'warning', what: 'rows of empty cells; skipped' });
    const told = createIssue('original-missing', {}, { severity: 'warning', what: say`other words` });
    expect(told).toMatchObject({ severity: 'warning', what: 'other words' });
    expect(isError(told)).toBe(false);
  });

  test('without a hint ends with a full stop and nothing else', () => {
    expect(describeFinding(createIssue('out-of-range', {}, { expected: say`at most ${9}`, got: '10' }))).toBe(
      'the number is out of range; expected at most 9, got "10".',
    );
  });

  test('knows what it takes down with it', () => {
    expect(issueScope(createIssue('not-a-number', {}))).toBe('document');
    expect(issueScope(createIssue('control-total', {}))).toBe('drop');
    expect(issueScope(createIssue('key-in-use', {}))).toBe('provider');
    expect(issueScope(createIssue('unknown-key', {}))).toBe('config');
  });

  test('about configuration has the form editors understand, from line 1 column 1 when nothing is known', () => {
    const issue = createIssue('unknown-key', { file: 'config.yaml', line: 12, character: 5 });
    expect(describeConfigIssue(issue)).toBe('config.yaml:12:5 unknown-key unknown key.');
    expect(describeConfigIssue(createIssue('unknown-key', { file: 'c.yaml' }))).toBe(
      'c.yaml:1:1 unknown-key unknown key.',
    );
  });
});

describe('a value in a message', () => {
  const shown = (got: string): string => describeFinding(createIssue('too-long', {}, { got, hint: say`Mend it.` }));

  test.each([
    ['of 60 characters is shown whole', 'x'.repeat(60), 'x'.repeat(60)],
    ['of 61 is cut to 60', 'x'.repeat(61), `${'x'.repeat(60)}…`],
    ['of a million is cut to 60', 'x'.repeat(1_000_000), `${'x'.repeat(60)}…`],
    ['is counted in characters, not in halves of them', '📦'.repeat(60), '📦'.repeat(60)],
    ['is never cut in the middle of a character', '📦'.repeat(61), `${'📦'.repeat(60)}…`],
  ])('%s', (_name, got, expected) => {
    expect(shown(got)).toBe(`too long; got "${expected}". Mend it.`);
  });

  test('cannot add a line, move the cursor or turn the writing direction', () => {
    expect(shown('a\r\nb\u001b[2J\u0000\u009b')).toContain(String.raw`"a\u000d\u000ab\u001b[2J\u0000\u009b"`);
    expect(shown('abc\u202Etxt\u2066\u200B\uFEFF')).toContain(String.raw`"abc\u202etxt\u2066\u200b\ufeff"`);
  });
});

test('names of files and columns are escaped like values', () => {
  const issue = createIssue('no-key', { file: 'a\u202Evsc.exe', column: 'Qty\n' });
  expect(describeIssue(issue)).toContain(String.raw`a\u202evsc.exe column Qty\u000a:`);
  expect(describeConfigIssue(createIssue('unknown-key', { file: 'a\nb:1:1', line: 1 }))).not.toContain('\n');
});

test('letters of all scripts are left as they are', () => {
  const text = 'Café „Zum Anker" ٣ 日本 שלום 📦';
  expect(escapeControls(text)).toBe(text);
});
