import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeIssue } from '../../../src/core/issue.ts';
import { parseExact } from '../../../src/core/json.ts';
import { looksDoubleEncoded } from '../../../src/mapping/values/double-encoding.ts';
import { hasCheckDigit } from '../../../src/mapping/values/gtin.ts';
import {
  bind,
  brief,
  build,
  buildOne,
  buildTree,
  compile,
  described,
  inbound,
  json,
  mappingText,
  placed,
  schemaOf,
} from './support.ts';
import { cellOf, documentOf, valueOf } from './value-support.ts';

const text = schemaOf({ v: { type: 'string' } });

describe('texts that say nothing', () => {
  it.each(['00/00/00', '99999999', '0000-00-00', '*NULL', 'N/A'])('%s is empty where $empty says so', async (cell) => {
    expect(await valueOf('$empty: ["00/00/00", "99999999", "0000-00-00", "*NULL", N/A]', cell, 'string')).toBe(
      'absent',
    );
    expect(await valueOf('', cell, 'string')).toBe(`"${cell}"`);
  });

  it('are compared exactly', async () => {
    expect(await valueOf('$empty: N/A', 'n/a', 'string')).toBe('"n/a"');
    expect(await valueOf('$empty: "0"', '00', 'string')).toBe('"00"');
  });

  it('make room for the default, and are missing where something is required', async () => {
    expect(await valueOf('$empty: N/A, $default: none', 'N/A', 'string')).toBe('"none"');
    expect(await valueOf('$empty: N/A, $required: true', 'N/A', 'string')).toBe('missing-value');
  });

  it('make room for the next of several, and are left out of what is joined', async () => {
    expect(json(await buildOne('v: { $first: [A, B], $empty: N/A }', 'Id,A,B\n1,N/A,b'))).toBe('{"v":"b"}');
    expect(json(await buildOne('v: { $first: [{ $from: A, $empty: "-" }, B] }', 'Id,A,B\n1,-,b'))).toBe('{"v":"b"}');
    expect(json(await buildOne('v: { $join: [A, B], $empty: N/A }', 'Id,A,B\n1,N/A,b'))).toBe('{"v":"b"}');
    expect(json(await buildOne('v: { $value: "{A}{B}", $empty: N/A }', 'Id,A,B\n1,N/A,b'))).toBe('{"v":"b"}');
    expect(json(await buildOne('v: { $expr: "A", $empty: N/A }', 'Id,A\n1,N/A'))).toBe('{}');
  });

  it('of the whole mapping hold for every column, its conditions and its expressions', async () => {
    const map = 'a: A\nb: { $value: kept, $when: B }\nc: { $expr: "$exists(A) ? A : B" }';
    const mapping = mappingText(map).replace('format: csv', 'format: csv, empty: [N/A, "*NULL"]');
    const bound = bind(inbound(mapping), { '': { columns: ['Id', 'A', 'B'], records: [] } });
    const built = await bound.build([{ part: '', record: { seq: 0, line: 2, cells: ['1', 'N/A', '*NULL'] } }]);
    expect(json(built)).toBe('{}');
  });

  it('of the whole mapping make a key empty', async () => {
    const mapping = mappingText('a: A').replace('format: csv', 'format: csv, empty: N/A');
    const bound = bind(inbound(mapping), { '': { columns: ['Id', 'A'], records: [] } });
    const built = await bound.build([{ part: '', record: { seq: 0, line: 2, cells: ['N/A', 'x'] } }]);
    expect(brief(built.issues)).toEqual(['2:Id no-key']);
  });

  it('do not contradict other lines of their document', async () => {
    const sheet = 'Id,D\n1,00/00/00\n1,05/04/26\n1,00/00/00';
    const given = 'v: { $from: D, $as: date, $format: MM/dd/yy, $empty: "00/00/00" }';
    expect(json(await buildOne(given, sheet))).toBe('{"v":"2026-05-04"}');
    // Another value of the same column that does not say so still sees the disagreement.
    const [document] = await build(`${given}\nw: D`, sheet);
    expect(described(document as never)[0]).toContain('disagree');
  });

  it('are known in trees', async () => {
    expect(json(await buildTree('v: { $from: a, $empty: N/A }', { id: '1', a: 'N/A' }))).toBe('{}');
  });

  it('are shown by --explain', async () => {
    const mapping = inbound(mappingText('v: { $each: lines, $first: [A, B], $empty: N/A }'));
    const bound = bind(mapping, { '': { columns: ['Id', 'A', 'B'], records: [] } });
    const explained = await bound.explain([{ part: '', record: { seq: 0, line: 2, cells: ['1', 'N/A', 'b'] } }]);
    const entry = explained.find(({ pointer }) => pointer === '/v/0');
    expect(entry?.value).toBe('b');
    expect(entry?.sources.map((source) => source.text)).toEqual(['N/A', 'b']);
    expect(entry?.steps).toEqual(['$empty: "N/A" → ""']);
    const shared = bind(inbound(mappingText('v: { $from: A, $empty: N/A }')), {
      '': { columns: ['Id', 'A'], records: [] },
    });
    const all = await shared.explain([{ part: '', record: { seq: 0, line: 2, cells: ['1', 'N/A'] } }]);
    const empty = all.find(({ pointer }) => pointer === '/v');
    expect(empty?.sources.map((source) => source.text)).toEqual(['N/A']);
    expect(empty?.steps).toEqual(['$empty: "N/A" → ""']);
  });

  it('are quoted where YAML would take zeros away, and stand beside a source only', () => {
    expect(placed(compile(mappingText('v: { $from: A, $empty: [00000000, 99999999] }')).issues)).toEqual([
      '4:27 unquoted-number',
    ]);
    expect(placed(compile(mappingText('v: { $value: a, $empty: N/A }')).issues)).toEqual(['4:27 wrong-value']);
    expect(placed(compile(mappingText('v: { a: A, $empty: N/A }')).issues)).toEqual(['4:22 wrong-value']);
    expect(placed(compile(mappingText('v: A').replace('csv', 'csv, empty: [000]')).issues)).toEqual([
      '1:30 unquoted-number',
    ]);
  });
});

