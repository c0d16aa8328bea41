import { describe, expect, it } from 'vitest';
import { describeIssue } from '../../../src/core/issue.ts';
import { ambiguousDate } from '../../../src/mapping/values/ambiguous-date.ts';
import { parseDateFormat, type DateFormat } from '../../../src/mapping/values/date-format.ts';
import { compile, mappingText, placed } from './support.ts';
import { cellOf, documentOf, valueOf } from './value-support.ts';

const date = (directives: string, text: string): Promise<string> =>
  valueOf(`$as: date, ${directives}`, text, 'string').then((value) => value.replaceAll('"', ''));
const time = (directives: string, text: string): Promise<string> =>
  valueOf(`$as: datetime, ${directives}`, text, 'string').then((value) => value.replaceAll('"', ''));
const problems = (directives: string): string[] =>
  compile(mappingText(`v: { $from: V, ${directives} }`)).issues.map(describeIssue);

describe('dates of old systems', () => {
  it.each([
    ['yyyyMMdd', '20260504', '2026-05-04'],
    ['yyMMdd', '260504', '2026-05-04'],
    ['MMddyy', '050426', '2026-05-04'],
    ['Mddyy', '50426', '2026-05-04'],
    ['Mddyyyy', '12312026', '2026-12-31'],
    ['CyyMMdd', '1260504', '2026-05-04'],
    ['CyyMMdd', '0991231', '1999-12-31'],
    ['CyyDDD', '126124', '2026-05-04'],
    ['CyyDDD', '099365', '1999-12-31'],
    ['CyyDDD', '124366', '2024-12-31'],
    ['yyDDD', '26124', '2026-05-04'],
    ['yyyyDDD', '2026001', '2026-01-01'],
    ['yyyy-DDD', '2024-060', '2024-02-29'],
    ['dd-MMM-yyyy', '04-MAY-2026', '2026-05-04'],
    ['d MMMM yyyy', '4 september 2026', '2026-09-04'],
    ['MMMM d, yyyy', 'May 4, 2026', '2026-05-04'],
    ['excel', '46146', '2026-05-04'],
    ['excel', '46146.75', '2026-05-04'],
    ['excel', '61', '1900-03-01'],
    ['excel', '2958465', '9999-12-31'],
    ['excel-1904', '44684', '2026-05-04'],
    ['excel-1904', '1', '1904-01-02'],
    ['yyyyMMdd', '99991231', '9999-12-31'],
    ['yyyy-MM-dd-HH.mm.ss.SSSSSS', '9999-12-31-24.00.00.000000', '9999-12-31'],
  ])('%s reads %s', async (format, text, expected) => {
    expect(await date(`$format: "${format}"`, text)).toBe(expected);
  });

  it.each([
    ['CyyDDD', '126366'],
    ['CyyDDD', '126000'],
    ['CyyDDD', '26124'],
    ['yyDDD', '26999'],
    ['yyyyDDD', '2026366'],
    ['CyyMMdd', '260504'],
    ['MMddyy', '50426'],
    ['Mddyyyy', '2312026'],
    ['dd-MMM-yyyy', '04-MAI-2026'],
    ['excel', '0'],
    ['excel', '60'],
    ['excel', '-1'],
    ['excel', '2958466'],
    ['excel-1904', '0.75'],
    ['yyyyMMdd', '00000000'],
    ['yyyyMMdd', '99999999'],
    ['yyyyMMdd', '20260229'],
    ['yyyyMMdd', '２０２６０５０４'],
  ])('%s does not read %s', async (format, text) => {
    expect(await date(`$format: "${format}"`, text)).toBe('no-such-date');
  });

  it('take the name of a month in the language that is declared', async () => {
    const german = '$months: [Jan, Feb, Mär, Apr, Mai, Jun, Jul, Aug, Sep, Okt, Nov, Dez]';
    expect(await date(`$format: d. MMM yyyy, ${german}`, '4. MÄR 2026')).toBe('2026-03-04');
    expect(await date(`$format: d. MMM yyyy, ${german}`, '4. Mar 2026')).toBe('no-such-date');
    expect(await cellOf(`$as: date, $format: d. MMM yyyy, ${german}`, '2026-03-04')).toBe('4. Mär 2026');
  });
});

