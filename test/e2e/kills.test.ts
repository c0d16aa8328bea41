import process from 'node:process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { moveBeforeFlip, plantBug, publishAgain, type PlantedBug } from '../support/kill/planted.ts';
import type { PlanResult } from '../support/kill/scenario.ts';
import {
  describeFailures,
  planKills,
  plansAround,
  runPlans,
  workloadSeeds,
  type Baseline,
} from '../support/kill/sweep.ts';

const seed = Number(process.env['DRAY_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const runs = Number(process.env['DRAY_KILLS'] ?? 60);
const MS_PER_RUN = 10_000;
const WORKLOADS = 6;
const BUG_MS = 60_000;
/** A workload whose outbound files are consumed, with several drops; see the first test of the planted bugs. */
const CONSUMED_WORKLOAD = 8;

describe('a process that is killed', () => {
  it(
    'leaves every file, document and fact in exactly one place, wherever it is killed and killed again while it recovers',
    async () => {
      const undisturbed = await runPlans(
        workloadSeeds(seed, WORKLOADS).map((workload) => ({ workload })),
        { isTraced: true },
      );
      expect(describeFailures(undisturbed)).toBe('');
      const plans = planKills(seed, runs, undisturbed.map(baselineOf));
      const results = await runPlans(plans);
      const kills = results.reduce((sum, result) => sum + result.kills, 0);
      const steps = undisturbed.map((result) => result.steps.length).join(', ');
      console.log(`kills: seed ${seed} (DRAY_SEED), ${runs} runs, ${kills} kills over ${steps} steps`);
      expect(describeFailures(results)).toBe('');
      expect(kills).toBeGreaterThanOrEqual(runs);
    },
    Math.max(120_000, runs * MS_PER_RUN),
  );
});

describe('the checks of the kills find', () => {
  it('a drop that is moved before its documents are safe', { timeout: BUG_MS }, async () => {
    const { undisturbed, found } = await sweepBug(moveBeforeFlip, /^promises\.rename .*\.claim$/);
    expect(describeFailures([undisturbed])).toBe('');
    expect(found).toContainEqual(expect.stringMatching(/^I1: orders\/done\/a-plain\.csv .* lies there 0 times/));
  });

  it('a file that is published again because its reader has taken it', { timeout: BUG_MS }, async () => {
    const { undisturbed, found } = await sweepBug(publishAgain, /^promises\.rename .*\/shipconf\/[^.]*$/);
    expect(describeFailures([undisturbed])).toBe('');
    expect(found).toContainEqual(
      expect.stringMatching(/^I5: shipconf\/.* was seen 2 times; the ledger has it 1 times/),
    );
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
  const [undisturbed] = await runPlans([{ workload: CONSUMED_WORKLOAD }], { tree, isTraced: true });
  if (undisturbed === undefined) throw new Error('nothing was run');
  const plans = plansAround(baselineOf(undisturbed), around);
  expect(plans).not.toHaveLength(0);
  const results = await runPlans(plans, { tree, stopsEarly: true });
  return { undisturbed, found: results.flatMap(({ violations }) => violations) };
}
