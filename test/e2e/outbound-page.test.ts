import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadProject } from '../../src/app/project.ts';
import { openApp } from '../../src/app.ts';
import { describeFinding } from '../../src/core/issue.ts';
import { defaultLimits } from '../../src/core/limits.ts';
import { formats } from '../../src/formats/index.ts';
import { repository } from '../support/dray.ts';
import {
  shipmentMapping,
  startFeedProvider,
  stockMapping,
  writeOutboundProject,
  type FeedProvider,
  type Shipment,
  type StockRow,
} from '../support/outbound-provider.ts';

/** An example of the page: words of a flow, of `write:` and of a mapping, and what files they make. */
interface Example {
  readonly feed?: 'shipments' | 'stock';
  readonly flow?: object;
  readonly write?: Readonly<Record<string, unknown>>;
  readonly mapping?: object;
}

const path = join(repository, 'docs/outbound.md');
const EXAMPLE = /```yaml\n([\s\S]*?)```\n\n```text\n[\s\S]*?```/g;

let provider: FeedProvider;
beforeAll(async () => {
  provider = await startFeedProvider();
});
afterAll(() => provider.close());

test('every example of the page about outbound files is run', { timeout: 120_000 }, async () => {
  const page = await readFile(path, 'utf8');
  const [feeds = ''] = /(?<=```json\n)[\s\S]*?(?=```)/.exec(page) ?? [];
  const given = JSON.parse(feeds) as {
    shipments: readonly (readonly Shipment[])[];
    stock: readonly (readonly StockRow[])[];
  };
  const answers: string[] = [];
  for (const [, yaml = ''] of page.matchAll(EXAMPLE)) answers.push(await answer(parse(yaml) as Example, given));
  expect(answers.length).toBeGreaterThan(15);
  const left = answers.values();
  const told = page.replaceAll(
    EXAMPLE,
    (_all, yaml: string) => `\`\`\`yaml\n${yaml}\`\`\`\n\n\`\`\`text\n${left.next().value ?? ''}\`\`\``,
  );
  await expect(told).toMatchFileSnapshot(path);
});

/** Runs an example twice, the second time with what has happened since; answers its files. */
async function answer(
  { feed = 'shipments', flow = {}, write = {}, mapping = {} }: Example,
  given: { shipments: readonly (readonly Shipment[])[]; stock: readonly (readonly StockRow[])[] },
): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'dray-page-'));
  try {
    const options = { format: 'csv', ...write };
    const { map, ...usual } = feed === 'stock' ? stockMapping : shipmentMapping;
    const columns = 'records' in mapping ? {} : { map };
    const own = { ...usual, ...columns, write: options, ...mapping };
    const config = await writeOutboundProject(directory, provider.url, { flow: { feed, flow, mapping: own } });
    for (const [index, shipments] of given.shipments.entries()) {
      provider.shipments = shipments;
      provider.stock = given.stock[index] ?? [];
      await runOnce(config);
    }
    const files = await filesBelow(join(directory, 'erp'));
    const shown = await Promise.all(
      files.map(async (file) => `${file}\n${await content(join(directory, 'erp', file), options)}`),
    );
    const today = new Date().toISOString().slice(0, 10);
    return shown.join('').replaceAll(today, '2026-05-04').replaceAll(today.replaceAll('-', ''), '20260504');
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function runOnce(config: string): Promise<void> {
  const { project, issues } = await loadProject(config);
  if (project === undefined) throw new Error(issues.map((issue) => describeFinding(issue)).join('\n'));
  const events = { published: () => undefined } as unknown as Parameters<typeof openApp>[1]['events'];
  const app = await openApp(project, { events, logLevel: 'silent' });
  try {
    await app.outbound.runOnce(new AbortController().signal);
  } finally {
    await app.close();
  }
}

async function filesBelow(directory: string): Promise<string[]> {
  const found = await readdir(directory, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();
}

async function content(file: string, options: Readonly<Record<string, unknown>>): Promise<string> {
  const bytes = await readFile(file);
  if (bytes.length === 0) return '  (empty)\n';
  if (options['format'] === 'xlsx') return workbook(bytes);
  const text = new TextDecoder(typeof options['encoding'] === 'string' ? options['encoding'] : 'utf-8').decode(bytes);
  return text
    .replaceAll('\r\n', '\n')
    .split('\n')
    .slice(0, -1)
    .map((line) => `  ${line}\n`.replace(/ +\n$/, '\n'))
    .join('');
}

async function workbook(bytes: Uint8Array): Promise<string> {
  const random = {
    size: bytes.length,
    read: (offset: number, length: number) => Promise.resolve(bytes.subarray(offset, offset + length)),
    close: () => Promise.resolve(),
  };
  const file = {
    async *[Symbol.asyncIterator]() {
      yield bytes;
    },
    openRandom: () => Promise.resolve(random),
  };
  const read = formats.get('xlsx')?.read(file, {}, { file: 'f', limits: defaultLimits }) ?? [];
  const rows: string[] = [];
  for await (const event of read) {
    if (event.kind === 'header') rows.push(event.columns.join(' | '));
    if (event.kind === 'records')
      for (const record of event.records) rows.push('cells' in record ? record.cells.join(' | ') : '');
  }
  return rows.map((row) => `  ${row}\n`.replace(/[ |]+\n$/, '\n')).join('');
}
