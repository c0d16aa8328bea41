import { appendFile, copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setTimeout as delay } from 'node:timers/promises';
import { jsonLines, repository, runDray, startDray, type Finished } from '../support/dray.ts';
import { startWarehouse, type Warehouse } from '../support/warehouse-api.ts';
import { freePort } from '../support/webhook-load.ts';

interface Block {
  readonly kind: string;
  readonly name: string;
  readonly body: string;
}

const NOW = Date.UTC(2026, 4, 4, 14, 0, 0);

async function blocksOf(page: string): Promise<readonly Block[]> {
  const text = await readFile(join(repository, page), 'utf8');
  return [...text.matchAll(/^```(\w+) ?([^\n]*)\n(.*?)^```$/gms)].map(([, kind = '', name = '', body = '']) => ({
    kind,
    name,
    body,
  }));
}

/** A reader of the page: a directory, an environment, and what the last command said. */
interface Reader {
  readonly directory: string;
  readonly env: Record<string, string>;
  last: Finished | undefined;
  /** A dray that runs in another terminal. */
  running: ReturnType<typeof startDray> | undefined;
}

/** Where things are that the test cannot have at the place the page names. */
interface Places {
  readonly url: string;
  readonly port: number;
}

/** Types the commands of a block. Address and port alone are the test's own. */
async function type(reader: Reader, { name, body }: Block, { url, port }: Places): Promise<void> {
  const expected = name === '' ? 0 : Number(/^exit (\d)$/.exec(name)?.[1]);
  for (const line of body.trim().split('\n')) {
    const [command, ...words] = line.split(' ');
    if (command === 'export') {
      const [variable = '', value = ''] = (words[0] ?? '').split('=');
      const own: Record<string, string> = { WAREHOUSE_URL: url, EVENTS_PORT: String(port) };
      reader.env[variable] = own[variable] ?? value;
    } else if (command === 'mkdir') await mkdir(join(reader.directory, words[1] ?? ''), { recursive: true });
    else if (command === 'cp') {
      const [from = '', to = ''] = words.map((word) => join(reader.directory, word));
      await copyFile(from, to);
    } else {
      expect([command, words[0]]).toEqual(['npx', 'dray']);
      reader.last = await runDray(words.slice(1), { cwd: reader.directory, env: reader.env });
      const isLast = line === body.trim().split('\n').at(-1);
      const { code, stdout, stderr } = reader.last;
      expect({ line, code, said: code === 0 ? '' : stdout + stderr }).toMatchObject({
        line,
        code: isLast ? expected : 0,
      });
    }
  }
}

/** Writes a file as the page shows it; a name that ends with + is a file that goes on. */
async function write({ directory }: Reader, { name, body }: Block): Promise<void> {
  const path = join(directory, name.replace(/\+$/, ''));
  await mkdir(dirname(path), { recursive: true });
  await (name.endsWith('+') ? appendFile(path, body) : writeFile(path, body));
}

const WAREHOUSE = /^node test\/support\/warehouse-api\.ts http:\/\/127\.0\.0\.1:8080(\/\w+) (\S+)\n$/;

