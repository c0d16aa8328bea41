import { Failure } from '../core/failure.ts';
import type { Folder } from '../core/folder.ts';
import type { OutboundFile } from '../core/ledger.ts';
import { createSignalBox } from '../core/signal-box.ts';
import { createAnswerWatch } from './acknowledge/ack-watch.ts';
import { buildFile } from './file/build.ts';
import { collectFeed, type CollectOptions } from './collect/collect.ts';
import { deliverAll, type Guarded, type NameWait } from './deliver/deliver-all.ts';
import type { OutboundFlow, OutboundParts } from './flow.ts';
import { recollect } from './file/recollect.ts';
import { withdrawFile } from './file/withdraw.ts';

export { archiveTemplate, fileNameTemplate, markerPath, type FileName } from './file/file-name.ts';
export { createAcknowledger } from './acknowledge/ack-provider.ts';
export { acknowledgementSchema } from './acknowledge/ack-schema.ts';
export { recollectionProblem } from './file/recollect.ts';
export { withdrawFile } from './file/withdraw.ts';
export type { NameWait } from './deliver/deliver-all.ts';
export { at, every } from './schedule.ts';
export type { OutboundFlow, OutboundParts } from './flow.ts';

export interface OutboundEvents {
  published(file: OutboundFile): void;
  /** Files that went out were not taken or not acknowledged in time, or were declined (`isOpen`); or that is over. */
  awaited?(text: string, isOpen: boolean): void;
}

/** Collect → write → deliver. */
export interface Outbound {
  /** Works until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
  /** Runs every flow once that is due, and delivers everything that is built. */
  runOnce(signal: AbortSignal): Promise<void>;
  /** There may be files to deliver. */
  wake(): void;
  /** Delivers everything that is built, now. */
  deliver(): Promise<void>;
  /** The reader of a flow's files said something of them. */
  answered(flow: string): Promise<void>;
  /** Withdraws a file that is not out; answers whether it could. */
  withdraw(fileId: number): Promise<boolean>;
  troubles(): readonly string[];
  /** Flows whose files wait for their name since the last delivery. */
  waiting(): readonly NameWait[];
}

export interface OutboundSetup {
  readonly flows: readonly OutboundFlow[];
  /** Every folder a file may have to be delivered to, by name. */
  readonly folders: ReadonlyMap<string, Folder>;
  readonly parts: OutboundParts;
  readonly events: OutboundEvents;
}

// Failures of a flow or a folder are met again after this time, unless the provider asks for another.
const RETRY_MS = 15_000;
const LONGEST_WAIT_MS = 60_000;
/** A run that ends leaves a report that is still being made to the next one. */
const PATIENCE_MS = 90_000;
// No feed has such a name.
const DELIVERIES = 'deliveries';

