import { describe, expect, it } from 'vitest';
import { formatInstant } from '../../../src/mapping/index.ts';
import { brief, buildOne, compile, described, json, mappingText, placed, schemaOf } from './support.ts';

async function date(directives: string, text: string, type = 'string'): Promise<string> {
  const document = await buildOne(`v: { $from: D, ${directives} }`, `Id,D\n1,${text}`, schemaOf({ v: { type } }));
  return document.payload === undefined
    ? brief(document.issues).join()
    : (JSON.parse(json(document)) as { v: string }).v;
}

const chicago = '$zone: America/Chicago';

describe('dates', () => {
  it.each([
    ['MM/dd/yyyy', '05/04/2026', '2026-05-04'],
    ['M/d/yy', '5/4/26', '2026-05-04'],
    ['dd-MMM-yyyy', '04-may-2026', '2026-05-04'],
    ['yyyyMMdd', '20260504', '2026-05-04'],
    ["dd. 'of' MM yyyy", '04. of 05 2026', '2026-05-04'],
    ['iso', '2026-05-04T09:15:00-05:00', '2026-05-04'],
    ['excel', '46146', '2026-05-04'],
    ['[MM/dd/yyyy, yyyy-MM-dd]', '2026-05-04', '2026-05-04'],
  ])('reads %s', async (format, text, expected) => {
    const given = format.startsWith('[') ? format : `"${format}"`;
    expect(await date(`$as: date, $format: ${given}`, text)).toBe(expected);
  });

  it.each([
    ['yyyy-MM-dd', '2026-02-30'],
    ['yyyy-MM-dd', '0000-00-00'],
    ['MM/dd/yyyy', '31/12/2026'],
    ['MM/dd/yyyy', '5/4/2026'],
    ['iso', '45678'],
    ['excel', '2026-05-04'],
    ['excel', '60'],
  ])('does not guess: %s is not %s', async (format, text) => {
    expect(await date(`$as: date, $format: "${format}"`, text)).toBe('2:D no-such-date');
  });

  it('refuses formats between which a day would be a guess', () => {
    const { issues } = compile(mappingText('v: { $from: D, $as: date, $format: [MM/dd/yyyy, dd/MM/yyyy] }'));
    expect(placed(issues)).toEqual(['4:38 wrong-value']);
    expect(issues[0]?.what).toContain('02/03/2026');
  });

  it.each([
    ['YYYY-MM-dd', 'write "yyyy"'],
    ['MM/yyyy', 'the day is missing'],
    ['yyyy-MM-dd hh:mm', 'AM or PM'],
    ['yyyy-MM-dd yy', 'a part appears twice'],
    ["yyyy-MM-dd 'x", 'a quote is never closed'],
    ['yyyy-MM-dd Q', 'stands for nothing'],
  ])('refuses the format %s', (format, what) => {
    const { issues } = compile(mappingText(`v: { $from: D, $as: date, $format: "${format}" }`));
    expect(issues[0]?.code).toBe('wrong-value');
    expect(issues[0]?.what).toContain(what);
  });
});

describe('dates with a time', () => {
  it.each([
    ['yyyy-MM-dd HH:mm', '2026-05-04 09:15', '2026-05-04T09:15:00-05:00'],
    ['yyyy-MM-dd HH:mm', '2026-01-04 09:15', '2026-01-04T09:15:00-06:00'],
    ['M/d/yyyy h:mm a', '5/4/2026 12:05 AM', '2026-05-04T00:05:00-05:00'],
    ['M/d/yyyy h:mm a', '5/4/2026 12:05 pm', '2026-05-04T12:05:00-05:00'],
    ['yyyy-MM-dd', '2026-05-04', '2026-05-04T00:00:00-05:00'],
    ['iso', '2026-05-04T09:15:00.250', '2026-05-04T09:15:00.250-05:00'],
    ['iso', '2026-05-04T14:15:00Z', '2026-05-04T09:15:00-05:00'],
    ['epoch-s', '1777904100', '2026-05-04T09:15:00-05:00'],
    ['excel', '46146.385416667', '2026-05-04T09:15:00-05:00'],
  ])('reads %s in a zone', async (format, text, expected) => {
    expect(await date(`$as: datetime, $format: "${format}", ${chicago}`, text)).toBe(expected);
  });

  it('keeps the offset the text names when there is no zone', async () => {
    expect(await date('$as: datetime', '2026-05-04T09:15:00+02:00')).toBe('2026-05-04T09:15:00+02:00');
    expect(await date('$as: datetime', '2026-05-04T09:15:00Z')).toBe('2026-05-04T09:15:00Z');
    expect(await date('$as: datetime, $format: epoch-ms', '1777904100000')).toBe('2026-05-04T14:15:00Z');
  });

  it('refuses a time without offset when there is no zone', async () => {
    expect(await date('$as: datetime', '2026-05-04T09:15:00')).toBe('2:D no-such-date');
    const { issues } = compile(mappingText('v: { $from: D, $as: datetime, $format: yyyy-MM-dd }'));
    expect(issues.map(({ code }) => code)).toEqual(['missing-key']);
  });

  it('refuses a time the clock was put forward over', async () => {
    expect(await date(`$as: datetime, $format: "yyyy-MM-dd HH:mm", ${chicago}`, '2026-03-08 02:30')).toBe(
      '2:D no-such-time',
    );
  });

  it('takes the first of two equal times when the clock was put back, and warns', async () => {
    const map = `v: { $from: D, $as: datetime, $format: "yyyy-MM-dd HH:mm", ${chicago} }`;
    const document = await buildOne(map, 'Id,D\n1,2026-11-01 01:30');
    expect(json(document)).toBe('{"v":"2026-11-01T01:30:00-05:00"}');
    expect(described(document)[0]).toContain('happens twice');
    expect(document.issues.map(({ severity }) => severity)).toEqual(['warning']);
  });

  it('sends milliseconds where the schema wants a number', async () => {
    expect(await date(`$as: datetime, $format: "yyyy-MM-dd HH:mm", ${chicago}`, '2026-05-04 09:15', 'integer')).toBe(
      1777904100000,
    );
  });

  it('knows zones by their names only', () => {
    const { issues } = compile(mappingText('v: { $from: D, $as: datetime, $zone: America/Chikago }'));
    expect(placed(issues)).toEqual(['4:40 unknown-reference']);
  });
});

describe('an instant in words', () => {
  it('is written in a zone', () => {
    expect(formatInstant(1777904100000, 'yyyyMMdd-HHmmss', 'UTC')).toBe('20260504-141500');
    expect(formatInstant(1777904100000, 'yyyy-MM-dd h:mm a', 'Asia/Tokyo')).toBe('2026-05-04 11:15 PM');
  });

  it('is refused for a format or a zone that does not exist', () => {
    expect(() => formatInstant(0, 'YYYY', 'UTC')).toThrow(RangeError);
    expect(() => formatInstant(0, 'yyyyMMdd', 'Mars/Base')).toThrow(RangeError);
  });
});
