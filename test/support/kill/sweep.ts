import { createRandom, type Random } from './random.ts';
import { runPlan, type KillPlan, type PlanOptions, type PlanResult } from './scenario.ts';
import type { KillPoint } from './victim.ts';

/** A workload whose undisturbed run has been watched. */
export interface Baseline {
  readonly workload: number;
  /** The durable steps of its first start. */
  readonly steps: readonly string[];
}

const WIDTH = 3;

/** Runs plans two at a time, in order. With `stopsEarly` no plan begins once one has shown a violation. */
export async function runPlans(
  plans: readonly KillPlan[],
  { stopsEarly = false, ...options }: PlanOptions & { stopsEarly?: boolean } = {},
): Promise<PlanResult[]> {
  const results: PlanResult[] = [];
  const waiting = plans.values();
  const work = async (): Promise<void> => {
    for (const plan of waiting) {
      if (stopsEarly && results.some(({ violations }) => violations.length > 0)) return;
      results.push(await runPlan(plan, options));
    }
  };
  await Promise.all(Array.from({ length: WIDTH }, work));
  return results;
}

/** Seeds of the workloads of a sweep. */
export function workloadSeeds(seed: number, count: number): number[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => random.below(1_000_000));
}

/** Plans kills over all baselines: before or after any step, and a second one while the program recovers. */
export function planKills(seed: number, count: number, baselines: readonly Baseline[]): KillPlan[] {
  const random = createRandom(seed + 1);
  return Array.from({ length: count }, (_, index) => {
    const { workload, steps } = random.pick(baselines);
    const first = pointIn(steps, random);
    // What is left to do, and the start itself; a point beyond the end is a run without a second kill.
    const left = Math.max(40, steps.length - first.step + 40);
    return {
      workload,
      first,
      second: { step: 1 + random.below(left), side: sideOf(random) },
      skipsIdle: index % 3 !== 0,
    };
  });
}

/** Statements inside a transaction leave nothing behind when they are cut off: half of all kills go to steps that do. */
const LASTING = /^(promises\.|handle\.|fs\.|socket\.|sql\.exec COMMIT)/;

function pointIn(steps: readonly string[], random: Random): KillPoint {
  const lasting = steps.flatMap((step, index) => (LASTING.test(step) ? [index + 1] : []));
  const step = random.chance(0.5) && lasting.length > 0 ? random.pick(lasting) : 1 + random.below(steps.length);
  return { step, side: sideOf(random) };
}

function sideOf(random: Random): KillPoint['side'] {
  return random.chance(0.5) ? 'before' : 'after';
}

/** Kills on both sides of each step whose description matches, without a second kill. */
export function plansAround(baseline: Baseline, pattern: RegExp): KillPlan[] {
  return baseline.steps.flatMap((label, index) => {
    if (!pattern.test(label)) return [];
    return (['after', 'before'] as const).map((side) => ({
      workload: baseline.workload,
      first: { step: index + 1, side },
    }));
  });
}

/** What went wrong, with the commands that repeat it; empty when nothing did. */
export function describeFailures(results: readonly PlanResult[]): string {
  return results
    .filter(({ violations }) => violations.length > 0)
    .map(({ plan, violations, directory }) =>
      [
        ...violations,
        `kept in ${directory}`,
        `repeat: node test/support/kill/repeat.ts '${JSON.stringify(plan)}'`,
      ].join('\n'),
    )
    .join('\n\n');
}
