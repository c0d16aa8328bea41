import { describe, expect, it } from 'vitest';
import { ambiguousNumber, parseNumberFormat, type NumberFormat } from '../../../src/mapping/values/number-format.ts';
import { describeIssue } from '../../../src/core/issue.ts';
import { compile, mappingText, schemaOf } from './support.ts';
import { cellOf, documentOf, valueOf } from './value-support.ts';

function format(pattern: string): NumberFormat {
  const parsed = parseNumberFormat(pattern);
  if ('problem' in parsed) throw new Error(`${pattern}: ${parsed.problem}`);
  return parsed;
}
const read = (pattern: string, text: string): string | undefined => format(pattern).read(text);
const NARROW = '\u202f';
const HARD = '\u00a0';
const THIN = '\u2009';

describe('numbers as files of all lands write them', () => {
  it.each([
    ['0.000,00', '1.234,56', '1234.56'],
    ['0.000,00', '1.234.567', '1234567'],
    ['0.000,00', '1234,5', '1234.5'],
    ['0.000,00', '-0,50', '-0.50'],
    ['0,000.00', '1,234.56', '1234.56'],
    ['0 000,00', '1 234,56', '1234.56'],
    ['0 000,00', `1${HARD}234${HARD}567,00`, '1234567.00'],
    ['0 000,00', `1${NARROW}234,56`, '1234.56'],
    ['0 000.00', `1${THIN}234.56`, '1234.56'],
    [`0${NARROW}000,00`, '1 234,56', '1234.56'],
    ["0'000.00", "1'234.56", '1234.56'],
    ["0'000.00", '1\u2019234.56', '1234.56'],
    ['0,00,000.00', '12,34,567.80', '1234567.80'],
    ['0,00,000.00', '1,234.00', '1234.00'],
    ['0.000.000', '1.234', '1234'],
    ['0,000,000', '1,234,567', '1234567'],
    ['#0,000', '1,234', '1.234'],
    ['#0.000', '0.125', '0.125'],
    ['0,00', '12,3456', '12.3456'],
    ['0', '007', '7'],
    ['#.00', '.50', '0.50'],
    ['#.00', '-.5', '-0.5'],
    ['#.00', '12.50', '12.50'],
    ['0', '123456789012345678901234567890', '123456789012345678901234567890'],
    ['0,00e', '1,53e4', '15300'],
    ['0,00e', '1,5375E2', '153.75'],
    ['0.#e', '1.2345000000000000E+03', '1234.5000000000000'],
    ['0.#e', '-5E-03', '-0.005'],
    ['0.#e', '12', '12'],
  ])('%s reads %s as %s', (pattern, text, plain) => {
    expect(read(pattern, text)).toBe(plain);
  });

  it.each([
    ['0,000.00', '1,23,4'],
    ['0,000.00', '1,234,56'],
    ['0,000.00', '12,34,567.80'],
    ['0,000.00', '0,500'],
    ['0,000.00', ',123'],
    ['0,000.00', '1,234.'],
    ['0,000.00', '1.234,56'],
    ['0,00,000.00', '1,234,567.00'],
    ['0.000,00', '1.23'],
    ['0 000,00', '1  234,56'],
    ["0'000.00", '1,234.56'],
    ['0,00', '1.5'],
    ['0', '1.5'],
    ['0.00', '.5'],
    ['0.00', '+5'],
    ['0.00', '- 5'],
    ['0.00', '1e3'],
    ['0.00e', '1e'],
    ['0.00e', '1e999'],
    ['0.00e', 'e3'],
    ['0.00', '５'],
    ['0.00', ''],
    ['#.00', ''],
    ['#.00', '.'],
    ['#.00', '-'],
  ])('%s does not read %s', (pattern, text) => {
    expect(read(pattern, text)).toBeUndefined();
  });
});