describe('two digits of a year', () => {
  it.each([
    ['', '00', '2000'],
    ['', '99', '2099'],
    [', $pivot: 1950', '50', '1950'],
    [', $pivot: 1950', '49', '2049'],
    [', $pivot: 1950', '00', '2000'],
    [', $pivot: 1940', '39', '2039'],
    [', $pivot: 1940', '40', '1940'],
    [', $pivot: 1900', '26', '1926'],
    [', $pivot: 2026', '25', '2125'],
  ])('with "%s" %s is %s', async (pivot, text, year) => {
    expect(await date(`$format: yy-MM-dd${pivot}`, `${text}-05-04`)).toBe(`${year}-05-04`);
  });

  it('are written only of years that they will be read as', async () => {
    expect(await cellOf('$as: date, $format: yyMMdd', '2026-05-04')).toBe('260504');
    expect(await cellOf('$as: date, $format: yyMMdd', '1999-05-04')).toBe('no-such-date');
    expect(await cellOf('$as: date, $format: yyMMdd, $pivot: 1950', '1999-05-04')).toBe('990504');
    expect(await cellOf('$as: date, $format: CyyMMdd', '1899-05-04')).toBe('no-such-date');
    expect(await cellOf('$as: date, $format: excel', '1900-02-28')).toBe('no-such-date');
    expect(await cellOf('$as: date, $format: excel-1904', '1904-01-01')).toBe('no-such-date');
  });

  it('need the whole year as the pivot, which leaves no doubt about the year itself', () => {
    expect(problems('$as: date, $format: yyMMdd, $pivot: 50')[0]).toContain('Write 1950 for 1950 to 2049.');
  });
});

describe('times of old systems', () => {
  const utc = '$zone: UTC';
  it.each([
    ['yyyyMMddHHmmss', '20260504091530', '2026-05-04T09:15:30Z'],
    ['yyyyMMdd Hmmss', '20260504 91530', '2026-05-04T09:15:30Z'],
    ['yyyyMMdd Hmmss', '20260504 191530', '2026-05-04T19:15:30Z'],
    ['yyyyMMdd HHmmss', '20260504 240000', '2026-05-05T00:00:00Z'],
    ['yyyy-MM-dd HH:mm', '2026-12-31 24:00', '2027-01-01T00:00:00Z'],
    ['MM/dd/yyyy hh:mm a', '05/04/2026 12:00 AM', '2026-05-04T00:00:00Z'],
    ['MM/dd/yyyy hh:mm a', '05/04/2026 12:00 pm', '2026-05-04T12:00:00Z'],
    ['MM/dd/yyyy hh:mm:ssa', '05/04/2026 11:59:59PM', '2026-05-04T23:59:59Z'],
    ['CyyDDD HHmmss', '126124 091530', '2026-05-04T09:15:30Z'],
    ['yyyy-MM-dd-HH.mm.ss.SSSSSS', '2026-05-04-09.15.30.123456', '2026-05-04T09:15:30.123456Z'],
    ['yyyy-MM-dd HH:mm:ss.SSSSSSSSS', '2026-05-04 09:15:30.000000001', '2026-05-04T09:15:30.000000001Z'],
    ['yyyy-MM-dd HH:mm:ss.S', '2026-05-04 09:15:30.5', '2026-05-04T09:15:30.500Z'],
    ['iso', '2026-05-04T09:15:30.1234567', '2026-05-04T09:15:30.123456700Z'],
    ['iso', '2026-05-04T24:00:00', '2026-05-05T00:00:00Z'],
    ['excel', '46146.385416667', '2026-05-04T09:15:00Z'],
    ['excel', '46146.3854166667', '2026-05-04T09:15:00Z'],
    ['excel', '46146.38542', '2026-05-04T09:15:00Z'],
    ['excel', '46146,38542', '2026-05-04T09:15:00Z'],
    ['excel', '46146.99999999', '2026-05-04T23:59:59.999Z'],
    ['excel', '46146.9999999', '2026-05-05T00:00:00Z'],
    ['excel', '45000.123456789', '2023-03-15T02:57:46.667Z'],
    ['excel-1904', '44684.5', '2026-05-04T12:00:00Z'],
  ])('%s reads %s', async (format, text, expected) => {
    expect(await time(`$format: "${format}", ${utc}`, text)).toBe(expected);
  });

  it.each([
    ['yyyy-MM-dd HH:mmXXX', '2026-05-04 09:15+05:30', '2026-05-04T09:15:00+05:30'],
    ['yyyy-MM-dd HH:mmXXX', '2026-05-04 09:15Z', '2026-05-04T09:15:00Z'],
    ['yyyyMMddHHmmssXX', '20260504091530-0500', '2026-05-04T09:15:30-05:00'],
    ['yyyy-MM-dd HH:mm:ssX', '2026-05-04 09:15:30+00', '2026-05-04T09:15:30Z'],
    ['yyyy-MM-dd HH:mm:ssX', '2026-05-04 09:15:30-0330', '2026-05-04T09:15:30-03:30'],
  ])('%s keeps the offset of %s', async (format, text, expected) => {
    expect(await time(`$format: "${format}"`, text)).toBe(expected);
  });

  it.each([
    ['yyyyMMdd HHmmss', '20260504 240001'],
    ['yyyyMMdd HHmmss', '20260504 250000'],
    ['yyyyMMdd HHmmss', '20260504 096000'],
    ['yyyyMMdd hhmm a', '20260504 0015 AM'],
    ['yyyyMMdd hhmm a', '20260504 1315 PM'],
    ['yyyyMMddHHmmssXX', '20260504091530+1500'],
    ['yyyyMMddHHmmssXX', '20260504091530+0560'],
    ['iso', '2026-05-04T09:15:30+99:99'],
    ['epoch-s', '99999999999999'],
    ['yyyyMMdd HHmmss', '99991231 240000'],
  ])('%s does not read %s', async (format, text) => {
    expect(await time(`$format: "${format}", ${utc}`, text)).toBe('no-such-date');
  });

  it('join the columns of date and time, filled up where a zero was lost', async () => {
    const mapping = `v: { $join: { of: [D, { $from: T, $padStart: [6, "0"] }], with: " " }, $as: datetime, $format: yyyyMMdd HHmmss, $zone: UTC }`;
    const { buildOne, json } = await import('./support.ts');
    expect(json(await buildOne(mapping, 'Id,D,T\n1,20260504,91500'))).toBe('{"v":"2026-05-04T09:15:00Z"}');
  });

  it('keep fractions of a second when they move to another zone', async () => {
    const moved = '$format: "yyyy-MM-dd HH:mm:ss.SSSSSSX", $zone: America/Chicago';
    expect(await time(moved, '2026-05-04 14:15:00.123456+00')).toBe('2026-05-04T09:15:00.123456-05:00');
  });
});