describe('true and false', () => {
  it.each([
    ['Y/N', 'Y', 'true'],
    ['Y/N', 'n', 'false'],
    ['J/N', 'j', 'true'],
    ['1/0', '0', 'false'],
    ['[Y/N, Yes/No, 1/0]', 'YES', 'true'],
    ['oui/non', 'non', 'false'],
    ['on hold / free', 'On Hold', 'true'],
  ])('%s reads %s', async (format, cell, value) => {
    expect(await valueOf(`$format: ${format}`, cell, 'boolean')).toBe(value);
    expect(await valueOf(`$as: boolean, $format: ${format}`, cell, 'string')).toBe(`"${value}"`);
  });

  it('are refused in any other word, with the words that are known', async () => {
    const { issues } = await documentOf('$format: [Y/N, J/N]', 'true', 'boolean');
    expect(issues.map(describeIssue)).toEqual([
      'orders.csv line 2 column V: neither true nor false; expected Y or N or J or N, got "true". Write Y or N or J or N.',
    ]);
  });

  it('may be a mark and nothing, when the default says what nothing is', async () => {
    expect(await valueOf('$format: X/, $default: false', 'X', 'boolean')).toBe('true');
    expect(await valueOf('$format: X/, $default: false', '', 'boolean')).toBe('false');
    const { issues } = compile(mappingText('v: { $from: A, $format: X/ }'), schemaOf({ v: { type: 'boolean' } }));
    expect(issues.map(describeIssue)[0]).toContain('Add $default: false.');
  });

  it.each(['Y', 'Y/N/X', '/N', 'Y/y', '[Y/N, N/Y]'])('%s is refused when the mapping is checked', (format) => {
    const { issues } = compile(mappingText(`v: { $from: A, $as: boolean, $format: ${format} }`), text);
    expect(issues.map(({ code }) => code)).toEqual(['wrong-value']);
  });

  it('are written in the words of the file', async () => {
    expect(await cellOf('$as: boolean, $format: J/N', 'true')).toBe('J');
    expect(await cellOf('$as: boolean, $format: X/', 'False')).toBe('');
    expect(await cellOf('$as: boolean, $format: J/N', 'maybe')).toBe('not-a-boolean');
    expect(await cellOf('$as: boolean', 'TRUE')).toBe('true');
  });
});

