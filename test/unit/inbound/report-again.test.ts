import { rm, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/core/failure.ts';
import { createIssue } from '../../../src/core/issue.ts';
import type { AttemptEnd, Claim } from '../../../src/core/ledger.ts';
import { createSignalBox } from '../../../src/core/signal-box.ts';
import { createReporter, type Reporter } from '../../../src/inbound/report/reporter.ts';
import { createBench, endAll, required, sheet, type Bench } from './support.ts';

const HEADER = 'Id,Name,Sku,Qty';
const COLUMNS = 'drop,line,key,status,code,column,value,message,reference\r\n';

const holding = (claim: Claim): Partial<AttemptEnd> =>
  claim.key === 'B'
    ? {}
    : { state: 'held', outcome: 'AMBIGUOUS', issues: [createIssue('outcome-unknown', {})], detail: '500' };
const refusing = (): Partial<AttemptEnd> => ({
  state: 'rejected',
  outcome: 'FIX_DATA',
  issues: [createIssue('refused-by-provider', {})],
  detail: '400',
});

/** What is built and not published, by path. */
async function built({ ledger, spool }: Bench): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const { path, spool: name } of await ledger.unpublishedFiles()) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of spool.read(name)) chunks.push(chunk);
    files[path] = Buffer.concat(chunks).toString();
  }
  return files;
}

function reporterOf(bench: Bench): { reporter: Reporter; outcomes: object[] } {
  const outcomes: object[] = [];
  const reporter = createReporter([bench.flow], bench.parts, createSignalBox(), (_drop, ended) =>
    outcomes.push(Object.fromEntries(Object.entries(ended).filter(([, count]) => count > 0))),
  );
  return { reporter, outcomes };
}

/** A and C are held, B is accepted, and the result file says so. */
async function createScene() {
  const bench = await createBench();
  const { reporter, outcomes } = reporterOf(bench);
  await bench.put('in/a.csv', sheet(HEADER, 'A,Ann,S1,1', 'B,Bob,S1,1', 'C,Cid,S1,1', ',,,'));
  await bench.take('a.csv');
  await endAll(bench, holding);
  await reporter.reportAll();
  expect(outcomes).toEqual([{ accepted: 1, held: 2 }]);
  const first = required((await built(bench))['results/a.result.csv']);
  const idOf = async (key: string): Promise<number> =>
    required((await bench.ledger.documents({ key, limit: 1 }))[0]?.submission?.id);
  return { bench, reporter, told: outcomes, first, idOf };
}

