/** A symbol of a pattern, what it stands for, and one text it reads. A test holds every line against the parser. */
export interface PatternSymbol {
  readonly symbol: string;
  readonly meaning: string;
  readonly format: string;
  readonly text: string;
  /** What the text becomes: a number, or ISO 8601. */
  readonly value: string;
}

const symbol = (name: string, meaning: string, format: string, text: string, value: string): PatternSymbol => ({
  symbol: name,
  meaning,
  format,
  text,
  value,
});

/** `$format` of numbers. Reading takes any number of decimals where there is a mark; writing rounds half up to those shown. */
export const numberSymbols: readonly PatternSymbol[] = [
  symbol('0', 'a digit; several in front of the mark: filled up with zeros when written', '00000', '00042', '42'),
  symbol('.', 'decimal point, or the mark between thousands', '0.00', '1234.50', '1234.50'),
  symbol(',', 'decimal comma, or the mark between thousands', '0.000,00', '1.234,50', '1234.50'),
  symbol(
    'space',
    'between zeros the mark between thousands, of any width; elsewhere as many blanks as there are',
    '0 000,00',
    '1 234,50',
    '1234.50',
  ),
  symbol("'", 'between zeros the mark between thousands, straight or curved', "0'000.00", "1'234.50", '1234.50'),
  symbol(
    '#',
    'digits as they are: in front of the mark none need be there, behind it as many as come',
    '#.00#',
    '.125',
    '0.125',
  ),
  symbol('v', 'the decimal mark, where it is not written', '0v00', '0001234', '12.34'),
  symbol(
    's',
    'beside a digit that carries the sign too: {A–I for positive 0–9, }J–R or p–y for negative ones',
    '0v00s',
    '1234}',
    '-123.40',
  ),
  symbol(
    '-',
    'where the minus stands; in front of everything when no sign is in the pattern',
    '0.00-',
    '123.45-',
    '-123.45',
  ),
  symbol('+', 'a sign that is always written, and may be read', '+0.00', '+5.00', '5.00'),
  symbol('( )', 'around negative numbers', '(0.00)', '(123.45)', '-123.45'),
  symbol(
    'A/B',
    'the word for positive and the word for negative numbers; either may be left out',
    '0.00 DR/CR',
    '12.50 CR',
    '-12.50',
  ),
  symbol('%', 'hundredths', '0.0 %', '12.5 %', '0.125'),
  symbol('$ € £ ¥', 'a currency sign, which must be there', '$0,000.00', '$1,234.50', '1234.50'),
  symbol("'text'", 'text that must be there', "0.00 'kg'", '12.50 kg', '12.50'),
];

/** `$format` of dates and times. Anything that is no letter stands for itself. */
export const dateSymbols: readonly PatternSymbol[] = [
  symbol('yyyy', 'year', 'dd.MM.yyyy', '04.05.2026', '2026-05-04'),
  symbol(
    'yy',
    'year in two digits: 2000 to 2099, or the hundred years from $pivot on',
    'MM/dd/yy',
    '05/04/26',
    '2026-05-04',
  ),
  symbol('C', 'century before yy: 0 is 19, 1 is 20', 'CyyMMdd', '1260504', '2026-05-04'),
  symbol('MM', 'month in two digits', 'yyyyMMdd', '20260504', '2026-05-04'),
  symbol('M', 'month in one or two digits', 'M/d/yyyy', '5/4/2026', '2026-05-04'),
  symbol('MMM', "month's short name: Jan, or one of $months", 'dd MMM yyyy', '04 MAY 2026', '2026-05-04'),
  symbol('MMMM', "month's full name: January, or one of $months", 'MMMM d, yyyy', 'May 4, 2026', '2026-05-04'),
  symbol('dd', 'day in two digits', 'dd/MM/yyyy', '04/05/2026', '2026-05-04'),
  symbol('d', 'day in one or two digits', 'd.M.yyyy', '4.5.2026', '2026-05-04'),
  symbol('DDD', 'day of the year in three digits', 'CyyDDD', '126124', '2026-05-04'),
  symbol(
    'HH',
    'hour 00 to 24 in two digits; 24:00 is the end of the day',
    'yyyyMMdd HHmm',
    '20260504 2400',
    '2026-05-05T00:00:00',
  ),
  symbol('H', 'hour in one or two digits', 'yyyyMMdd Hmmss', '20260504 91500', '2026-05-04T09:15:00'),
  symbol(
    'hh',
    'hour 01 to 12 in two digits, with a',
    'yyyy-MM-dd hh:mm a',
    '2026-05-04 09:15 PM',
    '2026-05-04T21:15:00',
  ),
  symbol('h', 'hour 1 to 12, with a', 'M/d/yyyy h:mm a', '5/4/2026 9:15 am', '2026-05-04T09:15:00'),
  symbol('mm', 'minute in two digits', 'yyyy-MM-dd HH:mm', '2026-05-04 09:15', '2026-05-04T09:15:00'),
  symbol('m', 'minute in one or two digits', 'yyyy-M-d H:m', '2026-5-4 9:5', '2026-05-04T09:05:00'),
  symbol('ss', 'second in two digits', 'yyyyMMddHHmmss', '20260504091530', '2026-05-04T09:15:30'),
  symbol('s', 'second in one or two digits', 'yyyy-M-d H:m:s', '2026-5-4 9:15:3', '2026-05-04T09:15:03'),
  symbol(
    'S',
    'digits of a fraction of the second, as many as there are S, at most nine',
    'yyyy-MM-dd-HH.mm.ss.SSSSSS',
    '2026-05-04-09.15.00.123456',
    '2026-05-04T09:15:00.123456',
  ),
  symbol('a', 'AM or PM', 'yyyyMMdd hhmma', '20260504 1205AM', '2026-05-04T00:05:00'),
  symbol('XXX', 'offset +05:30, or Z', 'yyyy-MM-dd HH:mmXXX', '2026-05-04 09:15-05:00', '2026-05-04T09:15:00-05:00'),
  symbol('XX', 'offset +0530, or Z', "yyyyMMdd'T'HHmmssXX", '20260504T141500Z', '2026-05-04T14:15:00Z'),
  symbol('X', 'offset +05 or +0530, or Z', 'yyyy-MM-dd HH:mmX', '2026-05-04 09:15+02', '2026-05-04T09:15:00+02:00'),
  symbol("'text'", "text that must be there; '' is a quote", "d. 'of' M yyyy", '4. of 5 2026', '2026-05-04'),
];

/** `$format` of dates that is called by a name. */
export const dateNames: readonly PatternSymbol[] = [
  symbol(
    'iso',
    'ISO 8601, with or without time and offset; what is read when nothing is said',
    'iso',
    '2026-05-04T09:15:00Z',
    '2026-05-04T09:15:00Z',
  ),
  symbol(
    'excel',
    "a spreadsheet's serial number: days since 1900, the time as a fraction",
    'excel',
    '46146.385416667',
    '2026-05-04T09:15:00',
  ),
  symbol('excel-1904', 'the same of workbooks that count from 1904', 'excel-1904', '44684.75', '2026-05-04T18:00:00'),
  symbol('epoch-s', 'seconds since 1970-01-01 UTC', 'epoch-s', '1777904100', '2026-05-04T14:15:00Z'),
  symbol('epoch-ms', 'milliseconds since 1970-01-01 UTC', 'epoch-ms', '1777904100250', '2026-05-04T14:15:00.250Z'),
];

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