describe('signs', () => {
  it.each([
    ['0.00-', '123.45-', '-123.45'],
    ['0.00-', '123.45', '123.45'],
    ['0.000,00-', '1.234,56-', '-1234.56'],
    ['0.00 -', '5.00  -', '-5.00'],
    ['- 0.00', '-   5.00', '-5.00'],
    ['-0.00', '-5', '-5'],
    ['(0.00)', '(123.45)', '-123.45'],
    ['(0.00)', '123.45', '123.45'],
    ['($0,000.00)', '($1,234.00)', '-1234.00'],
    ['$(0.00)', '$5.00', '5.00'],
    ['+0.00', '+5', '5'],
    ['+0.00', '5', '5'],
    ['+0.00', '-5', '-5'],
    ['0.00+', '5.00-', '-5.00'],
    ['0.00 DR/CR', '5.00 DR', '5.00'],
    ['0.00 DR/CR', '5.00cr', '-5.00'],
    ['0.00 CR/DR', '5.00 DR', '-5.00'],
    ['0.00 /CR', '5.00', '5.00'],
    ['0.00 /CR', `5.00${HARD}CR`, '-5.00'],
    ['S/H 0,00', 'H 7,50', '-7.50'],
    ['0 %', '-50%', '-0.50'],
    ['0.0%', '12.5%', '0.125'],
    ['0,00 %', `3,50${NARROW}%`, '0.0350'],
    ['$0,000.00', '$1,234.50', '1234.50'],
    ['$0,000.00', '-$1,234.50', '-1234.50'],
    ['$-0.00', '$-1.50', '-1.50'],
    ['0.000,00 €', '-1.234,50 €', '-1234.50'],
    ['£0.00', '£5', '5'],
    ["0.00 'EUR'", '5.00 EUR', '5.00'],
  ])('%s reads %s as %s', (pattern, text, plain) => {
    expect(read(pattern, text)).toBe(plain);
  });

  it.each([
    ['0.00-', '-123.45'],
    ['0.00-', '123.45 -'],
    ['(0.00)', '-123.45'],
    ['(0.00)', '(123.45'],
    ['(0.00)', '123.45)'],
    ['0.00 DR/CR', '5.00'],
    ['0.00DR/CR', '5.00 DR'],
    ['$0.00', '5.00'],
    ['$0.00', '€5.00'],
    ['0.00 €', '5.00 $'],
    ['0 %', '0.5'],
  ])('%s does not read %s', (pattern, text) => {
    expect(read(pattern, text)).toBeUndefined();
  });
});

describe('digits without a mark', () => {
  it.each([
    ['0v00', '0001234', '12.34'],
    ['0v00', '5', '0.05'],
    ['0v00', '-5', '-0.05'],
    ['0v00-', '1234-', '-12.34'],
    ['0v000', '1000', '1.000'],
    ['0s', '1234}', '-12340'],
    ['0s', '1234{', '12340'],
    ['0s', '123D', '1234'],
    ['0s', '123M', '-1234'],
    ['0s', '123t', '-1234'],
    ['0s', '1234', '1234'],
    ['0v00s', '0001234}', '-123.40'],
    ['0v00s', 'A', '0.01'],
    ['s0v00', 'J234', '-12.34'],
    ['s0v00', '{234', '2.34'],
    ['0.00s', '12.3L', '-12.33'],
    ['0,000.00s', '1,234.5R', '-1234.59'],
  ])('%s reads %s as %s', (pattern, text, plain) => {
    expect(read(pattern, text)).toBe(plain);
  });

  it('every letter of a zoned number means its digit and sign', () => {
    const last = (letters: string): (string | undefined)[] =>
      Array.from(letters).map((letter) => read('0s', `1${letter}`));
    expect(last('{ABCDEFGHI')).toEqual(['10', '11', '12', '13', '14', '15', '16', '17', '18', '19']);
    expect(last('}JKLMNOPQR')).toEqual(['-10', '-11', '-12', '-13', '-14', '-15', '-16', '-17', '-18', '-19']);
    expect(last('pqrstuvwxy')).toEqual(['-10', '-11', '-12', '-13', '-14', '-15', '-16', '-17', '-18', '-19']);
    expect(last('SZaj[]-+ ')).toEqual(Array.from('SZaj[]-+ ', () => undefined));
  });

  it.each([
    ['0v00', '12.34'],
    ['0v00', '1,234'],
    ['0s', '}1234'],
    ['0s', '-1234}'],
    ['s0', '1234}'],
    ['0s', ''],
  ])('%s does not read %s', (pattern, text) => {
    expect(read(pattern, text)).toBeUndefined();
  });
});

