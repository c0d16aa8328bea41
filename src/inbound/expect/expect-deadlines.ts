import type { ExpectRule } from '../../core/flow-rules.ts';
import { civilTime, createZone, inZone, isoDate, localMs, type CivilTime, type Zone } from '../../mapping/index.ts';

/** The times by which files are due. */
export interface Deadlines {
  /** The first one after an instant; undefined when none comes any more. Milliseconds since the epoch. */
  after(instant: number): number | undefined;
  /** In words: `Tue 2026-05-05 06:00 Europe/Berlin`. */
  text(deadline: number): string;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
// Ten years of days without a deadline: there is none.
const MOST_DAYS = 3660;

export function createDeadlines(rule: ExpectRule): Deadlines {
  const zone = createZone(rule.zone);
  if (zone === undefined) throw new TypeError(`unknown time zone ${rule.zone}`);
  const { isDue, lastDate } = calendarOf(rule);
  return {
    after(instant) {
      const today = inZone(instant, zone);
      let midnight = localMs({ ...today, hour: 0, minute: 0, second: 0, millisecond: 0 });
      for (let days = 0; days < MOST_DAYS; days++, midnight += DAY_MS) {
        const date = civilTime(midnight);
        if (lastDate !== undefined && isoDate(date) > lastDate) return undefined;
        if (!isDue(isoDate(date), new Date(midnight).getUTCDay())) continue;
        // On the day a clock is put forward the later time of day may come first.
        const next = Math.min(
          ...rule.by.map((minutes) => instantOf(midnight + minutes * MINUTE_MS, zone)).filter((due) => due > instant),
        );
        if (next !== Infinity) return next;
      }
      return undefined;
    },
    text(deadline) {
      const local = inZone(deadline, zone);
      const weekday = WEEKDAYS[new Date(localMs(local)).getUTCDay()] ?? '';
      return `${weekday} ${isoDate(local)} ${clockText(local)} ${zone.name}`;
    },
  };
}

function calendarOf({ days, except }: ExpectRule): {
  isDue: (date: string, weekday: number) => boolean;
  lastDate: string | undefined;
} {
  const wanted = new Set<string | number>(days);
  const spared = new Set(except);
  const dates = [...days].filter((day) => typeof day === 'string').sort();
  return {
    isDue: (date, weekday) => (wanted.has(date) || wanted.has(weekday)) && !spared.has(date),
    lastDate: dates.at(-1),
  };
}

/**
 * When a wall clock shows a time. The first of two; of a time that the clock is put forward over, as much later as the clock
 * is put forward.
 */
function instantOf(wallMs: number, zone: Zone): number {
  return wallMs - zone.resolve(civilTime(wallMs)).offset * MINUTE_MS;
}

function clockText({ hour, minute }: CivilTime): string {
  return [hour, minute].map((value) => String(value).padStart(2, '0')).join(':');
}
