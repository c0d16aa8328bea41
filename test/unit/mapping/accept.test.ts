import { describe, expect, test } from 'vitest';
import { acceptResults, type MappingTestResult } from '../../../src/mapping/index.ts';

type Actual = NonNullable<MappingTestResult['actual']>;
const failed = (actual: Partial<Actual>): MappingTestResult => ({
  name: 'a test',
  line: 1,
  passed: false,
  actual: { expect: [], issues: [], ...actual },
});
const passed: MappingTestResult = { name: 'a test', line: 1, passed: true };

const mapping = `# how orders come
read: { format: csv }   # odd   spacing
tests:
  # the usual one
  - name: one
    given: |
      A,B
      1,2
    expect:
      # a payload
      - Number: P9 # wrong
        Items: [{ Sku: X, Quantity: 3 }]

  - name: two
    given: x
    expect: []
# the end
`;

describe('accepting what tests got', () => {
  test('changes a value and nothing else, to the letter', () => {
    const actual = { expect: [{ Number: 'P1', Items: [{ Sku: 'X', Quantity: 2 }] }] };
    const { text, changed } = acceptResults(mapping, [failed(actual), passed]);
    expect(changed).toEqual([0]);
    expect(text).toBe(mapping.replace('P9', 'P1').replace('Quantity: 3', 'Quantity: 2'));
  });

  test('writes a value of another shape anew, in its place', () => {
    const { text } = acceptResults(mapping, [passed, failed({ expect: [{ Number: '007', Note: 'a: b' }] })]);
    expect(text).toBe(
      mapping.replace('    expect: []\n', "    expect:\n      - Number: '007'\n        Note: 'a: b'\n"),
    );
  });

  test('with findings a test expects these, and payloads only where it did and some came', () => {
    const issues = [{ line: 2, column: 'Qty', code: 'not-a-number' }];
    const written = '    issues:\n      - line: 2\n        column: Qty\n        code: not-a-number\n';
    expect(acceptResults(mapping, [passed, failed({ issues })]).text).toBe(
      mapping.replace('    expect: []\n', written),
    );
    const both = acceptResults(mapping, [passed, failed({ issues, expect: [{ Number: '1' }] })]).text;
    expect(both).toBe(mapping.replace('    expect: []\n', `    expect:\n      - Number: '1'\n${written}`));
  });

  test('a test that expected nothing yet gets its expectation behind what it has', () => {
    const bare = 'tests:\n  - name: one\n    given: |\n      A\n      1\n  - name: two\n    given: x';
    const { text } = acceptResults(bare, [failed({ expect: [{ A: 1 }] }), failed({ expect: [] })]);
    expect(text).toBe(
      'tests:\n  - name: one\n    given: |\n      A\n      1\n    expect:\n      - A: 1\n  - name: two\n    given: x\n    expect: []',
    );
  });

  test('a test on one line stays on one line', () => {
    const line = 'tests:\n  - { name: one, given: x, issues: [{ code: no-key }] } # short\n';
    expect(acceptResults(line, [failed({ expect: [{ A: '1' }] })]).text).toBe(
      "tests:\n  - { name: one, given: x, expect: [{ A: '1' }] } # short\n",
    );
  });

  test('an expectation kept elsewhere in the file is not lost: comments stay, and it is said anew', () => {
    const shared =
      'tests:\n  - name: one\n    given: x\n    expect: &payload [{ A: 1 }]\n  - name: two\n    given: y # why\n    expect: *payload\n';
    const { text } = acceptResults(shared, [passed, failed({ expect: [{ A: 2 }] })]);
    expect(text).toContain('expect: &payload [{ A: 1 }]');
    expect(text).toContain('# why');
    expect(text).toMatch(/given: y # why\n {4}expect:\n {6}- A: 2\n$/);
  });

  test('tests that passed, or got nothing that could be expected, are left alone', () => {
    const results = [passed, { name: 'two', line: 2, passed: false, difference: 'a row cannot be made' }];
    expect(acceptResults(mapping, results)).toEqual({ text: mapping, changed: [] });
  });
});
