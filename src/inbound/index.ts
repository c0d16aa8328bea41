import { Failure } from '../core/failure.ts';
import type { AttemptEnd, Drop } from '../core/ledger.ts';
import type { Provider } from '../core/provider.ts';
import { createSignalBox } from '../core/signal-box.ts';
import type { InboundFlow, InboundParts } from './flow.ts';
import { recoverDrop, type Taken } from './source/intake.ts';
import { createLane, type Lane } from './lane/lane.ts';
import type { Outcomes } from './report/report.ts';
import { createReporter, type Reporter } from './report/reporter.ts';
import type { Waiting } from './source/scan.ts';
import { createWatch, type Watch } from './source/watch.ts';

export { isBlank } from '../mapping/index.ts';
export { stageDrop } from './reading/stage.ts';
export { placedRecords, reopen } from './reading/reading.ts';
export { nextPosition, positionBefore } from './expect/sequence-number.ts';
export { overdue } from './expect/expect.ts';
export { lookAt } from './source/look.ts';
export { reportTrouble } from './report/reporter.ts';
export type { InboundFlow, InboundParts, StagingFlow, WatchedFlow } from './flow.ts';
export type { Waiting } from './source/scan.ts';

/** What the inbound leg tells while it works. */
export interface InboundEvents {
  taken(flow: string, fileName: string, how: Taken): void;
  /** The provider has answered one more request. */
  answered(): void;
  reported(drop: Drop, outcomes: Outcomes): void;
  /** Files that say that drops came are ready to go out. */
  acknowledged?(): Promise<void>;
  /** A file that was expected has not come (`isOpen`), or has come late. In words. */
  incident(text: string, isOpen: boolean): void;
}

export interface RunSignals {
  /** No new work from here on. */
  readonly signal: AbortSignal;
  /** What is still in flight is cut off. */
  readonly cut: AbortSignal;
}

/** Watch → intake → submit → report. */
export interface Inbound {
  /** After a start: brings what a crash left to its next state. */
  recover(): Promise<void>;
  /** Works until the signal aborts. */
  run(signals: RunSignals): Promise<void>;
  /** Takes what is there, finishes it and returns. */
  runOnce(signals: RunSignals): Promise<void>;
  /** There may be new work in the ledger, or a person decided something. */
  wake(): void;
  waiting(): readonly Waiting[];
  /** What keeps work from being done, in words for people; empty when all is well. */
  troubles(): readonly string[];
  /** How many documents can only wait behind held ones with their keys. */
  blocked(): Promise<number>;
}

export interface InboundSetup {
  readonly flows: readonly InboundFlow[];
  readonly providers: readonly Provider[];
  readonly parts: InboundParts & { readonly random: () => number };
  readonly events: InboundEvents;
}

export function createInbound({ flows, providers, parts, events }: InboundSetup): Inbound {
  const reporter = createReporter(
    flows,
    parts,
    createSignalBox(),
    (drop, outcomes) => events.reported(drop, outcomes),
    () => events.acknowledged?.() ?? Promise.resolve(),
  );
  const receipts = createReceipts(flows, reporter);
  const onEnd = (end: AttemptEnd): void => {
    events.answered();
    if (end.state === 'accepted' || end.state === 'rejected' || end.state === 'held') reporter.wake();
  };
  const lanes = providers.map((provider) => createLane(provider, parts, onEnd));
  const onTaken = (flow: InboundFlow, fileName: string, how: Taken): void => {
    events.taken(flow.name, fileName, how);
    receipts.begin();
    reporter.wake();
    for (const lane of lanes) if (lane.provider === flow.provider) lane.wake();
  };
  const onIncident = (text: string, isOpen: boolean): void => events.incident(text, isOpen);
  const watches = flows.map((flow) => {
    const neighbours = flows.filter(
      ({ folder, directory }) => folder.name === flow.folder.name && directory === flow.directory,
    );
    return createWatch(flow, parts, (name, how) => onTaken(flow, name, how), onIncident, neighbours);
  });
  return {
    recover: () => recover(flows, parts),
    async run(signals) {
      await Promise.all([
        ...watches.map((watch) => watch.run({ ...signals, untilIdle: false })),
        ...lanes.map((lane) => lane.run({ ...signals, untilIdle: false })),
        reporter.run(signals.signal),
      ]);
    },
    async runOnce(signals) {
      await Promise.all(watches.map((watch) => watch.run({ ...signals, untilIdle: true })));
      await receipts.end();
      await Promise.all(lanes.map((lane) => lane.run({ ...signals, untilIdle: true })));
      await reporter.reportAll();
    },
    wake: () => {
      // A decision may have been the last thing a report waited for.
      reporter.wake();
      for (const lane of lanes) lane.wake();
      for (const watch of watches) watch.wake();
      reporter.wake();
    },
    waiting: () => watches.flatMap((watch) => watch.waiting()),
    blocked: async () => (await Promise.all(lanes.map((lane) => lane.blocked()))).reduce((sum, one) => sum + one, 0),
    troubles: () => [...watches.flatMap(watchTrouble), ...lanes.flatMap(laneTrouble), ...reporter.troubles()],
  };
}

