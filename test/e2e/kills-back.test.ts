import { rm } from 'node:fs/promises';
import process from 'node:process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkBack, type BackEvidence } from '../support/kill/back/check.ts';
import { moments } from '../support/kill/back/points.ts';
import { makeBase, runBackPlan, type BackPlan } from '../support/kill/back/scenario.ts';
import { describeBackFailures, sweepBack } from '../support/kill/back/sweep.ts';
import { backTamperings } from '../support/kill/back/tamper.ts';
import { plantBug, publishAgain, type PlantedBug } from '../support/kill/planted.ts';

const seed = Number(process.env['DRAY_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
/** DRAY_KILL_POINTS=20 for the whole of it. */
const runs = Number(process.env['DRAY_KILL_POINTS'] ?? 1);
const MOST_MS_PER_RUN = 15_000;
const BUG_MS = 120_000;

describe('a process that is killed on the way back', () => {
  it(
    'puts each fact in one file, without a hole in the numbers, wherever between a page and its file it dies',
    { timeout: (runs * moments.length + 10) * MOST_MS_PER_RUN },
    async () => {
      console.log(`DRAY_SEED=${seed}: ${runs} runs at each of ${moments.length} moments of the way back`);
      const { figures, failures } = await sweepBack(seed, runs);
      if (runs > 1) console.table(figures);
      expect(await describeBackFailures(failures)).toBe('');
      expect(figures.filter((figure) => figure.kills < runs)).toEqual([]);
    },
  );
});

describe('the checks of the way back find', () => {
  it('a file that is published again because its reader has taken it', { timeout: BUG_MS }, async () => {
    expect(await bugAt(publishAgain, 'renamed')).toContainEqual(expect.stringMatching(/ is in the files 2 times/));
  });

  it('a cursor that moves before its items are stored', { timeout: BUG_MS }, async () => {
    expect(await bugAt(cursorFirst, 'page of a stream fetched')).toContainEqual(
      expect.stringMatching(/ is in the files 0 times instead of 1 times/),
    );
  });

  it('whatever breaks a promise, and nothing in evidence that is left alone', { timeout: BUG_MS }, async () => {
    const evidence = await evidenceOf('renamed');
    expect(checkBack(evidence)).toEqual([]);
    for (const { name, apply, finds } of backTamperings)
      expect(checkBack(apply(evidence)), name).toContainEqual(expect.stringMatching(finds));
  });
});

const cursorFirst: PlantedBug = {
  file: 'src/outbound/collect/collect.ts',
  find: `    found += await parts.ledger.storePage({ provider, feed: feed.name, items, cursor: next, ...watched });\n`,
  replace: `    await parts.ledger.storePage({ provider, feed: feed.name, items: [], cursor: next, ...watched });
    found += await parts.ledger.storePage({ provider, feed: feed.name, items, cursor: next });\n`,
};

const WORKLOAD = 7;

function planOf(name: string, nth: number): BackPlan {
  const moment = moments.find((one) => one.name === name);
  if (moment === undefined) throw new Error(`no moment is called ${name}`);
  return { moment: name, workload: WORKLOAD, first: { pattern: moment.pattern, nth, side: moment.side } };
}

async function evidenceOf(name: string): Promise<BackEvidence> {
  const base = await makeBase(WORKLOAD);
  onTestFinished(() => rm(base.directory, { recursive: true, force: true }));
  return (await runBackPlan(base, planOf(name, 1))).evidence;
}

/** Plants a bug and kills at a moment, one place after the other, until a violation shows. */
async function bugAt(bug: PlantedBug, name: string): Promise<readonly string[]> {
  const planted = await plantBug(bug);
  onTestFinished(() => planted.remove());
  const base = await makeBase(WORKLOAD);
  onTestFinished(() => rm(base.directory, { recursive: true, force: true }));
  for (let nth = 1; nth <= 4; nth++) {
    const { violations } = await runBackPlan(base, planOf(name, nth), planted.tree);
    if (violations.length > 0) return violations;
  }
  return [];
}
