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
  symbol('e', 'a power of ten may follow', '0,00e', '-1,53e4', '-15300'),
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