describe('what becomes of a held document', () => {
  test('that is released and refused is told in a further file and comes back in a reject sheet', async () => {
    const { bench, reporter, told, first, idOf } = await createScene();
    await bench.ledger.releaseSubmission(await idOf('A'));
    await reporter.reportAll();
    expect(told, 'before its end').toHaveLength(1);
    await endAll(bench, refusing);
    await reporter.reportAll();
    expect(told.at(-1)).toEqual({ rejected: 1 });
    const files = await built(bench);
    expect(Object.keys(files).sort()).toEqual([
      'results/a.1.result.csv',
      'results/a.rejected.csv',
      'results/a.result.csv',
    ]);
    expect(files['results/a.result.csv'], 'never changed').toBe(first);
    const [header, line, ...more] = required(files['results/a.1.result.csv']).split('\r\n');
    expect([`${header}\r\n`, more]).toEqual([COLUMNS, ['']]);
    expect(line).toMatch(/^a\.csv,2,A,rejected,refused-by-provider,/);
    expect(files['results/a.rejected.csv']).toMatch(/^Id,.*\nA,Ann,S1,1,"refused-by-provider"[^\n]*\n$/);
    const temporary = (await bench.ledger.unpublishedFiles()).map(({ temporaryPath }) => temporaryPath);
    expect(new Set(temporary).size, 'no file overwrites one that is not out yet').toBe(3);
    await reporter.reportAll();
    expect(told).toHaveLength(2);
  });

  test('that is released and accepted, or given up, is told the same way, each once', async () => {
    const { bench, reporter, told, idOf } = await createScene();
    await bench.ledger.releaseSubmission(await idOf('A'));
    await endAll(bench);
    await reporter.reportAll();
    await bench.ledger.giveUpSubmission(await idOf('C'));
    await reporter.reportAll();
    expect(told.slice(1)).toEqual([{ accepted: 1 }, { rejected: 1 }]);
    const files = await built(bench);
    expect(files['results/a.1.result.csv']).toBe(`${COLUMNS}a.csv,2,A,accepted,,,,,R-A\r\n`);
    expect(files['results/a.1-2.result.csv']).toMatch(/\r\na\.csv,4,C,rejected,given-up,.*it is not known.*\r\n$/);
    expect(files['results/a.rejected.csv']).toContain('C,Cid,S1,1');
    expect(files['results/a.rejected.csv']).not.toContain('A,Ann');
  });

  test('that is held again is counted and needs no further file', async () => {
    const { bench, reporter, told, idOf } = await createScene();
    for (const time of [1, 2]) {
      await bench.ledger.releaseSubmission(await idOf('A'));
      await endAll(bench, holding);
      await reporter.reportAll();
      expect(told.slice(time)).toEqual([{ held: 1 }]);
    }
    expect(Object.keys(await built(bench))).toEqual(['results/a.result.csv']);
    await bench.ledger.giveUpSubmission(await idOf('A'));
    await reporter.reportAll();
    expect(Object.keys(await built(bench))).toContain('results/a.1.result.csv');
  });

  test('is told of every drop that brought the same document', async () => {
    const { bench, reporter, told, idOf } = await createScene();
    await bench.put('in/b.csv', sheet(HEADER, 'A,Ann,S1,1'));
    await bench.take('b.csv');
    await reporter.reportAll();
    await bench.ledger.giveUpSubmission(await idOf('A'));
    await reporter.reportAll();
    expect(told.slice(1)).toEqual([{ held: 1 }, { rejected: 1 }, { rejected: 1 }]);
    expect(Object.keys(await built(bench))).toEqual(
      expect.arrayContaining(['results/a.1.result.csv', 'results/b.2.result.csv', 'results/b.rejected.csv']),
    );
  });

  test('is told once when the report was cut off before or after its last step', async () => {
    const { bench, reporter, idOf } = await createScene();
    await bench.ledger.giveUpSubmission(await idOf('A'));
    // The disk is full at the very step that makes the report count.
    const completeReport = (): Promise<never> => Promise.reject(new Failure('disk-full'));
    const cut = { ...bench, parts: { ...bench.parts, ledger: { ...bench.ledger, completeReport } } };
    const { reporter: first, outcomes } = reporterOf(cut);
    await first.reportAll();
    expect([outcomes, Object.keys(await built(bench))]).toEqual([[], ['results/a.result.csv']]);
    await bench.spool.sweep(await bench.ledger.neededSpool());
    await reporter.reportAll();
    await reporterOf(bench).reporter.reportAll();
    expect(Object.keys(await built(bench)).sort()).toEqual([
      'results/a.1.result.csv',
      'results/a.rejected.csv',
      'results/a.result.csv',
    ]);
  });

  test('that is decided while the report is built is told next', async () => {
    const bench = await createBench();
    const { reporter, outcomes } = reporterOf(bench);
    await bench.put('in/a.csv', sheet(HEADER, 'A,Ann,S1,1'));
    await bench.take('a.csv');
    await endAll(bench, holding);
    const [drop] = await bench.ledger.dropsToReport(1);
    const [row] = await bench.ledger.documents({ key: 'A', limit: 1 });
    await bench.ledger.giveUpSubmission(required(row?.submission?.id));
    // What such a report says was true when its rows were read.
    await bench.ledger.completeReport(required(drop?.id), [], { held: [required(row?.id)], ended: [] });
    await reporter.reportAll();
    expect(outcomes).toEqual([{ rejected: 1 }]);
    expect(Object.keys(await built(bench))).toContain('results/a.rejected.csv');
  });
});

test('the bytes of a drop stay while a document of it is held, and are let go with the last one', async () => {
  const { bench, reporter, idOf } = await createScene();
  const { spool } = required((await bench.drop()).files[0]);
  const isNeeded = async (): Promise<boolean> => (await bench.ledger.neededSpool()).has(spool);
  expect(await isNeeded()).toBe(true);
  await bench.ledger.giveUpSubmission(await idOf('A'));
  await reporter.reportAll();
  expect(await isNeeded()).toBe(true);
  await bench.spool.sweep(await bench.ledger.neededSpool());
  await bench.ledger.giveUpSubmission(await idOf('C'));
  await reporter.reportAll();
  expect(await isNeeded()).toBe(false);
  await expect(Array.fromAsync(bench.spool.read(spool))).rejects.toMatchObject({ code: 'file-gone' });
});

test('a result file that cannot be built is trouble until it can', async () => {
  const bench = await createBench();
  const { reporter, outcomes } = reporterOf(bench);
  await bench.put('in/a.csv', sheet(HEADER, 'A,Ann,S1,1'));
  await bench.take('a.csv');
  await endAll(bench);
  await writeFile(bench.path('results'), 'in the way');
  await reporter.reportAll();
  expect([reporter.troubles(), outcomes]).toEqual([
    [`flow orders: no result file can be built: the folder cannot be reached (${bench.path('results')})`],
    [],
  ]);
  await rm(bench.path('results'));
  await reporter.reportAll();
  expect([reporter.troubles(), outcomes]).toEqual([[], [{ accepted: 1 }]]);
});
