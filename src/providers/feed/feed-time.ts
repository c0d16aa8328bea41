import { isRawNumber, scalarText, type Json } from '../../core/json.ts';

const ISO = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(Z|[+-]\d{2}:?\d{2})?)?$/i;
const LATEST_MS = 8.64e15;

/**
 * Milliseconds since the epoch of a time as providers write it: ISO 8601, without offset in UTC, or milliseconds as number
 * or text. Undefined when it is none.
 */
export function readTime(value: Json | undefined): number | undefined {
  const text = scalarText(value)?.trim() ?? '';
  const ms = isRawNumber(value) || /^\d+(\.\d+)?$/.test(text) ? Number(text) : isoMs(text);
  return Number.isFinite(ms) && ms >= 0 && ms <= LATEST_MS ? Math.floor(ms) : undefined;
}

function isoMs(text: string): number {
  const [all, date = '', time, offset = 'Z'] = ISO.exec(text) ?? [];
  if (all === undefined) return Number.NaN;
  if (time === undefined) return Date.parse(date);
  return Date.parse(`${date}T${time}${offset.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2').toUpperCase()}`);
}

/** A time as a request says it. */
export function writeTime(ms: number, format: 'iso' | 'epoch-ms'): string {
  return format === 'iso' ? new Date(ms).toISOString() : String(ms);
}
