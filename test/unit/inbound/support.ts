import { resultWriter } from '../../../src/app/result-writer.ts';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { describeIssue } from '../../../src/core/issue.ts';
import type { JsonSchema } from '../../../src/core/json.ts';
import type { AttemptEnd, Claim, Drop, DropFile, Ledger, Spool } from '../../../src/core/ledger.ts';
import { defaultLimits, type Limits } from '../../../src/core/limits.ts';
import { openLocalFolder } from '../../../src/folders/index.ts';
import { formats } from '../../../src/formats/index.ts';
import type { InboundFlow, InboundParts } from '../../../src/inbound/index.ts';
import { takeDrop, type Picked, type Taken } from '../../../src/inbound/source/intake.ts';
import { stageDrop } from '../../../src/inbound/reading/stage.ts';
import { createSpool, openLedger } from '../../../src/ledger/index.ts';
import { compileMapping, parseMapping, type InboundMapping } from '../../../src/mapping/index.ts';
import { createTestClock, createTestLog, temporaryDirectory, type TestClock, type TestLog } from '../core/support.ts';
import { operationOf, open as openProvider, thing } from '../providers/support.ts';

const csv = required(formats.get('csv'));

/** Orders of one table: an id, a name, and lines with a quantity. */
export const orders = `read: { format: csv }
document: { type: order, key: Id, group: Id }
map:
  Name: Name
  Items: { $each: lines, Sku: Sku, Quantity: Qty }
`;

/** The same in two files: `heads*.csv` and the items that belong to them. */
export const twoFiles = `read:
  format: csv
  name: "heads{rest}.csv"
  with: { items: { name: "items{rest}.csv", by: Id } }
document: { type: order, key: Id, group: Id }
map:
  Name: Name
  Items: { $each: items, Sku: Sku, Quantity: Qty }
`;

const schema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['Items'],
  properties: {
    Name: { type: 'string', maxLength: 20 },
    Items: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['Sku', 'Quantity'],
        properties: { Sku: { type: 'string' }, Quantity: { type: 'integer', minimum: 1 } },
      },
    },
  },
};

export interface Bench {
  readonly directory: string;
  readonly flow: InboundFlow;
  readonly parts: InboundParts;
  readonly ledger: Ledger;
  readonly spool: Spool;
  readonly clock: TestClock;
  readonly log: TestLog;
  path(file: string): string;
  put(file: string, text: string | Uint8Array): Promise<void>;
  read(file: string): Promise<string>;
  /** Files in a directory of the folder, those of ours included. */
  names(directory: string): Promise<string[]>;
  pick(...names: readonly string[]): Promise<Picked>;
  take(...names: readonly string[]): Promise<Taken>;
  /** Brings a drop as far as `received` and not further. */
  receive(...names: readonly string[]): Promise<Drop>;
  drop(id?: number): Promise<Drop>;
}

interface BenchOptions {
  readonly mapping?: string;
  readonly flow?: Partial<Omit<InboundFlow, 'limits'>>;
  readonly limits?: Partial<Limits>;
}

/** One flow with a real ledger, a real folder and a real mapping; nothing moves unless the test moves it. */
export async function createBench({
  mapping = orders,
  flow: own = {},
  limits = {},
}: BenchOptions = {}): Promise<Bench> {
  const directory = await temporaryDirectory();
  const clock = createTestClock();
  const log = createTestLog();
  const ledger = await openLedger({ path: join(directory, 'book/dray.db'), clock, log });
  onTestFinished(() => ledger.close());
  const spool = createSpool(join(directory, 'book/spool'));
  const folder = await openLocalFolder({ name: 'erp', path: join(directory, 'erp') });
  const parts: InboundParts = { ledger, spool, clock, log };
  const bounds = { ...defaultLimits, ...limits };
  const compiled = compile(mapping, bounds);
  const flow: InboundFlow = {
    name: 'orders',
    folder,
    directory: 'in',
    picks: (name) => name.endsWith('.csv'),
    quietMs: 5000,
    format: csv,
    readOptions: () => compiled.definition.read.options,
    mapping: compiled,
    provider: 'test',
    operation: operationOf(openProvider(thing, 'http://127.0.0.1:9'), 'thing.create'),
    operations: new Map(),
    accept: 'document',
    done: 'done',
    failed: 'failed',
    results: 'results',
    result: resultWriter(undefined, { format: 'csv', options: {} }),
    limits: bounds,
    ...own,
  };
  return { directory, flow, parts, ledger, spool, clock, log, ...work(directory, flow, parts) };
}

