import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { describeIssue } from '../../../src/core/issue.ts';
import type { Ledger, OutboundFile, Spool } from '../../../src/core/ledger.ts';
import type { Feed, FeedItem } from '../../../src/core/provider.ts';
import { openLocalFolder } from '../../../src/folders/index.ts';
import { formats } from '../../../src/formats/index.ts';
import { createSpool, openLedger } from '../../../src/ledger/index.ts';
import { compileMapping, parseMapping, type OutboundMapping } from '../../../src/mapping/index.ts';
import { every, fileNameTemplate, type OutboundFlow, type OutboundParts } from '../../../src/outbound/index.ts';
import { defaultLimits } from '../../../src/core/limits.ts';
import { createTestClock, createTestLog, temporaryDirectory, type TestClock, type TestLog } from '../core/support.ts';
import { required } from '../inbound/support.ts';

/** One row per line of an item; an item without lines gives none. */
const lines = `rows: Lines[]
fact: "{$.Id}/{Lines.Sku}"
write: { format: csv }
map: { Id: $.Id, Sku: Sku, Qty: Qty }
`;

export interface Desk {
  readonly directory: string;
  readonly parts: OutboundParts;
  readonly ledger: Ledger;
  readonly spool: Spool;
  readonly clock: TestClock;
  readonly log: TestLog;
  readonly never: AbortSignal;
  flow(feed: Feed, own?: Partial<OutboundFlow>): OutboundFlow;
  names(directory: string): Promise<string[]>;
  read(file: string): Promise<string>;
  unpublished(): Promise<readonly OutboundFile[]>;
  path(file: string): string;
}

export async function createDesk(): Promise<Desk> {
  const directory = await temporaryDirectory();
  const clock = createTestClock();
  const log = createTestLog();
  const ledger = await openLedger({ path: join(directory, 'book/dray.db'), clock, log });
  onTestFinished(() => ledger.close());
  const spool = createSpool(join(directory, 'book/spool'));
  const folder = await openLocalFolder({ name: 'erp', path: join(directory, 'erp') });
  const path = (file: string): string => join(directory, 'erp', file);
  return {
    directory,
    parts: { ledger, spool, clock, log },
    ledger,
    spool,
    clock,
    log,
    never: new AbortController().signal,
    path,
    flow: (feed, own = {}) => ({
      name: 'shipped',
      provider: 'test',
      feed,
      schedule: every(60_000),
      runsOnDemand: true,
      mapping: mapping(lines),
      format: required(formats.get('csv')),
      writeOptions: {},
      folder,
      fileName: required(fileNameTemplate('out/S_{seq:3}.csv').name),
      empty: 'skip',
      ...own,
    }),
    async names(sub) {
      const found: string[] = await readdir(path(sub)).catch(() => []);
      return found.sort();
    },
    read: (file) => readFile(path(file), 'utf8'),
    unpublished: () => ledger.unpublishedFiles(),
  };
}

export function mapping(text: string): OutboundMapping {
  const { definition, yaml, issues } = parseMapping(text, 'm.yaml', formats);
  if (definition === undefined) throw new Error(issues.map(describeIssue).join('\n'));
  const compiled = compileMapping(definition, yaml, { tables: new Map(), limits: defaultLimits });
  if (compiled.mapping?.kind !== 'outbound') throw new Error(compiled.issues.map(describeIssue).join('\n'));
  return compiled.mapping;
}

/** An item whose lines have quantity 1. */
export const item = (index: number | string, ...skus: readonly string[]): FeedItem => ({
  index: String(index),
  identity: String(index),
  body: JSON.stringify({ Id: `I${index}`, Lines: skus.map((Sku) => ({ Sku, Qty: 1 })) }),
});

export interface Shelf extends Feed {
  /** What the provider shows at the moment. */
  items: FeedItem[];
  /** Cursors that were asked for. */
  readonly asked: string[];
  /** Called before each page is answered. */
  before: (cursor: string) => void;
}

/** A feed of a provider that shows what the test puts on it; a stream goes on behind the last index of a page. */
export function createShelf(kind: Feed['kind'], pageSize = 2, gapChecksMs: readonly number[] = []): Shelf {
  const shelf: Shelf = {
    name: 'shipments',
    kind,
    start: '0',
    gapChecksMs,
    items: [],
    asked: [],
    before: () => undefined,
    async readPage(cursor) {
      shelf.asked.push(cursor);
      shelf.before(cursor);
      return kind === 'stream'
        ? streamPage(shelf.items, cursor, pageSize)
        : snapshotPage(shelf.items, cursor, pageSize);
    },
  };
  return shelf;
}

function streamPage(items: readonly FeedItem[], cursor: string, size: number) {
  const page = items
    .filter(({ index }) => BigInt(index ?? '0') >= BigInt(cursor))
    .sort((a, b) => (BigInt(a.index ?? '0') < BigInt(b.index ?? '0') ? -1 : 1))
    .slice(0, size);
  const last = page.at(-1)?.index;
  return last === undefined ? { items: [] } : { items: page, next: String(BigInt(last) + 1n) };
}

function snapshotPage(items: readonly FeedItem[], cursor: string, size: number) {
  const from = Number(cursor);
  const page = items.slice(from, from + size);
  return from + size < items.length ? { items: page, next: String(from + size) } : { items: page };
}