export function createOutbound({ flows, folders, parts, events }: OutboundSetup): Outbound {
  const box = createSignalBox();
  const troubles = new Map<string, string>();
  const turns = new Map<string, Promise<unknown>>();
  const guarded: Guarded = async (name, work) => {
    try {
      const trouble = await work();
      if (trouble === undefined) troubles.delete(name);
      else troubles.set(name, trouble);
      return undefined;
    } catch (error) {
      return noteTrouble(name, error, troubles, parts);
    }
  };
  const runFlow: RunFlow = (flow, signal, options) =>
    guarded(`flow ${flow.name}`, async () => {
      const startedAt = parts.clock.now();
      const told: string[] = [];
      let isLeft = false;
      // Flows may share a feed; two walks of one snapshot would undo each other.
      const { deferred } = await inTurn(turns, `${flow.provider} ${flow.feed.name}`, async () => {
        const onLeft = (): void => void (isLeft = true);
        const found = await collectFeed(flow, parts, signal, {
          tell: (trouble) => told.push(trouble),
          onLeft,
          ...options,
        });
        // A walk that was broken off is no snapshot, and nothing new is no empty file.
        if (signal.aborted) throw new Failure('stopped');
        // Where the report is yet to come, a file without rows would say that nothing happened.
        const isEarly = isLeft && found === 0;
        const built = isEarly ? await nothingBuilt(flow, parts) : await buildFile(flow, parts);
        const wish = await parts.ledger.openRecollection(flow.name);
        if (wish !== undefined) await recollect(flow, parts, wish, signal);
        return built;
      });
      // What was left for later is due at the next run, whatever the schedule says.
      if (!isLeft) await parts.ledger.recordRun(flow.name, startedAt);
      if (deferred > 0) told.push(`${deferred} items cannot be written as mapped`);
      return told.length === 0 ? undefined : told.join('; ');
    });
  let waiting: readonly NameWait[] = [];
  // Nothing is withdrawn while it goes out.
  const deliver = (): Promise<void> =>
    inTurn(turns, DELIVERIES, async () => {
      waiting = await deliverAll(folders, parts, guarded, (file) => events.published(file));
    });
  const answers = createAnswerWatch(
    flows,
    { ...parts, folders, onIncident: (text, isOpen) => events.awaited?.(text, isOpen) },
    guarded,
  );
  return {
    wake: box.wake,
    deliver,
    answered: (flow) => answers.judge(flow),
    withdraw: (fileId) => inTurn(turns, DELIVERIES, () => withdrawFile(fileId, folders, parts)),
    troubles: () => [...troubles].map(([name, words]) => `${name}: ${words}`),
    waiting: () => waiting,
    async run(signal) {
      await answers.begin();
      const deliverOn = async (): Promise<void> => {
        while (!signal.aborted) {
          await deliver();
          await box.wait(RETRY_MS, parts.clock, signal);
        }
      };
      await Promise.all([
        deliverOn(),
        answers.run(signal),
        ...flows.map((flow) => runScheduled(flow, parts, signal, runFlow, box.wake)),
      ]);
    },
    async runOnce(signal) {
      await answers.begin();
      const runDue = async (flow: OutboundFlow): Promise<void> => {
        const isDue = flow.runsOnDemand || (await untilDueMs(flow, parts)) <= 0;
        if (isDue && !signal.aborted) await runFlow(flow, signal, { patienceMs: PATIENCE_MS });
      };
      const runInTurn = async (): Promise<void> => {
        for (const flow of flows) if (flow.feed.reporting === undefined) await runDue(flow);
        await deliver();
      };
      // Reports are waited for: what can be had at once is not to wait with them.
      const reports = flows.filter(({ feed }) => feed.reporting !== undefined);
      await Promise.all([runInTurn(), ...reports.map(runDue)]);
      if (reports.length > 0) await deliver();
      await answers.look();
    },
  };
}

async function nothingBuilt({ name }: OutboundFlow, { ledger }: OutboundParts): Promise<{ deferred: number }> {
  return { deferred: (await ledger.deferredItems(name)).length };
}

/** Runs work under one name one after the other. */
async function inTurn<Result>(
  turns: Map<string, Promise<unknown>>,
  name: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const turn = (turns.get(name) ?? Promise.resolve()).then(work);
  turns.set(
    name,
    turn.catch(() => undefined),
  );
  return turn;
}

/** Answers why it failed; undefined when it did not. */
type RunFlow = (
  flow: OutboundFlow,
  signal: AbortSignal,
  options?: Pick<CollectOptions, 'patienceMs'>,
) => Promise<Failure | undefined>;

async function runScheduled(
  flow: OutboundFlow,
  parts: OutboundParts,
  signal: AbortSignal,
  runFlow: RunFlow,
  onBuilt: () => void,
): Promise<void> {
  while (!signal.aborted) {
    const waitMs = await untilDueMs(flow, parts);
    if (waitMs > 0) {
      await (flow.bell ?? parts.clock).sleep(Math.min(waitMs, LONGEST_WAIT_MS), signal);
      continue;
    }
    const failure = await runFlow(flow, signal);
    if (failure === undefined) onBuilt();
    else await parts.clock.sleep(failure.retryAfterMs ?? RETRY_MS, signal);
  }
}

/** Milliseconds until a flow has to run; not above 0 when it has to run now. */
async function untilDueMs(flow: OutboundFlow, parts: OutboundParts): Promise<number> {
  const now = parts.clock.now();
  const { lastRunAt } = await parts.ledger.flowState(flow.name);
  const next = flow.schedule.next(lastRunAt, now);
  // A time of day counts from when the flow was first seen; without that mark its next time would move on for ever.
  if (lastRunAt === undefined && next > now) await parts.ledger.recordRun(flow.name, now);
  // What a person asked for does not wait for the time of day.
  return (await parts.ledger.openRecollection(flow.name)) === undefined ? next - now : 0;
}

function noteTrouble(name: string, error: unknown, troubles: Map<string, string>, parts: OutboundParts): Failure {
  if (!(error instanceof Failure) || error.code === 'disk-error' || error.code.startsWith('ledger-')) throw error;
  if (error.code === 'stopped') return error;
  if (troubles.get(name) !== error.message) {
    parts.log.error(
      { at: name, failure: error.code, detail: error.message },
      'outbound work failed; it is tried again',
    );
  }
  troubles.set(name, error.message);
  return error;
}