describe('dates are written', () => {
  it.each([
    ['$as: date, $format: CyyDDD', '2026-05-04T00:00:00Z', '126124'],
    ['$as: date, $format: yyyyDDD', '2024-12-31', '2024366'],
    ['$as: date, $format: MMMM d yyyy', '2026-05-04', 'May 4 2026'],
    ['$as: datetime, $format: "yyyyMMdd hh:mm a"', '2026-05-04T00:05:00', '20260504 12:05 AM'],
    ['$as: datetime, $format: "yyyy-MM-dd HH:mmXXX"', '2026-05-04T09:15:00-05:00', '2026-05-04 09:15-05:00'],
    ['$as: datetime, $format: "yyyyMMddHHmmX", $zone: America/Chicago', '2026-05-04T14:15:00Z', '202605040915-0500'],
    ['$as: datetime, $format: "yyyyMMddHHmmXX", $zone: Europe/Berlin', '2026-05-04T09:15:00', '202605040915+0200'],
    ['$as: datetime, $format: "yyyyMMddHHmmX"', '2026-05-04T09:15:00', 'no-such-date'],
    ['$as: datetime, $format: epoch-s', '2026-05-04T09:15:00', 'no-such-date'],
    ['$as: datetime, $format: epoch-s, $zone: UTC', '2026-05-04T14:15:00', '1777904100'],
    ['$as: datetime, $format: excel', '2026-05-04T09:15:00.250', '46146.3854195602'],
    ['$as: datetime, $format: excel', '2026-05-04T00:00:00.864', '46146.00001000'],
    ['$as: datetime, $format: excel-1904', '2026-05-04T12:00:00', '44684.5'],
    ['$as: datetime, $format: yyyyMMdd HHmmss', '2026-05-04T24:00:00', '20260505 000000'],
    ['$as: datetime, $format: "ss.SSS yyyyMMdd"', '2026-05-04T09:15:30.123456', '30.123 20260504'],
  ])('%s of %s', async (directives, source, expected) => {
    expect(await cellOf(directives, source)).toBe(expected);
  });
});

