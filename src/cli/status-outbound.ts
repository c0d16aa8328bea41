import type { Reading } from '../app/reading.ts';
import type { Config } from '../config/index.ts';
import type { Incident, OutboundFlowView } from '../core/ledger.ts';
import { at, every } from '../outbound/index.ts';
import type { Output } from './output.ts';

const MOST_INCIDENTS = 1000;

/** Tells of each outbound flow how far it is and when it runs next. */
export async function tellOutbound(config: Config, reading: Reading, output: Output, now = Date.now()): Promise<void> {
  if (config.outbound.size === 0) return;
  const incidents = await reading.ledger.incidents({ isOpen: true, limit: MOST_INCIDENTS });
  for (const [flow, { provider, feed, schedule }] of config.outbound) {
    const view = await reading.ledger.outboundFlow({ flow, provider, feed });
    const runs = 'everyMs' in schedule ? every(schedule.everyMs) : at(schedule.cron, schedule.zone);
    const next = Math.max(now, runs.next(view.lastRunAt, now));
    const open = incidents.filter((incident) => incident.flow === flow);
    const nextRun = reading.running === undefined ? undefined : timeText(next);
    output.tell(
      {
        event: 'outbound',
        ...view,
        lastRunAt: timeText(view.lastRunAt),
        nextRunAt: nextRun,
        lastFile: view.lastFile?.path,
        lastFileState: view.lastFile?.state,
        incidents: open.length,
      },
      sentence(view, nextRun, open),
    );
  }
}

function sentence(view: OutboundFlowView, nextRun: string | undefined, incidents: readonly Incident[]): string {
  const { flow, lastRunAt, cursor, lastFile, items, deferred, unpublished, voids, recollectsFrom } = view;
  const { uncollected = 0, unacknowledged = 0, declined } = view;
  const backlog = [
    [items, 'items to look at'],
    [deferred, 'items that cannot be written as mapped'],
    [unpublished, 'files not out yet'],
  ] as const;
  const waiting = backlog.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return [
    `outbound ${flow}: last run ${timeText(lastRunAt) ?? 'none'}`,
    nextRun === undefined ? 'dray is not running' : `next ${nextRun}`,
    ...(cursor === '' ? [] : [`cursor ${cursor}`]),
    lastFile === undefined ? 'no file yet' : `last file ${lastFile.path} (${lastFile.state}, ${lastFile.rows} rows)`,
    waiting.length === 0 ? 'no backlog' : `backlog ${waiting.join(', ')}`,
    ...(voids === 0 ? [] : [`${voids} numbers void`]),
    ...(uncollected === 0 ? [] : [`${uncollected} files not collected yet`]),
    ...(unacknowledged === 0 ? [] : [`${unacknowledged} not acknowledged yet`]),
    ...(declined === 0 ? [] : [`${declined} declined`]),
    ...(recollectsFrom === undefined ? [] : [`collects again from ${recollectsFrom}`]),
    `${incidents.length} incidents`,
  ].join('; ');
}

function timeText(time: number | undefined): string | undefined {
  return time === undefined || time >= LAST_TIME ? undefined : new Date(time).toISOString();
}

// A time that never comes.
const LAST_TIME = 8.64e15;
