import type { ReportOrder, ReportPeriod, TimeWindow } from '../../core/feed.ts';

/** How far reports were read, and the one under way. */
export interface ReportPosition {
  /** Everything before is read. Of snapshots: when the last one was ordered. */
  readonly atMs?: number;
  readonly order?: OpenOrder;
}

/** A report that was decided on; `reference` once the provider has named it. */
export interface OpenOrder extends ReportOrder {
  readonly reference?: string;
}

/** A time, then a report as JSON: readable in `status`. Holds no address. */
export function writeReportPosition({ atMs, order }: ReportPosition): string {
  const at = atMs === undefined ? '-' : new Date(atMs).toISOString();
  return order === undefined ? at : `${at} ${JSON.stringify(order)}`;
}

/** Nothing is read yet where the feed was read in another way before. */
export function readReportPosition(cursor: string | undefined): ReportPosition {
  const [, at = '', order] = POSITION.exec(cursor ?? '') ?? [];
  const atMs = Date.parse(at);
  return {
    ...(Number.isNaN(atMs) ? {} : { atMs }),
    ...(order === undefined ? {} : { order: JSON.parse(order) as OpenOrder }),
  };
}

const POSITION = /^(-|\d{4}-\d\d-\d\dT[\d:.]+Z)(?: (\{.*\}))?$/s;

/** The next report to order; undefined when everything that is complete was read. */
export function nextOrder(
  { atMs }: ReportPosition,
  period: ReportPeriod | undefined,
  now: number,
): ReportOrder | undefined {
  if (period === undefined) return { askedAt: now };
  const window = nextWindow(atMs, period, now);
  return window === undefined ? undefined : { askedAt: now, window };
}

/** Whole steps, without a gap and without an overlap. */
function nextWindow(atMs: number | undefined, period: ReportPeriod, now: number): TimeWindow | undefined {
  const { stepMs, longestMs, startMs, lagMs } = period;
  const whole = (ms: number): number => ms - (ms % stepMs);
  const fromMs = atMs ?? Math.max(0, whole(now - startMs));
  const untilMs = Math.min(whole(now - lagMs), fromMs + Math.max(stepMs, whole(longestMs)));
  return untilMs > fromMs ? { fromMs, untilMs } : undefined;
}

/** How long ago a report was decided on. A clock that was set back makes nothing older. */
export function ageOf({ askedAt }: ReportOrder, now: number): number {
  return Math.max(0, now - askedAt);
}