function compile(text: string, limits: Limits): InboundMapping {
  const { definition, yaml, issues } = parseMapping(text, 'm.yaml', formats);
  if (definition === undefined) throw new Error(issues.map(describeIssue).join('\n'));
  const compiled = compileMapping(definition, yaml, { schema, tables: new Map(), limits });
  if (compiled.mapping?.kind !== 'inbound') throw new Error(compiled.issues.map(describeIssue).join('\n'));
  return compiled.mapping;
}

type Work = Pick<Bench, 'path' | 'put' | 'read' | 'names' | 'pick' | 'take' | 'receive' | 'drop'>;

function work(directory: string, flow: InboundFlow, parts: InboundParts): Work {
  const path = (file: string): string => join(directory, 'erp', file);
  const pick = async (...names: readonly string[]): Promise<Picked> => {
    const [second = ''] = flow.mapping.companions(names[0] ?? '')?.keys() ?? [];
    const entries = await Promise.all(names.map((name) => flow.folder.stat(`${flow.directory}/${name}`)));
    return new Map(entries.map((entry, index) => [index === 0 ? '' : second, required(entry)]));
  };
  return {
    path,
    pick,
    async put(file, text) {
      await mkdir(dirname(path(file)), { recursive: true });
      await writeFile(path(file), text);
    },
    read: (file) => readFile(path(file), 'utf8'),
    async names(sub) {
      const found: string[] = await readdir(path(sub)).catch(() => []);
      return found.sort();
    },
    take: async (...names) => takeDrop(flow, await pick(...names), parts),
    receive: async (...names) => receive(flow, await pick(...names), parts),
    async drop(id) {
      const [last] = await parts.ledger.drops({ limit: 1 });
      return required(id === undefined ? last : await parts.ledger.drop(id));
    },
  };
}

async function receive(flow: InboundFlow, picked: Picked, parts: InboundParts): Promise<Drop> {
  const plain = [...picked].map(([part, { path, size, fingerprint }]): DropFile => ({
    part,
    path,
    size,
    fingerprint,
    hash: '',
    spool: '',
    target: '',
  }));
  const { id } = await parts.ledger.beginDrop(flow.name, flow.folder.name, plain);
  const files: DropFile[] = [];
  for (const file of plain) {
    const opened = await flow.folder.open(file.path);
    files.push({ ...file, ...(await parts.spool.keep(opened.bytes())) });
    await opened.close();
  }
  await parts.ledger.receiveDrop(id, await stageDrop(id, files, flow, parts));
  return required((await parts.ledger.unsettledDrops()).find((drop) => drop.id === id));
}

/** Gives every open submission of the provider an end. */
export async function endAll(bench: Bench, end: (claim: Claim) => Partial<AttemptEnd> = () => ({})): Promise<void> {
  const claims = await bench.ledger.claimSubmissions(bench.flow.provider, 1000, bench.clock.now());
  for (const claim of claims) {
    const { submissionId, attempt } = claim;
    await bench.ledger.endAttempt({
      submissionId,
      attempt,
      state: 'accepted',
      outcome: 'ACCEPTED',
      issues: [],
      detail: '201',
      reference: `R-${claim.key}`,
      ...end(claim),
    });
  }
  if (claims.length > 0) await endAll(bench, end);
}

export function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a test expects something that is not there');
  return value;
}

/** Rows under a header. */
export function sheet(header: string, ...rows: readonly string[]): string {
  return `${[header, ...rows].join('\n')}\n`;
}
