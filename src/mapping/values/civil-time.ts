/** A date and a time of day as a wall clock shows them. `offset` in minutes when the text named one. */
export interface CivilTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
  /** Nanoseconds beyond the millisecond, up to 999 999, when the text named some. */
  readonly nanosecond?: number;
  readonly offset?: number;
}

/** Milliseconds since 1970-01-01T00:00 of the same wall clock, as if it stood in UTC. */
export function localMs(time: CivilTime): number {
  const { year, month, day, hour, minute, second, millisecond } = time;
  const date = new Date(0);
  // Date.UTC reads years below 100 as 19xx.
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, millisecond);
  return date.getTime();
}

export function civilTime(ms: number): CivilTime {
  const date = new Date(ms);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    millisecond: date.getUTCMilliseconds(),
  };
}

/** Whether the calendar has this day and the clock this time. The day ends at 24:00. */
export function exists(time: CivilTime): boolean {
  const { hour, minute, second, millisecond, nanosecond = 0 } = time;
  const isEnd = hour === 24 && minute + second + millisecond + nanosecond === 0;
  if ((hour > 23 && !isEnd) || minute > 59 || second > 59 || time.year < 1) return false;
  const back = civilTime(localMs(isEnd ? { ...time, hour: 0 } : time));
  return back.year === time.year && back.month === time.month && back.day === time.day;
}

/** Whether the year can be written with the four digits everything has for it. */
export function isFourDigits({ year }: CivilTime): boolean {
  return year >= 1 && year <= 9999;
}

/** The end of a day as the beginning of the next one; any other time as it is. */
export function startOfNextDay(time: CivilTime): CivilTime {
  return time.hour === 24 ? { ...time, ...civilTime(localMs(time)) } : time;
}

export function isoDate(time: CivilTime): string {
  return `${digits(time.year, 4)}-${digits(time.month, 2)}-${digits(time.day, 2)}`;
}

/** ISO 8601 date and time, with the offset where one is known and as many digits of the second as there are. */
export function isoDateTime(time: CivilTime): string {
  const clock = `${digits(time.hour, 2)}:${digits(time.minute, 2)}:${digits(time.second, 2)}${fractionText(time)}`;
  return `${isoDate(time)}T${clock}${time.offset === undefined ? '' : isoOffset(time.offset)}`;
}

/** In threes, as they are written: `.250`, `.250125`. */
function fractionText({ millisecond, nanosecond = 0 }: CivilTime): string {
  if (nanosecond > 0) return `.${nineDigits(millisecond, nanosecond).replace(/(?:000)+$/, '')}`;
  return millisecond === 0 ? '' : `.${digits(millisecond, 3)}`;
}

/** The fraction of the second. */
export function nineDigits(millisecond: number, nanosecond: number): string {
  return digits(millisecond, 3) + digits(nanosecond, 6);
}

/** Digits after the second's mark, one to nine of them. */
export function fractionOf(text: string): { readonly millisecond: number; readonly nanosecond?: number } {
  const millisecond = Number(text.slice(0, 3).padEnd(3, '0'));
  const nanosecond = Number(text.slice(3).padEnd(6, '0'));
  return nanosecond === 0 ? { millisecond } : { millisecond, nanosecond };
}

export function isoOffset(minutes: number, mark = ':'): string {
  if (minutes === 0) return 'Z';
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${digits(Math.floor(size / 60), 2)}${mark}${digits(size % 60, 2)}`;
}

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/i;

/** Reads an ISO 8601 date, or date and time with or without an offset. */
export function fromIso(text: string): CivilTime | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = 0, minute = 0, second = 0, fraction = '', offset] = match;
  const time = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    ...fractionOf(fraction),
  };
  if (offset === undefined) return time;
  const minutes = offsetMinutes(offset);
  return minutes === undefined ? undefined : { ...time, offset: minutes };
}

// No clock on earth is further from UTC than 14 hours; more is a slip.
const WIDEST_OFFSET = 14 * 60;

/** Minutes east of UTC of `Z`, `+05`, `+0530` or `+05:30`; undefined when no clock is so far off. */
export function offsetMinutes(text: string): number | undefined {
  if (text.toUpperCase() === 'Z') return 0;
  const minutes = Number(text.slice(3).replace(':', '') || '0');
  const size = Number(text.slice(1, 3)) * 60 + minutes;
  if (minutes > 59 || size > WIDEST_OFFSET) return undefined;
  return text.startsWith('-') ? -size : size;
}

export function digits(value: number, length: number): string {
  return String(value).padStart(length, '0');
}
