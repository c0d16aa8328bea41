/** A date and a time of day as a wall clock shows them. `offset` in minutes when the text named one. */
export interface CivilTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
  readonly offset?: number;
}

const DAY_MS = 86_400_000;

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

/** Whether the calendar has this day and the clock this time. */
export function exists(time: CivilTime): boolean {
  if (time.hour > 23 || time.minute > 59 || time.second > 59 || time.year < 1) return false;
  const back = civilTime(localMs(time));
  return back.year === time.year && back.month === time.month && back.day === time.day;
}

/** Reads a spreadsheet's serial number: days since 1899-12-30, the time as a fraction. */
export function fromSerial(text: string): CivilTime | undefined {
  if (!/^\d{1,7}(?:\.\d+)?$/.test(text)) return undefined;
  const days = Number(text);
  // Day 60 is 1900-02-29, which never was; serials before it are one day off between spreadsheets.
  if (days < 61 || days >= 2_958_466) return undefined;
  return civilTime(Math.round((days - 25_569) * 86_400) * 1000);
}

export function toSerial(time: CivilTime): string {
  return String(Number((localMs(time) / DAY_MS + 25_569).toFixed(10)));
}

export function isoDate(time: CivilTime): string {
  return `${digits(time.year, 4)}-${digits(time.month, 2)}-${digits(time.day, 2)}`;
}

/** ISO 8601 date and time, with the offset where one is known. Milliseconds only when there are some. */
export function isoDateTime(time: CivilTime): string {
  const fraction = time.millisecond === 0 ? '' : `.${digits(time.millisecond, 3)}`;
  const clock = `${digits(time.hour, 2)}:${digits(time.minute, 2)}:${digits(time.second, 2)}${fraction}`;
  return `${isoDate(time)}T${clock}${time.offset === undefined ? '' : isoOffset(time.offset)}`;
}

function isoOffset(minutes: number): string {
  if (minutes === 0) return 'Z';
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${digits(Math.floor(size / 60), 2)}:${digits(size % 60, 2)}`;
}

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/i;

/** Reads an ISO 8601 date, or date and time with or without an offset. */
export function fromIso(text: string): CivilTime | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = 0, minute = 0, second = 0, fraction = '', offset] = match;
  const millisecond = Number(`${fraction}000`.slice(0, 3));
  const time = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    millisecond,
  };
  return offset === undefined ? time : { ...time, offset: offsetMinutes(offset) };
}

function offsetMinutes(text: string): number {
  if (text.toUpperCase() === 'Z') return 0;
  const size = Number(text.slice(1, 3)) * 60 + Number(text.slice(-2));
  return text.startsWith('-') ? -size : size;
}

export function digits(value: number, length: number): string {
  return String(value).padStart(length, '0');
}
