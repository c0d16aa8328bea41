import { rm } from 'node:fs/promises';
import { createRandom, type Random } from '../random.ts';
import { moments, occurrences, type KillMoment } from './points.ts';
import { runPostsPlan } from './posts.ts';
import { keepBackEvidence, makeBase, runBackPlan, traceBase } from './scenario.ts';
import type { BackBase, BackPlan, BackResult } from './scenario.ts';

/** What became of one moment. */
export interface MomentFigures {
  readonly moment: string;
  readonly runs: number;
  readonly kills: number;
  /** How many of the steps of its kind were met, of how many there are. */
  readonly met: number;
  readonly steps: number;
  readonly violations: number;
}

export interface BackSweep {
  readonly figures: readonly MomentFigures[];
  readonly failures: readonly BackResult[];
}

const WORKLOADS = 3;
const AT_ONCE = 3;
// What of a recovery there is to kill; a step beyond its end is a run without a second kill.
const RECOVERY_STEPS = 500;
const POSTS = 6;

interface Prepared {
  readonly base: BackBase;
  readonly trace: readonly string[];
}

/** Kills at every moment so many times, each time somewhere else if there is a somewhere else. */
export async function sweepBack(seed: number, runsPerMoment: number): Promise<BackSweep> {
  const random = createRandom(seed);
  const seeds = Array.from({ length: WORKLOADS }, () => random.below(1_000_000));
  const prepared: Prepared[] = [];
  try {
    for (const one of seeds) {
      const base = await makeBase(one);
      prepared.push({ base, trace: await traceBase(base) });
    }
    const planned = moments.flatMap((moment) => planMoment(moment, runsPerMoment, prepared, random));
    const results = await runAll(planned);
    return {
      figures: moments.map((moment) => figuresOf(moment, results, prepared)),
      failures: results.filter(({ violations }) => violations.length > 0),
    };
  } finally {
    for (const { base } of prepared) await rm(base.directory, { recursive: true, force: true });
  }
}

interface Planned {
  readonly plan: BackPlan;
  readonly base: BackBase;
  readonly scene: KillMoment['scene'];
}

function planMoment(moment: KillMoment, runs: number, prepared: readonly Prepared[], random: Random): Planned[] {
  const { name, pattern, side, scene } = moment;
  const places = shuffled(
    prepared.flatMap(({ base, trace }) =>
      Array.from({ length: stepsOf(moment, trace) }, (_, index) => ({ base, nth: index + 1 })),
    ),
    random,
  );
  return Array.from({ length: runs }, (_, index) => {
    const { base, nth } = places[index % places.length] ?? { base: random.pick(prepared).base, nth: 1 };
    const second = { step: 1 + random.below(RECOVERY_STEPS), side: random.pick(['before', 'after'] as const) };
    const plan: BackPlan = {
      moment: name,
      workload: base.workload.seed,
      first: { pattern, nth, side },
      isQuick: index % 3 !== 2,
      ...(index % 2 === 1 && scene !== 'posts' ? { second } : {}),
    };
    return { plan, base, scene };
  });
}

/** Events come as the test sends them: there are as many as it can count on. */
function stepsOf(moment: KillMoment, trace: readonly string[]): number {
  if (moment.scene !== 'posts') return occurrences(moment, trace);
  return moment.name.startsWith('feeds') ? 2 : POSTS;
}

function shuffled<Value>(values: readonly Value[], random: Random): Value[] {
  return values
    .map((value) => ({ value, at: random.below(2 ** 30) }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}

async function runAll(planned: readonly Planned[]): Promise<BackResult[]> {
  const results: BackResult[] = [];
  const waiting = planned.values();
  const work = async (): Promise<void> => {
    for (const { plan, base, scene } of waiting)
      results.push(await (scene === 'posts' ? runPostsPlan(base, plan) : runBackPlan(base, plan)));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}

function figuresOf(moment: KillMoment, results: readonly BackResult[], prepared: readonly Prepared[]): MomentFigures {
  const own = results.filter(({ plan }) => plan.moment === moment.name);
  return {
    moment: moment.name,
    runs: own.length,
    kills: own.reduce((sum, { kills }) => sum + kills, 0),
    met: new Set(own.map(({ plan }) => `${plan.workload} ${plan.first.nth}`)).size,
    steps: prepared.reduce((sum, { trace }) => sum + stepsOf(moment, trace), 0),
    violations: own.filter(({ violations }) => violations.length > 0).length,
  };
}

/** What went wrong, with the commands that repeat it; empty when nothing did. */
export async function describeBackFailures(failures: readonly BackResult[]): Promise<string> {
  const told = failures.map(async (failure) =>
    [
      `${failure.plan.moment}:`,
      ...failure.violations,
      `kept in ${await keepBackEvidence(failure)}`,
      `repeat: node test/support/kill/back/repeat.ts '${JSON.stringify(failure.plan)}'`,
    ].join('\n'),
  );
  return (await Promise.all(told)).join('\n\n');
}