describe('a number format that could mean two things, or nothing', () => {
  it.each([
    ['0.000', 'may mean three decimals or thousands', 'Write 0.000.000 for thousands, #0.000 for three decimals.'],
    ['0,000', 'may mean three decimals or thousands', 'Write 0,000,000 for thousands, #0,000 for three decimals.'],
    ['$0,000', 'may mean three decimals or thousands', 'Write 0,000,000 for thousands'],
    ['#,##0.00', 'written with 0', 'Write 0,000.00.'],
    ['#.##0,00', 'written with 0', 'Write 0.000,00.'],
    ['#,##0', 'written with 0', 'Write 0,000,000.'],
    ['0.0.0', 'groups have three digits', ''],
    ['00,000.00', 'groups have three digits', ''],
    ['0,0000,000', 'groups have three digits', ''],
    ["0,000'000", 'several thousands marks', ''],
    ['0.00#0', 'cannot stand for decimals', ''],
    ['0#', 'cannot stand for the digits', ''],
    ['0v0#', 'plain zeros', ''],
    ['0,000v00', 'plain zeros', ''],
    ['-0.00-', 'in two ways', ''],
    ['+0.00 DR/CR', 'in two ways', ''],
    ['(0.00)-', 'parentheses go around', ''],
    ['(0.00', 'parentheses go around', ''],
    [')0.00(', 'parentheses go around', ''],
    ['0s-', 'in two ways', ''],
    ['$0s', 's needs the digits alone', ''],
    ['s0s', 'only one digit', ''],
    ['0es', 'do not go together', ''],
    ['0.00e0', 'cannot be followed', ''],
    ['s#.00', 'always there', ''],
    ['0.#s', 'always there', ''],
    ['0.00 DR/dr', 'does not tell positive from negative', ''],
    ['0.00 CR', 'stands for nothing', 'words for the sign go in pairs'],
    ['0 %%', 'percent sign stands twice', ''],
    ['0.00 0.00', 'several thousands marks', ''],
    ['0.00  0.00', 'cannot be followed by', ''],
    ["0.00 'kg", 'a quote is never closed', ''],
    ['', 'nothing stands for the digits', ''],
    ['DR/CR', 'nothing stands for the digits', ''],
    ['1.234,56', 'stands for nothing', ''],
  ])('%s', (pattern, what, hint) => {
    const parsed = parseNumberFormat(pattern);
    expect('problem' in parsed ? parsed.problem : 'it was taken').toContain(what);
    expect(('hint' in parsed ? parsed.hint : '') ?? '').toContain(hint);
  });

  it.each([
    ['0,000.00', '0.000,00'],
    ['0,000.00', '0,00'],
    ['0.000.000', '0.00'],
    ['0.00', '0v00'],
    ['0.00 DR/CR', '0.00 CR/DR'],
    ['0,000.00', '#0,000'],
    ['0s', '0v0s'],
  ])('%s beside %s', (first, second) => {
    expect(ambiguousNumber(format(first), format(second))).toBeDefined();
    expect(ambiguousNumber(format(second), format(first))).toBeDefined();
  });

  it.each([
    ['0.00', '0,00'],
    ['0.00', '0.00-'],
    ['0.00-', '(0.00)'],
    ['$0,000.00', '0,000.00'],
    ['0,000.00', '0,00,000.00'],
    ['0.00 DR/CR', '0.00'],
    ['0.00', '#.00'],
  ])('but %s beside %s is clear', (first, second) => {
    expect(ambiguousNumber(format(first), format(second))).toBeUndefined();
  });

  it('is refused when the mapping is checked, with what to write', () => {
    const said = (given: string): string[] =>
      compile(mappingText(`v: { $from: V, $format: ${given} }`), schemaOf({ v: { type: 'number' } })).issues.map(
        describeIssue,
      );
    expect(said('"0.000"')).toEqual([
      'm.yaml line 4: the number format cannot be used: "0.000" may mean three decimals or thousands; got "0.000". Write 0.000.000 for thousands, #0.000 for three decimals.',
    ]);
    expect(said('["0,000.00", "0.000,00"]')[0]).toContain(
      '"0,000.00" and "0.000,00" read 1.234 as different numbers. Keep the one that the file uses.',
    );
  });
});

