import { isoDateTime } from './civil-time.ts';
import type { DateFormat } from './date-format.ts';

// Days that look like other days when their parts change places: small numbers, numbers that could be a year or a month.
const YEARS = [2026, 1999, 2001, 2010, 2011, 2012];
const DAYS = ['2-3', '3-2', '1-1', '1-2', '4-30', '10-11', '11-10', '12-11', '12-31', '10-20', '12-19', '12-20'];
const CLOCK = { hour: 1, minute: 2, second: 3, millisecond: 0, offset: 0 };

const SAMPLES = YEARS.flatMap((year) =>
  DAYS.map((text) => {
    const [month = 1, day = 1] = text.split('-').map(Number);
    return { ...CLOCK, year, month, day };
  }),
);

/** A text that both formats read, but as different times: which of them is meant would be a guess. */
export function ambiguousDate(first: DateFormat, second: DateFormat): string | undefined {
  return [first, second]
    .flatMap((format) => SAMPLES.map((sample) => format.write(sample)))
    .find((text) => {
      const one = text === undefined ? undefined : first.read(text);
      const other = text === undefined ? undefined : second.read(text);
      return one !== undefined && other !== undefined && isoDateTime(one) !== isoDateTime(other);
    });
}
