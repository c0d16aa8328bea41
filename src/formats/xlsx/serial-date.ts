const DAY_MS = 86_400_000;
/** Days from the start of each system to 1970-01-01. In that of 1900, day 60 is a 29 February that never was. */
const UNIX_1900 = 25_569;
const UNIX_1904 = 24_107;
const FALSE_LEAP_DAY = 60;
/** 9999-12-31 in the system of 1900. */
const LAST_DAY = 2_958_465;

/** A cell that holds days since an epoch: ISO 8601, without any time zone. Undefined: no such day. */
export function dateText(serial: number, is1904: boolean, hasTime: boolean): string | undefined {
  const { days, ms } = split(serial);
  const first = is1904 ? 0 : 1;
  if (!(days >= first) || days > LAST_DAY || (!is1904 && days === FALSE_LEAP_DAY)) return undefined;
  const early = !is1904 && days < FALSE_LEAP_DAY ? 1 : 0;
  const date = isoDay(days - (is1904 ? UNIX_1904 : UNIX_1900) + early);
  return ms === 0 && !hasTime ? date : `${date}T${clockText(ms)}`;
}

/** From days since 1970-01-01, by the rule of 400 years, without a Date for every cell. */
function isoDay(unixDays: number): string {
  const days = unixDays + 719_468;
  const era = Math.floor(days / 146_097);
  const dayOfEra = days - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1;
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

/** A time of day; with days before it, a date and a time. Undefined: there is none below zero. */
export function timeText(serial: number, is1904: boolean): string | undefined {
  const { days, ms } = split(serial);
  return days === 0 ? clockText(ms) : dateText(serial, is1904, true);
}

/** A length of time in hours, which may be more than a day's. */
export function durationText(serial: number): string {
  const { days, ms } = split(Math.abs(serial));
  return `${serial < 0 ? '-' : ''}${clockText(days * DAY_MS + ms)}`;
}

/** Doubles hold a time of day to some microseconds: what is not a whole millisecond is noise. */
function split(serial: number): { days: number; ms: number } {
  const days = Math.floor(serial);
  const ms = Math.round((serial - days) * DAY_MS);
  return ms === DAY_MS ? { days: days + 1, ms: 0 } : { days, ms };
}

function clockText(ms: number): string {
  const clock = `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}`;
  return ms % 1000 === 0 ? clock : `${clock}.${String(ms % 1000).padStart(3, '0')}`;
}

function two(value: number): string {
  return value < 10 ? `0${Math.floor(value)}` : String(Math.floor(value));
}

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{3}))?)?)?$/;

/** Days of the system of 1900 for an ISO 8601 day, or day and local time. Undefined: it has no exact place there. */
export function serialOf(text: string): string | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const part = (index: number): number => Number(match[index] ?? 0);
  const date = new Date(Date.UTC(part(1), part(2) - 1, part(3)));
  const days = date.getTime() / DAY_MS + UNIX_1900;
  const isDay =
    date.getUTCFullYear() === part(1) && date.getUTCMonth() + 1 === part(2) && date.getUTCDate() === part(3);
  const isTime = part(4) < 24 && part(5) < 60 && part(6) < 60;
  if (!isDay || !isTime || days <= FALSE_LEAP_DAY || days > LAST_DAY) return undefined;
  const ms = (part(4) * 3600 + part(5) * 60 + part(6)) * 1000 + part(7);
  return ms === 0 ? String(days) : String(days + ms / DAY_MS);
}
