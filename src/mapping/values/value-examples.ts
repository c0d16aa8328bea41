/** One value from cell to payload. */
export interface ValueExample {
  readonly shows: string;
  /** The cell. */
  readonly text: string;
  /** Directives beside `$from`, as YAML. */
  readonly directives: string;
  /** What the schema says the property is. */
  readonly type: 'string' | 'number' | 'integer' | 'boolean';
  /** JSON of the value; `absent`, or the code of the issue that comes of it. */
  readonly value: string;
}

const example = (
  shows: string,
  text: string,
  directives: string,
  type: ValueExample['type'],
  value: string,
): ValueExample => ({ shows, text, directives, type, value });

/** What can be said about a value of a file, with one example each. A test runs them all. */
export const valueExamples: readonly ValueExample[] = [
  example('digits become a number, all of them', '2.50', '', 'number', '2.50'),
  example('zeros survive where the schema says text', '00123', '', 'string', '"00123"'),
  example('decimal comma and thousands marks', '1.234,56', '$format: "0.000,00"', 'number', '1234.56'),
  example('decimal point and thousands marks', '1,234.56', '$format: "0,000.00"', 'number', '1234.56'),
  example('thousands marks alone', '1.234', '$format: 0.000.000', 'integer', '1234'),
  example('three decimals', '1,234', '$format: "#0,000"', 'number', '1.234'),
  example('groups that are wrong are refused', '1,23,4', '$format: "0,000.00"', 'number', 'not-a-number'),
  example('blanks as thousands marks', '1 234,56', '$format: "0 000,00"', 'number', '1234.56'),
  example('apostrophes as thousands marks', "1'234.56", `$format: "0'000.00"`, 'number', '1234.56'),
  example('groups of India', '12,34,567.80', '$format: "0,00,000.00"', 'number', '1234567.80'),
  example('minus behind the number', '123.45-', '$format: 0.00-', 'number', '-123.45'),
  example('negative in parentheses', '(1,234.00)', '$format: "(0,000.00)"', 'number', '-1234.00'),
  example('debit and credit', '12.50 CR', '$format: 0.00 DR/CR', 'number', '-12.50'),
  example('a sign that is always there', '+3', '$format: "+0"', 'integer', '3'),
  example('decimals without a mark', '0001234', '$format: 0v00', 'number', '12.34'),
  example('zoned: the last digit carries the sign', '1234}', '$format: 0s', 'integer', '-12340'),
  example('zoned, with two decimals', '0012C', '$format: 0v00s', 'number', '1.23'),
  example('percent', '7.5 %', '$format: 0.0 %', 'number', '0.075'),
  example('currency', '$1,234.50', '$format: "$0,000.00"', 'number', '1234.50'),
  example('decimals of nothing for a whole number', '12,000', '$format: "#0,000"', 'integer', '12'),
  example('one format or another', '12,50', '$format: [0.00, "0,00"]', 'number', '12.50'),
  example('a date', '05/04/2026', '$as: date, $format: MM/dd/yyyy', 'string', '"2026-05-04"'),
  example(
    'a date in one of several formats',
    '20260504',
    '$as: date, $format: [dd.MM.yyyy, yyyyMMdd]',
    'string',
    '"2026-05-04"',
  ),
  example('two digits of a year', '04.05.26', '$as: date, $format: dd.MM.yy', 'string', '"2026-05-04"'),
  example(
    'two digits of a year from 1950 on',
    '04.05.85',
    '$as: date, $format: dd.MM.yy, $pivot: 1950',
    'string',
    '"1985-05-04"',
  ),
  example('century, year and day of the year', '126124', '$as: date, $format: CyyDDD', 'string', '"2026-05-04"'),
  example('century, year, month and day', '1260504', '$as: date, $format: CyyMMdd', 'string', '"2026-05-04"'),
  example('names of months', '04-MAY-2026', '$as: date, $format: dd-MMM-yyyy', 'string', '"2026-05-04"'),
  example(
    'names of months in another language',
    '4 mai 2026',
    '$as: date, $format: d MMM yyyy, $months: [janv, févr, mars, avr, mai, juin, juil, août, sept, oct, nov, déc]',
    'string',
    '"2026-05-04"',
  ),
  example('serial number of a spreadsheet', '46146', '$as: date, $format: excel', 'string', '"2026-05-04"'),
  example(
    'serial number with a time',
    '46146.385416667',
    '$as: datetime, $format: excel, $zone: America/Chicago',
    'string',
    '"2026-05-04T09:15:00-05:00"',
  ),
  example(
    'a local time',
    '2026-05-04 09:15',
    "$as: datetime, $format: 'yyyy-MM-dd HH:mm', $zone: America/Chicago",
    'string',
    '"2026-05-04T09:15:00-05:00"',
  ),
  example(
    'a time with its offset',
    '2026-05-04 09:15+0200',
    "$as: datetime, $format: 'yyyy-MM-dd HH:mmXX'",
    'string',
    '"2026-05-04T09:15:00+02:00"',
  ),
  example(
    'the end of a day',
    '20260504 240000',
    '$as: datetime, $format: yyyyMMdd HHmmss, $zone: UTC',
    'string',
    '"2026-05-05T00:00:00Z"',
  ),
  example('a day that does not exist is refused', '20260230', '$as: date, $format: yyyyMMdd', 'string', 'no-such-date'),
  example(
    'texts that say nothing',
    '00/00/00',
    '$as: date, $format: MM/dd/yy, $empty: ["00/00/00", "99/99/99"]',
    'string',
    'absent',
  ),
  example('what nothing becomes', '*NULL', '$empty: "*NULL", $default: none', 'string', '"none"'),
  example('words for true and false', 'N', '$format: Y/N', 'boolean', 'false'),
  example('words in several languages', 'ja', '$format: [Y/N, Ja/Nein]', 'boolean', 'true'),
  example('a mark for true, nothing for false', '', '$format: X/, $default: false', 'boolean', 'false'),
  example('a bar code that proves itself', '036000291452', '$as: gtin', 'string', '"036000291452"'),
  example('a bar code with a digit that is wrong is refused', '036000291453', '$as: gtin', 'string', 'not-a-gtin'),
  example(
    'a bar code that lost its zero is sent with a warning',
    '36000291452',
    '$as: gtin',
    'string',
    '"36000291452"',
  ),
];
