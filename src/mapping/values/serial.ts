import { civilTime, localMs, type CivilTime } from './civil-time.ts';

// 2 958 465 is 9999-12-31 counted from 1900, the last day spreadsheets know.
const LAST_DAY = 2_958_465;
const DAY_MS = 86_400_000n;

/** Which days a spreadsheet counts from. */
export interface SerialEpoch {
  /** Serial number of 1970-01-01. */
  readonly unixDay: number;
  readonly firstDay: number;
  readonly lastDay: number;
}

/** Day 60 is 1900-02-29, which never was; serials before it are one day off between spreadsheets. */
export const excel1900: SerialEpoch = { unixDay: 25_569, firstDay: 61, lastDay: LAST_DAY };
/** Workbooks of old Macintoshes. Below 1 stand times without a date. */
export const excel1904: SerialEpoch = { unixDay: 24_107, firstDay: 1, lastDay: LAST_DAY - 1462 };

/**
 * Reads a serial number: days, and the time as a fraction. To the millisecond where its digits tell it (eight or more),
 * else to the second, which is what a spreadsheet's own rounding leaves.
 */
export function fromSerial(text: string, { unixDay, firstDay, lastDay }: SerialEpoch): CivilTime | undefined {
  const match = /^(\d{1,7})(?:[.,](\d{1,30}))?$/.exec(text);
  if (match === null) return undefined;
  const [, days = '', fraction = ''] = match;
  const day = Number(days);
  if (day < firstDay || day > lastDay) return undefined;
  const size = 10n ** BigInt(fraction.length);
  const unit = fraction.length < 8 ? 1000n : 1n;
  const units = (BigInt(fraction === '' ? '0' : fraction) * (DAY_MS / unit) * 2n + size) / (size * 2n);
  const ms = Number(units * unit);
  return civilTime((day - unixDay) * Number(DAY_MS) + ms);
}

/** The serial number of a wall clock's time; undefined for days that spreadsheets do not agree on. */
export function toSerial(time: CivilTime, { unixDay, firstDay, lastDay }: SerialEpoch): string | undefined {
  const ms = localMs(time);
  const day = Math.floor(ms / Number(DAY_MS));
  const serial = day + unixDay;
  if (serial < firstDay || serial > lastDay) return undefined;
  const rest = BigInt(ms - day * Number(DAY_MS));
  // Ten digits tell milliseconds apart; fewer than eight would be read to the second.
  const fraction = String((rest * 10n ** 10n * 2n + DAY_MS) / (DAY_MS * 2n)).padStart(10, '0');
  const least = time.millisecond === 0 ? 0 : 8;
  const shown = fraction.slice(0, least) + fraction.slice(least).replace(/0+$/, '');
  return shown === '' ? String(serial) : `${serial}.${shown}`;
}
