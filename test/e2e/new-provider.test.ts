import { appendFile, copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repository, runDray, type Finished } from '../support/dray.ts';
import { startWarehouse, type Warehouse } from '../support/warehouse-api.ts';

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
}

/** Types the commands of a block. The address of the warehouse alone is the test's own. */
async function type(reader: Reader, { name, body }: Block, url: string): Promise<void> {
  const expected = name === '' ? 0 : Number(/^exit (\d)$/.exec(name)?.[1]);
  for (const line of body.trim().split('\n')) {
    const [command, ...words] = line.split(' ');
    if (command === 'export') {
      const [variable = '', value = ''] = (words[0] ?? '').split('=');
      reader.env[variable] = value.startsWith('http://') ? url : value;
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

describe('docs/new-provider.md', () => {
  let warehouse: Warehouse;
  let reader: Reader;

  beforeAll(async () => {
    warehouse = await startWarehouse({ now: () => NOW });
    reader = { directory: await mkdtemp(join(tmpdir(), 'dray-page-')), env: {}, last: undefined };
  });
  afterAll(async () => {
    await warehouse.close();
    await rm(reader.directory, { recursive: true, force: true });
  });

  const read = async (path: string): Promise<string> =>
    (await readFile(join(reader.directory, path), 'utf8')).replaceAll('\r\n', '\n');

  test('followed to the letter, sends a first order to a warehouse nobody described and brings back what it did', async () => {
    let shown = 0;
    for (const block of await blocksOf('docs/new-provider.md')) {
      const { kind, name, body } = block;
      if (name === 'another terminal') expect(body).toBe('node test/support/warehouse-api.ts\n');
      else if (kind === 'sh') await type(reader, block, warehouse.url);
      else if (kind === 'text') {
        expect(reader.last?.[name === 'stderr' ? 'stderr' : 'stdout']).toBe(body);
        shown += 1;
      } else if (/\/(?:results|shipconf|stock)\//.test(name)) {
        expect([name, await read(name)]).toEqual([name, body]);
        shown += 1;
      } else await write(reader, block);
    }
    expect(shown).toBe(7);
    const posts = warehouse.calls.filter(({ method }) => method === 'POST');
    expect(posts.map(({ body, status }) => [(JSON.parse(body) as { number: string }).number, status])).toEqual([
      ['SO-1', 202],
      ['SO-3', 202],
    ]);
    const pages = warehouse.calls.filter(({ path }) => path.startsWith('/stock'));
    expect(pages.map(({ path }) => path)).toEqual([1, 2, 3].map((page) => `/stock?per_page=2&page=${page}`));
  }, 120_000);

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
    expect(result).toContain('lost.csv,2,SO-7,accepted,,,,,W-000002');
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
