import { expect, test } from 'vitest';
import type { Feed, Reporting } from '../../../src/core/feed.ts';
import { createOutbound, fileNameTemplate, recollectionProblem } from '../../../src/outbound/index.ts';
import { required } from '../inbound/support.ts';
import { createDesk, createShelf, item } from './support.ts';

/** A feed whose report is done when the test says so. */
function createReport(): { feed: Feed; finish: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const reporting: Reporting = {
    period: undefined,
    everyMs: 1_000,
    longestMs: 60_000,
    order: () => Promise.resolve('R1'),
    async ask() {
      await promise;
      return { kind: 'ready', link: '/x.csv' };
    },
    async *rows() {
      yield await Promise.resolve([item(7, 'Z')]);
    },
  };
  const feed: Feed = {
    name: 'report',
    kind: 'snapshot',
    start: '',
    gapChecksMs: [],
    reporting,
    readPage: () => Promise.reject(new Error('not read by pages')),
  };
  return { feed, finish: resolve };
}

const other = { name: 'other', fileName: required(fileNameTemplate('other/O_{seq:2}.csv').name) };

test('a run that ends delivers what can be had at once, and waits for a report beside it', async () => {
  const desk = await createDesk();
  const report = createReport();
  const shelf = createShelf('stream');
  shelf.items = [item(0, 'A')];
  const flow = desk.flow(report.feed);
  const { promise: first, resolve } = Promise.withResolvers<string>();
  const published: string[] = [];
  const outbound = createOutbound({
    flows: [flow, desk.flow(shelf, other)],
    folders: new Map([['erp', flow.folder]]),
    parts: desk.parts,
    events: { published: ({ path }) => resolve(String(published.push(path) && path)) },
  });
  const run = outbound.runOnce(desk.never);
  expect(await first).toBe('other/O_01.csv');
  report.finish();
  await run;
  expect(published).toEqual(['other/O_01.csv', 'out/S_001.csv']);
  expect(await desk.read('out/S_001.csv')).toContain('I7,Z,1');
});

test('a feed of reports has no cursor that a person could collect from', () => {
  const { feed } = createReport();
  expect(recollectionProblem({ ...feed, kind: 'stream' }, '2026-05-04')).toContain('ordered once');
});