describe('bar codes', () => {
  it.each(['40170725', '036000291452', '4006381333931', '10614141000415', '0036000291452'])(
    '%s is one',
    async (code) => {
      expect(await valueOf('$as: gtin', code, 'string')).toBe(`"${code}"`);
    },
  );

  it.each(['036000291453', '0360002914', '4006381333932', 'ABC', '0-36000-29145-2', '123456789012345'])(
    '%s is none',
    async (code) => {
      expect(await valueOf('$as: gtin', code, 'string')).toBe('not-a-gtin');
    },
  );

  it.each([
    ['36000291452', '036000291452'],
    ['1234565', '01234565'],
  ])('%s was %s before a spreadsheet took its zero: sent, with a warning', async (cell, whole) => {
    const document = await documentOf('$as: gtin', cell, 'string');
    expect(json(document)).toBe(`{"v":"${cell}"}`);
    expect(described(document)).toEqual([
      `orders.csv line 2 column V: a zero in front seems lost; expected ${whole}, got "${cell}". Format the column as text, enter the zero again and save.`,
    ]);
  });

  it('that a spreadsheet shortened are told as that', async () => {
    expect(await valueOf('$as: gtin', '4.00638E+12', 'string')).toBe('scientific-notation');
  });

  it('prove any change of one digit', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{13}$/), fc.nat(13), fc.integer({ min: 1, max: 9 }), (body, at, change) => {
        const check = [...Array(10).keys()].find((digit) => hasCheckDigit(`${body}${digit}`));
        const code = `${body}${check}`;
        const digit = (Number(code.charAt(at)) + change) % 10;
        expect(hasCheckDigit(code)).toBe(true);
        expect(hasCheckDigit(code.slice(0, at) + String(digit) + code.slice(at + 1))).toBe(false);
      }),
    );
  });

  it('have no format, and are not written', () => {
    expect(compile(mappingText('v: { $from: A, $as: gtin, $format: "0" }')).issues.map(({ code }) => code)).toEqual([
      'wrong-value',
    ]);
    const outbound = 'write: { format: csv }\nfact: "{A}"\nmap: { v: { $from: A, $as: gtin } }';
    expect(compile(outbound).issues.map(({ code }) => code)).toEqual(['wrong-value']);
  });
});

describe('letters that were encoded twice', () => {
  const twice = (word: string): string => new TextDecoder('windows-1252').decode(new TextEncoder().encode(word));

  it.each(['René', 'Müller', 'Straße', 'São', 'ñandú', '12 °C', '½', '“quoted”', 'it’s', 'Łódź €'])(
    '%s',
    async (word) => {
      const document = await documentOf('', twice(word), 'string');
      expect(json(document)).toBe(JSON.stringify({ v: twice(word) }));
      const isKnown = /[\u00a0-\u00ff]|[\u2000-\u2fff]/.test(word);
      expect(document.issues.map(({ code, severity }) => `${code} ${severity}`)).toEqual(
        isKnown ? ['looks-double-encoded warning'] : [],
      );
    },
  );

  it('are found in every letter of Western Europe, and never in the letters themselves', () => {
    for (let code = 0xa0; code <= 0xff; code++) {
      const letter = String.fromCharCode(code);
      expect([letter, looksDoubleEncoded(twice(letter))]).toEqual([letter, true]);
      expect([letter, looksDoubleEncoded(`a${letter}b`)]).toEqual([letter, false]);
    }
    for (const word of ['SÃO PAULO', 'ÂNGELA', 'château', 'â', 'Ã', 'PÂTÉ', 'MAÇÃ'])
      expect(looksDoubleEncoded(word)).toBe(false);
  });

  it('pass in silence where $as: string says that the text is meant', async () => {
    expect((await documentOf('$as: string', twice('René'), 'string')).issues).toEqual([]);
  });
});

