import { describe, expect, test } from 'vitest';
import { describeConfigIssue } from '../../../src/core/issue.ts';
import { parseYaml } from '../../../src/core/positioned-yaml.ts';
import { checkShape, suggestion, suggestionText } from '../../../src/core/shape.ts';

const text = `# a comment
name: x
list:
  - a: 1
    b: [10, "20"]
  - { a: 0042, b: 1e3 }
empty:
`;

describe('a parsed file', () => {
  const yaml = parseYaml(text, 'c.yaml');
  const at = (line: number, character: number): object => ({ file: 'c.yaml', line, character });

  test('has plain data', () => {
    expect(yaml.issues).toEqual([]);
    expect(yaml.value).toEqual({
      name: 'x',
      list: [
        { a: 1, b: [10, '20'] },
        { a: 42, b: 1000 },
      ],
      empty: null,
    });
  });

  test.each([
    [['name'], 2, 7],
    [['list', 0, 'a'], 4, 8],
    [['list', 0, 'b', 1], 5, 13],
    [['list', 1, 'b'], 6, 19],
    [[], 2, 1],
  ])('knows where the value at %j stands', (path, line, character) => {
    expect(yaml.place(path)).toEqual(at(line, character));
  });

  test('places what is absent at the nearest thing around it', () => {
    expect(yaml.place(['list', 0, 'c', 'd'])).toEqual(at(4, 5));
    expect(yaml.place(['nothing'])).toEqual(at(2, 1));
  });

  test('knows where a name stands', () => {
    expect(yaml.keyPlace(['list', 0, 'b'])).toEqual(at(5, 5));
    expect(yaml.keyPlace(['empty'])).toEqual(at(7, 1));
    expect(yaml.keyPlace(['list', 1])).toEqual(at(6, 5));
  });

  test('keeps the text of a number that was written without quotes', () => {
    expect(yaml.numberSource(['list', 1, 'a'])).toBe('0042');
    expect(yaml.numberSource(['list', 1, 'b'])).toBe('1e3');
    expect(yaml.numberSource(['list', 0, 'b', 1])).toBeUndefined();
    expect(yaml.numberSource(['list', 9])).toBeUndefined();
  });
});

describe('a file that cannot be read', () => {
  const findings = (broken: string): string[] => parseYaml(broken, 'c.yaml').issues.map(describeConfigIssue);

  test('names both line and column of a key that comes twice', () => {
    expect(findings('a: 1\nb: 2\na: 3\n')).toEqual(['c.yaml:3:1 bad-yaml Map keys must be unique.']);
  });

  test.each([
    'a: [1\n',
    'a: "x\n',
    'a: 1\n b: 2\n',
    '\tx: 1\n',
    'a: 1\n---\nb: 2\n',
    'a: !!js/function x\n',
    'a: *x\n',
  ])('is refused as not YAML: %j', (broken) => {
    const parsed = parseYaml(broken, 'c.yaml');
    expect(parsed.value).toBeUndefined();
    expect(parsed.issues.map(({ code }) => code)).toContain('bad-yaml');
  });

  test('does not explode over references to references', () => {
    const levels = Array.from(
      { length: 20 },
      (_, level) => `l${level + 1}: &l${level + 1} [${`*l${level}, `.repeat(9)}]`,
    );
    const parsed = parseYaml(`l0: &l0 [x]\n${levels.join('\n')}\n`, 'c.yaml');
    expect(parsed.value).toBeUndefined();
    expect(parsed.issues.map(({ code }) => code)).toEqual(['bad-yaml']);
  });

  test('says it in one line each', () => {
    for (const broken of ['a: [1\nb: 2\n', 'a: "x\ny: z\n']) {
      for (const finding of findings(broken)) expect(finding).not.toContain('\n');
    }
  });
});

describe('the shape of a file', () => {
  const schema = {
    type: 'object',
    additionalProperties: false,
    required: ['columns'],
    properties: {
      columns: { type: 'array', items: { type: 'string' } },
      mode: { enum: ['fast', 'slow'] },
      size: { type: ['integer', 'string'], pattern: '^\\d+$' },
      nested: { type: 'object', additionalProperties: false, properties: { delimiter: { type: 'string' } } },
      choice: { anyOf: [{ type: 'string' }, { type: 'array' }] },
    },
  };
  const findings = (source: string): string[] =>
    checkShape(parseYaml(source, 'c.yaml'), schema).map(describeConfigIssue);

  test('is right when nothing is wrong', () => {
    expect(findings('columns: [a]\nmode: fast\nsize: 5\nchoice: x\n')).toEqual([]);
  });

  test('tells everything at once, each at its place', () => {
    expect(findings('column: [a]\nmode: quick\nsize: x\nnested: { delimeter: "," }\n')).toEqual([
      'c.yaml:1:1 missing-key "columns" is missing in the file.',
      'c.yaml:1:1 unknown-key unknown key "column". Did you mean "columns"?',
      'c.yaml:2:7 wrong-value mode has a value that is not allowed; expected one of fast, slow.',
      'c.yaml:3:7 wrong-value size must match pattern "^\\d+$".',
      'c.yaml:4:11 unknown-key unknown key "delimeter". Did you mean "delimiter"?',
    ]);
  });

  test('names the place of a value inside lists, and the types that would do', () => {
    expect(findings('columns: [a, 5]\nsize: [1]\n')).toEqual([
      'c.yaml:1:14 wrong-type columns.1 has the wrong type; expected string.',
      'c.yaml:2:7 wrong-type size has the wrong type; expected integer or string.',
    ]);
  });
});

describe('a name that is not known', () => {
  const known = ['columns', 'delimiter', 'encoding'];

  test.each([
    ['column', 'columns'],
    ['Delimiter', 'delimiter'],
    ['delimeter', 'delimiter'],
    ['encodnig', 'encoding'],
  ])('%s is taken for a slip of %s', (name, meant) => {
    expect(suggestionText(name, known)).toBe(`Did you mean "${meant}"?`);
  });

  test.each(['quote', 'x', ''])('%j is not guessed at; a short list is told instead', (name) => {
    expect(suggestionText(name, known)).toBe('Known here: columns, delimiter, encoding.');
  });

  test('is not guessed at when nothing is known', () => {
    expect(suggestion('x', [])).toEqual({});
  });
});
