import type { Json } from '../../core/json.ts';

const DAY_MS = 86_400_000;
const TIME = /^(\d{4}-\d{2}-\d{2})(?:[Tt\s](\d{2}:\d{2}:)(\d{2})(?:\.(\d+))?(?:([Zz])|([+-]\d{2}):?(\d{2})?)?)?$/;

/**
 * Milliseconds since the epoch of a time in a payload: RFC 3339 text, or a number that is just that. A date alone is its
 * midnight, a time without an offset is UTC. Undefined: it is no time, which is another keyword's business.
 */
export function instantOf(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value;
  const match = typeof value === 'string' ? TIME.exec(value) : null;
  if (match === null) return undefined;
  const [, date = '', minutes, seconds = '', fraction = '', , hours, rest] = match;
  if (minutes === undefined) return known(Date.parse(`${date}T00:00:00Z`));
  const zone = hours === undefined ? 'Z' : `${hours}:${rest ?? '00'}`;
  // A leap second; the calendar here does not know it.
  const plain = seconds === '60' ? '59' : seconds;
  return known(Date.parse(`${date}T${minutes}${plain}.${fraction.slice(0, 3).padEnd(3, '0')}${zone}`));
}

function known(ms: number): number | undefined {
  return Number.isNaN(ms) ? undefined : ms;
}

/** `2026-05-04`, in UTC. */
export function utcDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** `2026-05-04T09:30:00Z`. */
export function utcSecond(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Midnight (UTC) of the day that is so many business days after today: Monday to Friday without the holidays. */
export function afterBusinessDays(nowMs: number, days: number, holidays: ReadonlySet<string>): number {
  let day = Math.floor(nowMs / DAY_MS) * DAY_MS;
  for (let left = days; left > 0;) {
    day += DAY_MS;
    if (isBusinessDay(day, holidays)) left--;
  }
  return day;
}

function isBusinessDay(day: number, holidays: ReadonlySet<string>): boolean {
  const weekday = new Date(day).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !holidays.has(utcDate(day));
}