describe('messages about numbers', () => {
  const said = async (directives: string, text: string, type = 'number'): Promise<string | undefined> =>
    (await documentOf(directives, text, type)).issues.map(describeIssue)[0];

  it('name the pattern and show how to write it', async () => {
    expect(await said('$format: "0.000,00"', '12.50')).toBe(
      'orders.csv line 2 column V: not a number; expected a number written as 0.000,00, got "12.50". Write it like 1.234,50.',
    );
    expect(await said('$format: [0.00-, "(0.00)"]', 'x')).toContain(
      'a number written as 0.00- or (0.00), got "x". Write it like 1234.50, a negative number like 1234.50- or (1234.50).',
    );
    expect(await said('$format: 0v000', 'x')).toMatch(/Write it like 1234500\.$/);
    expect(await said('$format: 0v00s', '1*')).toMatch(/Write it like 12345\{, a negative number like 12345\}\.$/);
    expect(await said('$format: [0.00, "+0.00"]', 'x')).toMatch(
      /Write it like 1234.50 or \+1234.50, a negative number like -1234.50\.$/,
    );
  });

  it('show the cell as it stands, not what steps made of it', async () => {
    expect(await said('$format: "0.000,00"', '1.234,50', 'integer')).toContain('got "1.234,50"');
  });

  it('say that a spreadsheet shortened the number', async () => {
    expect(await valueOf('$format: "0.000,00"', '1,23E+12', 'number')).toBe('scientific-notation');
  });

  it.each([
    ['123.45-', '$format: "0.00-"'],
    ['(1,234.50)', '$format: "(0,000.00)"'],
    ['1.234,56', '$format: "0.000,00"'],
    ['1 234,56', '$format: "0 000,00"'],
    ['12 %', '$format: "0.00 %"'],
    ['+5', '$format: "+0.00"'],
    ['$5.00', '$format: "$0,000.00"'],
    ['12.50 CR', '"0.00 DR/CR" or "0.00 CR/DR"'],
    ['0012C', '$format: 0v00s'],
  ])('without a format tell how %s could be declared', async (text, hint) => {
    expect(await said('', text)).toContain(hint);
  });

  it('do not guess what a single mark before three digits is', async () => {
    expect(await said('', '$1.234')).not.toContain('$format:');
  });
});

describe('exact digits', () => {
  it('of any length where the number is sent as text, of fifteen where it is sent as a number', async () => {
    const long = '12345678901234567890.123456789';
    expect(await valueOf('$as: number', long, 'string')).toBe(`"${long}"`);
    expect(await valueOf('$as: number, $format: "0,00"', long.replace('.', ','), 'string')).toBe(`"${long}"`);
    expect(await valueOf('', long, 'number')).toBe('number-too-precise');
  });

  it('of a pattern with decimals make a whole number only when they are zeros', async () => {
    expect(await valueOf('$format: 0.00', '12.00', 'integer')).toBe('12');
    expect(await valueOf('$format: 0.00', '12.50', 'integer')).toBe('not-a-whole-number');
    expect(await valueOf('$format: 0.0 %', '100 %', 'integer')).toBe('1');
  });

  it('stay in JSON as they were written', async () => {
    expect(await valueOf('$format: "0,00"', '2,50', 'number')).toBe('2.50');
    expect(await valueOf('$format: "0,00-"', '0,00-', 'number')).toBe('0.00');
  });
});

describe('numbers are written', () => {
  it.each([
    ['"0.000,00"', '-1234567.5', '-1.234.567,50'],
    ['"0,00,000.00"', '1234567.8', '12,34,567.80'],
    ['0.000.000', '1234567', '1.234.567'],
    ['0.00-', '-5', '5.00-'],
    ['"(0.00)"', '-5', '(5.00)'],
    ['"(0.00)"', '-0.001', '0.00'],
    ['0.00 DR/CR', '-5', '5.00 CR'],
    ['+0.00', '5', '+5.00'],
    ['0.0 %', '0.075', '7.5 %'],
    ['"$0,000.00"', '-1234.5', '-$1,234.50'],
    ['00000v00', '12.34', '0001234'],
    ['0v00s', '-123.4', '1234}'],
    ['s0v00', '-12.34', 'J234'],
    ['"0,#"', '12.125', '12,125'],
    ['"0,#"', '12', '12'],
    ['"0,00#"', '12.1', '12,10'],
    ['"#.00"', '0.5', '.50'],
    ['0', '2.5', '3'],
    ['0', '-2.5', '-3'],
    ['00000', '-42', '-00042'],
  ])('%s writes %s as %s', async (pattern, number, text) => {
    expect(await cellOf(`$as: number, $format: ${pattern}`, number)).toBe(text);
  });
});
