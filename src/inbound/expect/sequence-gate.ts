import type { SequencePosition, SequenceState } from '../../core/ledger.ts';
import { baseName, type InboundFlow, type InboundParts } from '../flow.ts';
import type { Picked } from '../source/intake.ts';
import { distance, isInName, nameReader, nextPosition, positionOf } from './sequence-number.ts';

/** Keeps files of a flow in the order of their numbers, where gaps are waited for. */
export interface SequenceGate {
  /** Lower numbers first; files whose names say nothing keep their places behind them. */
  sort(ready: readonly Picked[]): Promise<readonly Picked[]>;
  /** Why a file has to wait, in words; undefined when it may be taken. */
  wait(picked: Picked): Promise<string | undefined>;
  /** Remembers the number that reading a file showed, so that it is not read again and again. */
  remember(picked: Picked, number: number): void;
  /**
   * After all files were looked at: notes the wait, or its end, and that it has lasted too long. `isSettling`: files are there
   * that were not yet looked at, and the one that waits may be among them.
   */
  endRound(isSettling: boolean): Promise<void>;
}

export function createSequenceGate(flow: InboundFlow, parts: InboundParts): SequenceGate {
  const { sequence: rule } = flow;
  if (rule === undefined) return openGate;
  const { ledger, clock, log } = parts;
  const ofName = isInName(rule) ? nameReader(rule) : () => undefined;
  const known = new Map<string, { readonly fingerprint: string; readonly number: number }>();
  // Paths of files that had to wait in this round.
  const waiting = new Set<string>();
  const numberOf = (picked: Picked): number | undefined => {
    const { path = '', fingerprint } = picked.get('') ?? {};
    const remembered = known.get(path);
    return ofName(baseName(path)) ?? (remembered?.fingerprint === fingerprint ? remembered?.number : undefined);
  };
  const behind = (number: number, last: SequencePosition): number =>
    distance(last, positionOf(number, last, rule), rule);
  const waitedFor = async (state: SequenceState): Promise<void> => {
    const now = clock.now();
    // A wall clock that was set back must not make the wait endless.
    const since = Math.min(state.waitingSince ?? now, now);
    if (since !== state.waitingSince) await ledger.noteSequenceWait(flow.name, since);
    if (now - since < rule.forMs) return;
    const { number } = nextPosition(state, rule);
    if (await ledger.openIncident(flow.name, 'sequence-gap', `number ${number}`))
      log.error({ flow: flow.name, missing: number }, 'files wait for an earlier one that has not come');
  };
  return {
    async sort(ready) {
      const last = (await ledger.sequenceState(flow.name)) ?? { cycle: 0, number: rule.first - 1 };
      const order = (picked: Picked): number => {
        const number = numberOf(picked);
        return number === undefined ? Infinity : behind(number, last);
      };
      return [...ready].sort((a, b) => Math.sign(order(a) - order(b)) || 0);
    },
    async wait(picked) {
      const number = numberOf(picked);
      const last = number === undefined || rule.gap !== 'wait' ? undefined : await ledger.sequenceState(flow.name);
      if (number === undefined || last === undefined || behind(number, last) <= 1) return undefined;
      waiting.add(picked.get('')?.path ?? '');
      return waitWords(flow.name, nextPosition(last, rule).number, number);
    },
    remember(picked, number) {
      const { path, fingerprint } = picked.get('') ?? {};
      if (path !== undefined && fingerprint !== undefined) known.set(path, { fingerprint, number });
    },
    async endRound(isSettling) {
      const state = await ledger.sequenceState(flow.name);
      const hasWaits = waiting.size > 0;
      for (const path of known.keys()) if (!isSettling && !waiting.has(path)) known.delete(path);
      waiting.clear();
      if (state === undefined) return;
      if (hasWaits) await waitedFor(state);
      else if (state.waitingSince !== undefined && !isSettling) await ledger.noteSequenceWait(flow.name, undefined);
    },
  };
}

/** Why the file with a number is left where it is. */
export function waitWords(flow: string, missing: number, number: number): string {
  return `waits for number ${missing}, which has not come; to go on without it: dray ledger sequence ${flow} --next ${number}`;
}

const openGate: SequenceGate = {
  sort: (ready) => Promise.resolve(ready),
  wait: () => Promise.resolve(undefined),
  remember: () => undefined,
  endRound: () => Promise.resolve(),
};
