import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import type { AttemptEnd, Ledger } from '../../../src/core/ledger.ts';
import type { Provider } from '../../../src/core/provider.ts';
import { createLane } from '../../../src/inbound/lane/lane.ts';
import { openLedger } from '../../../src/ledger/index.ts';
import { createTestLog, temporaryDirectory } from '../core/support.ts';
import { open as openProvider, operationOf, serve } from '../providers/support.ts';

export type Handler = Parameters<typeof serve>[0];

/** A lane of its own, to a provider that answers as told, in the time of this machine. */
export interface LaneScene {
  readonly ledger: Ledger;
  readonly provider: Provider;
  readonly ends: readonly AttemptEnd[];
  /** What the provider was asked, in order. */
  asked(): readonly string[];
  submit(key: string): Promise<void>;
  run(parts?: Partial<Ledger>): Promise<void>;
}

export async function createLaneScene(handler: Handler, definition: string): Promise<LaneScene> {
  const { url, received } = await serve(handler);
  const log = createTestLog();
  const ledger = await openLedger({ path: join(await temporaryDirectory(), 'dray.db'), clock: systemClock, log });
  onTestFinished(() => ledger.close());
  const provider = openProvider(definition, url);
  const ends: AttemptEnd[] = [];
  let drops = 0;
  const never = new AbortController().signal;
  return {
    ledger,
    provider,
    ends,
    asked: () => received.map(({ method, url: path, body }) => `${method} ${path} ${body}`.trim()),
    submit: (key) => submit(ledger, provider, ++drops, key),
    run: (own = {}) =>
      createLane(provider, { ledger: { ...ledger, ...own }, clock: systemClock, log, random: () => 0.5 }, (end) => {
        ends.push(end);
      }).run({ signal: never, cut: never, untilIdle: true }),
  };
}

async function submit(ledger: Ledger, provider: Provider, turn: number, key: string): Promise<void> {
  const operation = operationOf(provider, 'thing.create');
  const file = { part: '', path: `${turn}.csv`, size: 1, fingerprint: '', hash: `${turn}`, spool: '', target: '' };
  const { id } = await ledger.beginDrop('orders', 'erp', [file]);
  const submission = {
    provider: provider.name,
    operation: operation.name,
    key: `${key}-${turn}`,
    request: operation.freeze(`${key}-${turn}`, { Name: key }),
    isPrepared: operation.prepare === undefined,
  };
  const records = [['', 0, 1]] as const;
  await ledger.stageDocuments(id, [{ group: key, key, type: 'order', line: 2, records, issues: [], submission }]);
  const receipt = { isRefused: false, isAllOrNothing: false, issues: [], ignored: 0, files: [file], records: 1 };
  await ledger.receiveDrop(id, receipt);
}
