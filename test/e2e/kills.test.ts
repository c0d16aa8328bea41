import { rm } from 'node:fs/promises';
import process from 'node:process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { check } from '../support/kill/checker.ts';
import { moveBeforeFlip, plantBug, publishAgain, type PlantedBug } from '../support/kill/planted.ts';
import { runPlan, type PlanResult } from '../support/kill/scenario.ts';
import { describeFailures, planKills, plansAround, runPlans, workloadSeeds } from '../support/kill/sweep.ts';
import type { Baseline } from '../support/kill/sweep.ts';
import { tamperings } from '../support/kill/tamper.ts';

const seed = Number(process.env['DRAY_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const runs = Number(process.env['DRAY_KILLS'] ?? 60);
const WORKLOADS = 4;
const MOST_MS_PER_RUN = 10_000;
const BUG_MS = 60_000;
/** A workload without faults of the provider, whose outbound files are consumed. */
const CONSUMED_WORKLOAD = 8;

describe('a process that is killed', () => {
  it(
    'leaves every file, document and fact in exactly one place, wherever it is killed and killed again while it recovers',
    { timeout: (runs + WORKLOADS) * MOST_MS_PER_RUN },
    async () => {
      const workloads = workloadSeeds(seed, WORKLOADS).map((workload) => ({ workload }));
      const undisturbed = await runPlans(workloads, { isTraced: true });
      expect(describeFailures(undisturbed)).toBe('');
      const results = await runPlans(planKills(seed, runs, undisturbed.map(baselineOf)));
      const kills = results.reduce((sum, result) => sum + result.kills, 0);
      const steps = undisturbed.reduce((sum, result) => sum + result.steps.length, 0);
      console.log(
        `DRAY_SEED=${seed}: ${kills} kills in ${runs} runs, chosen from ${steps} steps of ${WORKLOADS} workloads`,
      );
      expect(describeFailures(results)).toBe('');
      expect(kills).toBeGreaterThanOrEqual(runs);
    },
  );
});

describe('the checks of the kills find', () => {
  it('a drop that is moved before its documents are safe', { timeout: BUG_MS }, async () => {
    const { undisturbed, found } = await sweepBug(moveBeforeFlip, /^promises\.rename .*\.claim$/);
    expect(describeFailures([undisturbed])).toBe('');
    expect(found).toContainEqual(expect.stringMatching(/^I1: \S+\/done\/\S+ \w+ lies there 0 times, placed 1 times/));
  });

  it('a file that is published again because its reader has taken it', { timeout: BUG_MS }, async () => {
    const { undisturbed, found } = await sweepBug(publishAgain, /^promises\.rename .*\/SHIPCONF_\d+\.csv$/);
    expect(describeFailures([undisturbed])).toBe('');
    expect(found).toContainEqual(
      expect.stringMatching(/^I5: shipconf\/.* was seen 2 times; the ledger has it 1 times/),
    );
  });

  it('whatever breaks an invariant, and nothing in evidence that is left alone', { timeout: BUG_MS }, async () => {
    const { evidence } = await runPlan({ workload: CONSUMED_WORKLOAD });
    expect(check(evidence)).toEqual([]);
    for (const { invariant, name, apply } of tamperings) {
      expect(check(apply(evidence)), name).toContainEqual(expect.stringMatching(new RegExp(`^${invariant}: `)));
    }
  });
});

function baselineOf({ plan, steps }: PlanResult): Baseline {
  return { workload: plan.workload, steps };
}

/** Plants a bug and kills around the steps that matter to it until a violation shows; answers the violations. */
async function sweepBug(
  bug: PlantedBug,
  around: RegExp,
): Promise<{ undisturbed: PlanResult; found: readonly string[] }> {
  const planted = await plantBug(bug);
  const { tree } = planted;
  onTestFinished(() => planted.remove());
  const undisturbed = await runPlan({ workload: CONSUMED_WORKLOAD, skipsIdle: true }, { tree, isTraced: true });
  const plans = plansAround(baselineOf(undisturbed), around);
  expect(plans).not.toHaveLength(0);
  const results = await runPlans(plans, { tree, stopsEarly: true });
  for (const { directory } of results) if (directory !== undefined) await rm(directory, { recursive: true });
  return { undisturbed, found: results.flatMap(({ violations }) => violations) };
}
