import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { SwitchChanges } from '../../src/sandbox/index.ts';
import { repository } from '../support/dray.ts';
import { type Workspace } from '../support/workspace.ts';

export const sample = join(repository, 'samples/10-flexport');
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
// Events are read by our own clock, so the sandbox begins a little before it and never gets ahead of it.
export const START = Math.floor(Date.now() / DAY_MS) * DAY_MS - 10 * DAY_MS + 14 * HOUR_MS;
/** The moment that goldens show for the one at which the sandbox begins. */
const SHOWN_START = Date.UTC(2026, 4, 4, 14);
/** A standing clock never fills the allowance of requests up again. */
export const SWITCHES: SwitchChanges['flexport'] & {} = { requestsPerSecond: 0 };

export type Entries = Record<string, Record<string, unknown>>;
export interface SampleConfig extends Record<string, unknown> {
  inbound: Entries;
  outbound: Entries;
}

function change(entries: Entries | undefined, how: (entry: Record<string, unknown>) => object): Entries {
  return Object.fromEntries(
    Object.entries(entries ?? {}).map(([name, entry]) => [name, { ...entry, ...how(entry) }] as const),
  );
}

/** The configuration of the sample with its folder in a workspace. */
export async function sampleConfig(baseUrl: string): Promise<SampleConfig> {
  const config = parse(await readFile(join(sample, 'config.yaml'), 'utf8')) as Record<string, Entries>;
  const mapping = (entry: Record<string, unknown>): string => join(sample, String(entry['mapping']));
  return {
    ledger: 'data/dray.db',
    folders: { erp: { path: 'erp' } },
    providers: change(config['providers'], () => ({
      definition: 'provider.yaml',
      baseUrl,
      // One after another: records are numbered in the order in which they arrive.
      limits: { rate: '1000/s', concurrency: 1 },
      retry: { base: '20ms', cap: '50ms' },
    })),
    inbound: change(config['inbound'], (entry) => ({ mapping: mapping(entry), quiet: '50ms' })),
    outbound: change(config['outbound'], (entry) => ({ mapping: mapping(entry) })),
  };
}

/** The definition as it ships, but for the minutes it waits between two reads of a record. */
export async function putDefinition(workspace: Workspace): Promise<void> {
  const directory = join(repository, 'mappings/flexport');
  const text = await readFile(join(directory, 'provider.yaml'), 'utf8');
  const quick = text
    .replaceAll(/every: \d+m/g, 'every: 1ms')
    // What is not there now will not come: the sandbox's clock stands still.
    .replaceAll(/longest: \w+ }/g, 'longest: 1ms }')
    .replaceAll('body: schemas/', `body: ${directory}/schemas/`);
  await workspace.put('provider.yaml', quick);
}

/** A text as goldens hold it: days of the sandbox moved to those that are shown, our own day to one after them. */
export function shownAs(text: string): string {
  const moved = text.replaceAll(/(?<!\d)\d{4}-\d\d-\d\d(?!\d)/g, (day) => {
    const time = Date.parse(day);
    const isOfSandbox = time >= START - DAY_MS && time < START + 10 * DAY_MS;
    return isOfSandbox ? new Date(time - START + SHOWN_START).toISOString().slice(0, 10) : day;
  });
  return moved
    .replaceAll(/(?<=expected )[\d-]{10}(?= or later)/g, '2026-05-19')
    .replaceAll(/(?<=after now, )[\d-]{10}T[\d:]+Z/g, '2026-05-14T15:00:00Z');
}
