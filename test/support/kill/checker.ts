import { checkInbound } from './check-inbound.ts';
import { checkOutbound } from './check-outbound.ts';
import { checkProvider } from './check-provider.ts';
import type { Evidence, LedgerDump, Phase } from './evidence.ts';

/** Says what is wrong: the name of the invariant, then words. */
export type Report = (invariant: string, problem: string) => void;

/** What is true when everything is done. */
export interface Settled extends Evidence {
  /** The last start that had something to do. */
  readonly last: Phase & { readonly dump: LedgerDump };
  /** The start after it; the same one when that was left out. */
  readonly idle: Phase & { readonly dump: LedgerDump };
}

/** Tests every invariant; answers one readable line per violation. */
export function check(evidence: Evidence): string[] {
  const violations: string[] = [];
  const report: Report = (invariant, problem) => void violations.push(`${invariant}: ${problem}`);
  checkEnds(evidence, report);
  const idle = evidence.phases.at(-1);
  const last = evidence.phases.at(evidence.hasIdle ? -2 : -1);
  if (last?.dump === undefined || idle?.dump === undefined) {
    report('I6', 'there is no ledger after the last start');
    return violations;
  }
  const settled: Settled = { ...evidence, last: { ...last, dump: last.dump }, idle: { ...idle, dump: idle.dump } };
  checkInbound(settled, report);
  checkProvider(settled, report);
  checkOutbound(settled, report);
  return violations;
}

/** A process ends as planned, or by itself with a code that says what the books say (I11). */
function checkEnds({ phases, hasIdle }: Evidence, report: Report): void {
  for (const { name, mayBeKilled, finished } of phases) {
    const { code, signal, stderr } = finished;
    if (signal === 'SIGKILL' && mayBeKilled) continue;
    if (signal !== null)
      report('I11', `${name} ended by ${signal}${signal === 'SIGABRT' ? ' for it hung' : ''}: ${tail(stderr)}`);
    else if (code === null || ![0, 1, 3].includes(code))
      report('I11', `${name} ended with code ${code}: ${tail(stderr)}`);
  }
  const last = phases.at(-1)?.finished;
  if (last?.code === 3) report('I11', `work is left after the last start: ${tail(last.stderr)}`);
  if (hasIdle && last?.code !== 0) report('I11', `a start without work ended with code ${last?.code}`);
}

function tail(text: string): string {
  return text.trim().split('\n').slice(-4).join(' | ').slice(-800);
}

/** Counts how often each text occurs. */
export function tally(texts: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

/** Calls back for each text that does not occur equally often on both sides. */
export function differences(
  expected: Iterable<string>,
  found: Iterable<string>,
  tell: (text: string, expected: number, found: number) => void,
): void {
  const [left, right] = [tally(expected), tally(found)];
  for (const text of new Set([...left.keys(), ...right.keys()])) {
    const [wanted, got] = [left.get(text) ?? 0, right.get(text) ?? 0];
    if (wanted !== got) tell(text, wanted, got);
  }
}