describe('numbers of JSON with an exponent', () => {
  const number = async (written: string, type = 'number'): Promise<string> => {
    const tree = parseExact(`{ "id": "1", "n": ${written} }`);
    const document = await buildTree('v: n', tree, schemaOf({ v: { type } }));
    return document.payload === undefined ? brief(document.issues).join() : json(document);
  };

  it.each([
    ['1E+3', '{"v":1000}'],
    ['1.5e3', '{"v":1500}'],
    ['0E-8', '{"v":0}'],
    ['-1.25E-2', '{"v":-0.0125}'],
    ['2.50', '{"v":2.50}'],
  ])('%s is exact and written out', async (written, expected) => {
    expect(await number(written)).toBe(expected);
  });

  it('is a whole number when its value is one', async () => {
    expect(await number('1E+3', 'integer')).toBe('{"v":1000}');
    expect(await number('1E-3', 'integer')).toBe('1:/n not-a-whole-number');
    for (const one of ['1', '1.0', '1.000', '1e0', '1.0e0', '10E-1'])
      expect(await number(one, 'integer')).toBe('{"v":1}');
    expect(await number('-0.0', 'integer')).toBe('{"v":0}');
    expect(await number('1.5', 'integer')).toBe('1:/n not-a-whole-number');
    expect(await number('1.0000000000000000001', 'integer')).toBe('1:/n not-a-whole-number');
    expect(await number('1.0')).toBe('{"v":1.0}');
    expect(await number('"1.0"', 'integer')).toBe('1:/n not-a-whole-number');
  });

  it('that would be endless is refused, not written out', async () => {
    expect(await number('1e999999999')).toBe('1:/n not-a-number');
  });

  it('in a text is still what a spreadsheet shortened', async () => {
    expect(await number('"1.23E+12"')).toBe('1:/n scientific-notation');
  });
});

describe('hostile cells', () => {
  const many = 300_000;

  it.each([
    ['', `1${'0'.repeat(many)}1`, 'number-too-precise'],
    ['', '9'.repeat(many), 'number-too-precise'],
    ['', '1,'.repeat(many), 'not-a-number'],
    ['$format: "0,000.00"', '1,234'.repeat(many), 'not-a-number'],
    ['$format: "0 000,00 €"', '1 '.repeat(many), 'not-a-number'],
    ['$format: "#.00"', '.'.repeat(many), 'not-a-number'],
    ['$format: 0v00s', `${'0'.repeat(many)}Z`, 'not-a-number'],
    ['$format: "0,00e"', `1e${'9'.repeat(many)}`, 'not-a-number'],
  ])('of a megabyte are refused as numbers: %s', async (directives, cell, code) => {
    expect(await valueOf(directives, cell, 'number')).toBe(code);
  });

  it.each(['yyyyMMdd', 'd. MMMM yyyy', 'excel', 'iso', 'epoch-ms'])('and as dates: %s', async (format) => {
    for (const cell of ['9'.repeat(many), `1.${'9'.repeat(many)}`, ' '.repeat(many) + 'x'])
      expect(await valueOf(`$as: date, $format: ${format}`, cell, 'string')).toBe('no-such-date');
  });

  it('pass as text without being searched for long', async () => {
    expect(await valueOf('', 'Ã'.repeat(many), 'string')).toHaveLength(many + 2);
  });

  it('with control characters, halves of characters or other digits are no numbers and no dates', async () => {
    for (const cell of ['1\u00002', '\ud800', '\u0661\u0662', '1\u200b2', '12\u202e', '𝟙𝟚']) {
      expect(await valueOf('$format: "0 000,00"', cell, 'number')).toBe('not-a-number');
      expect(await valueOf('$as: date, $format: yyyyMMdd', cell, 'string')).toBe('no-such-date');
    }
  });
});