describe('a date format that could mean two things', () => {
  const format = (text: string): DateFormat => {
    const parsed = parseDateFormat(text);
    if ('problem' in parsed) throw new Error(parsed.problem);
    return parsed;
  };

  it.each([
    ['yyyyMMdd', 'ddMMyyyy'],
    ['yyMMdd', 'ddMMyy'],
    ['yyMMdd', 'MMddyy'],
    ['excel', 'excel-1904'],
    ['excel', 'CyyDDD'],
    ['CyyMMdd', 'yyyyDDD'],
    ['yyMMdd', 'CyyDDD'],
    ['yyyyMMdd', 'epoch-s'],
    ['d/M/yyyy', 'M/d/yyyy'],
  ])('%s beside %s, in either order', (first, second) => {
    expect(ambiguousDate(format(first), format(second))).toBeDefined();
    expect(ambiguousDate(format(second), format(first))).toBeDefined();
  });

  it.each([
    ['MM/dd/yyyy', 'M/d/yyyy'],
    ['yyyy-MM-dd', 'iso'],
    ['yyyy-MM-dd', 'MM/dd/yyyy'],
    ['dd.MM.yyyy', 'dd.MM.yyyy HH:mm'],
    ['CyyMMdd', 'yyMMdd'],
    ['yyyyMMdd', 'excel'],
  ])('but %s beside %s is clear', (first, second) => {
    expect(ambiguousDate(format(first), format(second))).toBeUndefined();
  });

  it.each([
    ['Md', 'the year is missing'],
    ['Mdyyyy', 'run together'],
    ['yyyyMMdd Hm', 'run together'],
    ['yyMMdd yyyy', 'a part appears twice'],
    ['CyyyyMMdd', '"C" needs yy'],
    ['yyyyMMDDD', 'leaves no month'],
    ['yyyyDDDdd', 'leaves no month'],
    ['yyyy-MM-dd HH:mmZ', 'write "X"'],
    ['yyyy-MM-dd XXXX', 'stands for nothing'],
    ['yyyy-MM-dd SSSSSSSSSS', 'stands for nothing'],
  ])('%s is refused', (text, what) => {
    const parsed = parseDateFormat(text);
    expect('problem' in parsed ? parsed.problem : 'it was taken').toContain(what);
  });

  it('directives that do nothing are refused', () => {
    expect(problems('$as: date, $format: [CyyMMdd, yyMMdd], $pivot: 1950')).toEqual([]);
    expect(problems('$as: date, $format: yyyyMMdd, $pivot: 1950')[0]).toContain('$pivot does nothing');
    expect(problems('$as: date, $format: CyyMMdd, $pivot: 1950')[0]).toContain('$pivot does nothing');
    expect(problems('$as: date, $format: excel, $pivot: 1950')[0]).toContain('$pivot does nothing');
    const months = '$months: [a, b, c, d, e, f, g, h, i, j, k, l]';
    expect(problems(`$as: date, $format: yyyyMMdd, ${months}`)[0]).toContain('$months does nothing');
    expect(problems(`$as: date, $format: dd MMM yyyy, ${months.replace('b', 'A')}`)[0]).toContain('all differ');
    expect(problems(`$as: date, $format: dd MMM yyyy, ${months.replace('b', 'm2')}`)[0]).toContain('all differ');
    for (const directive of ['$pivot: 1950', months, '$zone: UTC']) {
      expect(placed(compile(mappingText(`v: { $from: V, ${directive} }`)).issues)[0]).toContain('wrong-value');
    }
  });

  it('an offset of its own needs no $zone, a local time does', () => {
    expect(problems('$as: datetime, $format: "yyyyMMdd HHmmXX"')).toEqual([]);
    expect(problems('$as: datetime, $format: "yyyyMMdd HHmm"')[0]).toContain('is a local time and $zone is missing');
  });

  it('a wrong value is told in the words of the mapping', async () => {
    const { issues } = await documentOf('$as: date, $format: [CyyDDD, "yyyy-MM-dd"]', '126400', 'string');
    expect(issues.map(describeIssue)[0]).toContain(
      'expected a date written as 126325 (CyyDDD) or 2026-11-21 (yyyy-MM-dd), got "126400". Write it like 126325.',
    );
  });

  it('an ISO date is told by an example, and a serial number of a spreadsheet as what it is', async () => {
    const plain = await documentOf('$as: date', '21.11.2026', 'string');
    expect(plain.issues.map(describeIssue)[0]).toContain(
      'expected a date written as 2026-11-21, got "21.11.2026". Write',
    );
    const serial = await documentOf('$as: date, $format: dd.MM.yyyy', '46146', 'string');
    expect(serial.issues.map(describeIssue)[0]).toContain(
      "This is a spreadsheet's number of a day: format the cells as a date, written like 21.11.2026.",
    );
  });
});
