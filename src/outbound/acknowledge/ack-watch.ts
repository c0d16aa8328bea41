import type { Clock } from '../../core/clock.ts';
import type { Folder } from '../../core/folder.ts';
import type { AwaitedCode } from '../../core/ledger.ts';
import { judgeFlow, type JudgeParts } from './ack-judge.ts';
import { lookForFiles } from './ack-look.ts';
import type { Guarded } from '../deliver/deliver-all.ts';
import type { OutboundFlow } from '../flow.ts';

/** Watches what becomes of files after they went out. */
export interface AnswerWatch {
  /** Before files go out: from now on they are awaited, where their flow says so. */
  begin(): Promise<void>;
  /** Looks once whether they were taken, and judges what is overdue. */
  look(): Promise<void>;
  /** Looks again and again until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
  /** Something was said of files of a flow. */
  judge(flow: string): Promise<void>;
}

export interface AnswerWatchParts extends JudgeParts {
  readonly clock: Clock;
  readonly folders: ReadonlyMap<string, Folder>;
}

const SHORTEST_MS = 1000;
const LONGEST_MS = 300_000;

export function createAnswerWatch(
  flows: readonly OutboundFlow[],
  parts: AnswerWatchParts,
  guarded: Guarded,
): AnswerWatch {
  let turn = 0;
  const lookedUpTo = async (flow: OutboundFlow): Promise<number | undefined> => {
    if (flow.collected === undefined) return undefined;
    let upTo: number | undefined;
    await guarded(`files of ${flow.name}`, async () => {
      upTo = await lookForFiles(flow, parts, turn);
      return undefined;
    });
    return upTo;
  };
  const judge = async (flow: Parameters<typeof judgeFlow>[0], upTo: number | undefined): Promise<void> => {
    await guarded(`answers of ${flow.name}`, async () => {
      await judgeFlow(flow, upTo, parts);
      return undefined;
    });
  };
  const look = async (): Promise<void> => {
    for (const flow of flows) await judge(flow, await lookedUpTo(flow));
    turn++;
  };
  return {
    look,
    async begin() {
      const awaited = flows.flatMap(awaitedOf);
      await parts.ledger.retireAwaiting(awaited);
      for (const { flow, code } of awaited) await parts.ledger.beginAwaiting(flow, code, parts.clock.now());
    },
    async run(signal) {
      const pauseMs = pauseOf(flows);
      while (!signal.aborted) {
        await look();
        await parts.clock.sleep(pauseMs, signal);
      }
    },
    async judge(name) {
      const flow = flows.find((one) => one.name === name) ?? { name };
      await judge(flow, undefined);
    },
  };
}

function awaitedOf({ name, collected, acknowledged }: OutboundFlow): { flow: string; code: AwaitedCode }[] {
  return [
    ...(collected === undefined ? [] : [{ flow: name, code: 'file-uncollected' } as const]),
    ...(acknowledged === undefined ? [] : [{ flow: name, code: 'file-unacknowledged' } as const]),
  ];
}

/** A quarter of the shortest time that is given: what is overdue is told soon after, and listings stay rare. */
function pauseOf(flows: readonly OutboundFlow[]): number {
  const given = flows.flatMap(({ collected, acknowledged }) => [collected, acknowledged]);
  const shortest = Math.min(LONGEST_MS * 4, ...given.flatMap((rule) => (rule === undefined ? [] : [rule.withinMs])));
  return Math.max(SHORTEST_MS, shortest / 4);
}