/** Receipts go out while other drops are still being taken. */
function createReceipts(flows: readonly InboundFlow[], reporter: Reporter): { begin(): void; end(): Promise<void> } {
  const isWanted = flows.some(({ answers }) => answers?.isReceiptWanted === true);
  let failure: { readonly error: unknown } | undefined;
  let last: Promise<void> = Promise.resolve();
  return {
    begin() {
      if (!isWanted) return;
      last = reporter.acknowledgeAll().catch((error: unknown) => {
        failure ??= { error };
      });
    },
    async end() {
      await last;
      if (failure !== undefined) throw failure.error;
      if (isWanted) await reporter.acknowledgeAll();
    },
  };
}

function watchTrouble(watch: Watch): string[] {
  const trouble = watch.trouble();
  return trouble === undefined ? [] : [`flow ${watch.flow}: ${trouble}`];
}

const TROUBLES = {
  unreachable: (detail: string) => `it fails every time (${detail})`,
  refused: (detail: string, words: string | undefined) =>
    words === undefined
      ? `it refuses us (${detail}): check baseUrl and credentials`
      : `it refuses us (${detail}) and says "${words}": check credentials, what they may do, and baseUrl`,
  postponed: (detail: string) => `it asks to wait ${detail}; the rest is sent by the next run`,
  waiting: () => 'documents wait for what is not there yet, or for an answer about them; the next run goes on',
} as const;

function laneTrouble(lane: Lane): string[] {
  const trouble = lane.trouble();
  return trouble === undefined
    ? []
    : [`provider ${lane.provider}: ${TROUBLES[trouble.kind](trouble.detail, trouble.words)}`];
}

async function recover(flows: readonly InboundFlow[], parts: InboundParts): Promise<void> {
  const unknown = await parts.ledger.recoverSending();
  if (unknown > 0)
    parts.log.warn(
      { submissions: unknown },
      'requests were under way when the program ended; their outcome is looked up',
    );
  await parts.ledger.retireControls({
    expecting: flows.filter(({ expect }) => expect !== undefined).map(({ name }) => name),
    numbered: flows.filter(({ sequence }) => sequence !== undefined).map(({ name }) => name),
  });
  for (const drop of await parts.ledger.unsettledDrops()) {
    const flow = flows.find(({ name }) => name === drop.flow);
    if (flow === undefined) {
      parts.log.error({ drop: drop.id, flow: drop.flow }, 'a drop belongs to a flow that is no longer configured');
      continue;
    }
    try {
      await recoverDrop(drop, flow, parts);
    } catch (error) {
      // One folder that is away must not keep the others from starting; the drop is tried again at the next start.
      if (!(error instanceof Failure) || error.code === 'disk-error') throw error;
      parts.log.error({ drop: drop.id, flow: flow.name, failure: error.code }, 'a drop could not be recovered yet');
    }
  }
  await parts.spool.sweep(await parts.ledger.neededSpool());
}