describe('docs/new-provider.md', () => {
  let warehouse: Warehouse;
  let reader: Reader;
  let port: number;
  let blocks: readonly Block[];

  beforeAll(async () => {
    port = await freePort();
    blocks = await blocksOf('docs/new-provider.md');
    const [, path = '', secret = ''] = blocks.flatMap(({ body }) => WAREHOUSE.exec(body) ?? []);
    warehouse = await startWarehouse({ now: () => NOW, hook: { url: `http://127.0.0.1:${port}${path}`, secret } });
    reader = { directory: await mkdtemp(join(tmpdir(), 'dray-page-')), env: {}, last: undefined, running: undefined };
  });
  afterAll(async () => {
    reader.running?.child.kill('SIGKILL');
    await warehouse.close();
    await rm(reader.directory, { recursive: true, force: true });
  });

  const read = async (path: string): Promise<string> =>
    (await readFile(join(reader.directory, path), 'utf8')).replaceAll('\r\n', '\n');
  /** What a running dray is still to write comes soon: sooner than it would look by itself. */
  const readSoon = async (path: string): Promise<string> => {
    const end = Date.now() + (reader.running === undefined ? 0 : 75_000);
    for (;;) {
      const text = await read(path).catch(() => undefined);
      if (text !== undefined || Date.now() > end) return text ?? 'nothing';
      await delay(100);
    }
  };
  const isListening = async (): Promise<void> => {
    while ((await fetch(`http://127.0.0.1:${port}/kestrel`).catch(() => undefined)) === undefined) await delay(50);
  };
  const startRun = async (): Promise<void> => {
    const { directory: cwd, env } = reader;
    reader.running = startDray(['run'], { cwd, env });
    await isListening();
  };

  test('followed to the letter, sends a first order to a warehouse nobody described and brings back what it did', async () => {
    let shown = 0;
    for (const block of blocks) {
      const { kind, name, body } = block;
      if (name === 'another terminal' && body === 'npx dray run\n') await startRun();
      else if (name === 'another terminal') expect(body).toMatch(WAREHOUSE);
      else if (kind === 'sh') await type(reader, block, { url: warehouse.url, port });
      else if (kind === 'text') {
        expect(reader.last?.[name === 'stderr' ? 'stderr' : 'stdout']).toBe(body);
        shown += 1;
      } else if (/\/(?:results|shipconf|stock)\//.test(name)) {
        expect([name, await readSoon(name)]).toEqual([name, body]);
        shown += 1;
      } else await write(reader, block);
    }
    expect(shown).toBe(8);
    const posts = warehouse.calls.filter(({ method }) => method === 'POST');
    expect(posts.map(({ body, status }) => [(JSON.parse(body) as { number: string }).number, status])).toEqual([
      ['SO-1', 202],
      ['SO-3', 202],
      ['SO-4', 202],
    ]);
    const pages = warehouse.calls.filter(({ path }) => path.startsWith('/stock'));
    expect(pages.map(({ path }) => path)).toEqual([1, 2, 3].map((page) => `/stock?per_page=2&page=${page}`));
  }, 240_000);

  test('takes the events of the warehouse alone, and they wake the feed they are about', async () => {
    const forged = await fetch(`http://127.0.0.1:${port}/kestrel`, {
      method: 'POST',
      headers: { 'x-kestrel-signature': `sha256=${'0'.repeat(64)}` },
      body: '{"id":"E-9","event":"order.shipped","number":"SO-1"}',
    });
    expect(forged.status).toBe(401);
    const { stdout } = await runDray(['status', '--json'], { cwd: reader.directory, env: reader.env });
    const [status] = jsonLines(stdout);
    expect(status?.['webhooks']).toEqual([
      expect.objectContaining({ provider: 'kestrel', stored: 1, repeated: 0, woken: 1 }),
    ]);
    reader.running?.child.kill('SIGTERM');
    expect(await reader.running?.finished).toMatchObject({ code: 0 });
    reader.running = undefined;
  });

  test('makes an order once although the answer to it was lost', async () => {
    const rows = [
      'OrderNo,ShipName,Street,Zip,City,Country,SKU,Qty',
      'SO-7,Mina Okafor,18 Harbor Lane,07102,Newark,US,MUG-350,1',
    ];
    await writeFile(join(reader.directory, 'erp/orders/in/lost.csv'), `${rows.join('\n')}\n`);
    warehouse.loseAnswer('POST');
    const { code } = await runDray(['run', '--once'], { cwd: reader.directory, env: reader.env });
    expect(code).toBe(0);
    const result = await read('erp/orders/results/lost.result.csv');
    expect(result).toContain('lost.csv,2,SO-7,accepted,,,,,W-000003');
    const found = await fetch(`${warehouse.url}/orders?number=SO-7`, { headers: { 'x-api-key': 'demo-key' } });
    expect(((await found.json()) as { orders: unknown[] }).orders).toHaveLength(1);
  });

  test('needs a file for each thing it shows, and none of the code', async () => {
    expect((await readdir(join(reader.directory, 'mappings/kestrel'))).sort()).toEqual([
      'order.yaml',
      'provider.yaml',
      'schemas',
      'ship-confirmation.yaml',
      'stock.yaml',
    ]);
  });
});
