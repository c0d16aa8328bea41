import { describe, expect, test } from 'vitest';
import { createIssue, describeFinding, type Issue } from '../../../src/core/issue.ts';
import { allOf, eitherOf, phraseText, placesOf, say } from '../../../src/core/text.ts';

const german = new Map([
  ['lines {0} and {1} of one document disagree', 'die Zeilen {0} und {1} desselben Belegs widersprechen sich'],
  ['"{0}" as on line {1}', 'in Zeile {1} steht "{0}"'],
  ['expected {0}', 'erwartet: {0}'],
  ['got "{0}"', 'gefunden: "{0}"'],
  ['{0} or {1}', '{0} oder {1}'],
  ['a tab', 'Tabulator'],
  ['separated by {0}', 'getrennt durch {0}'],
  ['too long', 'zu lang'],
]);

describe('a phrase', () => {
  test('is its template and its values, numbered from 0', () => {
    expect(say`lines ${3} and ${7} disagree`).toEqual(['lines {0} and {1} disagree', 3, 7]);
    expect(say`too long`).toEqual(['too long']);
    expect(phraseText(say`lines ${3} and ${7} disagree`)).toBe('lines 3 and 7 disagree');
  });

  test('is translated by its template, and its values may stand in another order', () => {
    expect(phraseText(say`"${'A'}" as on line ${3}`, german)).toBe('in Zeile 3 steht "A"');
  });

  test('stays English where there is no translation', () => {
    expect(phraseText(say`not in ${'the list'}`, german)).toBe('not in the list');
  });

  test('is translated inside others; a value that is data is not, whatever it says', () => {
    expect(phraseText(say`separated by ${say`a tab`}`, german)).toBe('getrennt durch Tabulator');
    expect(phraseText(say`separated by ${'a tab'}`, german)).toBe('getrennt durch a tab');
  });

  test.each(['{0}', '{1}', '{0}{1}', '$&', '$1', '{99}', '{__proto__}'])('holds the value %s as it is', (value) => {
    expect(phraseText(say`"${value}" as on line ${7}`)).toBe(`"${value}" as on line 7`);
    expect(phraseText(say`"${value}" as on line ${7}`, german)).toBe(`in Zeile 7 steht "${value}"`);
  });

  test('keeps braces of its own that are no places', () => {
    expect(phraseText(say`a JSON file begins with { or [, ${'x'} with {seq}`)).toBe(
      'a JSON file begins with { or [, x with {seq}',
    );
  });

  test('names alternatives and sums in words', () => {
    expect([['A'], ['A', 'B'], ['A', 'B', 'C']].map((words) => phraseText(eitherOf(words)))).toEqual([
      'A',
      'A or B',
      'A or B or C',
    ]);
    expect(phraseText(eitherOf(['A', say`a tab`]), german)).toBe('A oder Tabulator');
    expect(phraseText(allOf(['A', 'B', 'C']))).toBe('A and B and C');
  });

  test('tells the numbers of its places, each once', () => {
    expect(placesOf('{1} and {0} and {1}, {seq}, {}')).toEqual([0, 1]);
  });
});

describe('an issue', () => {
  const conflict = createIssue(
    'conflicting-values',
    { line: 7, column: 'Zip' },
    { what: say`lines ${3} and ${7} of one document disagree`, expected: say`"${'{0}'}" as on line ${3}`, got: '{1}' },
  );

  test('says the same in English as text and as phrase', () => {
    expect(conflict).toMatchObject({ what: 'lines 3 and 7 of one document disagree', expected: '"{0}" as on line 3' });
    expect(describeFinding(conflict)).toBe(describeFinding(conflict, new Map()));
  });

  test('is told in another language after it went through the ledger', () => {
    const kept = JSON.parse(JSON.stringify(conflict)) as Issue;
    expect(describeFinding(kept, german)).toBe(
      'die Zeilen 3 und 7 desselben Belegs widersprechen sich; erwartet: in Zeile 3 steht "{0}", gefunden: "{1}". Make the lines agree, or give them different keys.',
    );
  });

  test('keeps apart only what has values', () => {
    expect(createIssue('too-long', {}, { expected: say`a tab`, got: 'x' })).not.toHaveProperty('phrases');
    expect(conflict.phrases).not.toHaveProperty('hint');
    expect(describeFinding(createIssue('too-long', {}, { got: 'too long' }), german)).toBe(
      'zu lang; gefunden: "too long". Shorten the value; nothing is cut for you.',
    );
  });

  test('has invisible characters made visible in every language', () => {
    const issue = createIssue('too-long', {}, { expected: say`at most ${'\u202e'}` });
    expect(describeFinding(issue, german)).toContain(String.raw`erwartet: at most \u202e`);
  });
});
