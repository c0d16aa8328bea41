import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { acknowledgementSchema } from '../../src/outbound/index.ts';
import { jsonLines, repository } from '../support/dray.ts';
import {
  shipmentMapping,
  startFeedProvider,
  writeOutboundProject,
  type FeedProvider,
} from '../support/outbound-provider.ts';
import { addFault, startFixedSandbox } from '../support/sandbox.ts';
import { createWorkspace, ctlConfig, inboundFlow, type Workspace } from '../support/workspace.ts';

interface Scene {
  readonly provider: FeedProvider;
  readonly workspace: Workspace;
  /** One more shipment, which becomes one more file. */
  ship(): void;
  once(): ReturnType<Workspace['run']>;
  incidents(): Promise<Record<string, unknown>[]>;
  /** Says anew how long a file may lie there. */
  collectedWithin(duration: string): Promise<void>;
}

/** The code blocks of the page by the file they are for. */
async function blocks(): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(join(repository, 'docs/acknowledgements.md'), 'utf8');
  return Object.fromEntries([...text.matchAll(/^```\w+ (\S+)\n(.*?)^```$/gms)].map(([, name, body]) => [name, body]));
}

/** What the page configures, with times of the test's own. */
async function createScene(awaited: object, own: object = {}): Promise<Scene> {
  const provider = await startFeedProvider();
  onTestFinished(() => provider.close());
  const workspace = await createWorkspace({});
  onTestFinished(() => workspace.remove());
  const page = await blocks();
  const { inbound } = parse(page['config.yaml'] ?? '') as { inbound: { acks: object } };
  const path = await writeOutboundProject(workspace.directory, provider.url, {
    'ship-confirmations': {
      feed: 'shipments',
      mapping: { ...shipmentMapping, write: { format: 'csv', lineEnd: 'lf' } },
      flow: { file: 'shipconf/SHIPCONF_{seq:6}.csv', ...awaited },
    },
  });
  const config = parse(await readFile(path, 'utf8')) as object;
  await writeFile(path, stringify({ ...config, inbound: { acks: { ...inbound.acks, quiet: '20ms', ...own } } }));
  await writeFile(workspace.path('acks.yaml'), page['acks.yaml'] ?? '');
  return {
    provider,
    workspace,
    ship() {
      const Id = provider.shipments.length + 1;
      provider.shipments = [...provider.shipments, { Id, Order: `PO-${Id}`, Sku: 'S', Name: 'x', Qty: '1' }];
    },
    once: () => workspace.run(['run', '--once']),
    async collectedWithin(within) {
      const text = await workspace.read('config.yaml');
      await writeFile(path, text.replace(/within: .*/, `within: ${within}`));
    },
    incidents: async () => jsonLines((await workspace.run(['ledger', 'list', 'incidents'])).stdout),
  };
}

const FIRST = 'shipconf/SHIPCONF_000001.csv';
const statusOf = async ({ workspace }: Scene) => {
  const { code, stdout } = await workspace.run(['status', '--json']);
  const lines = jsonLines(stdout);
  return { code, flow: lines.find(({ event }) => event === 'outbound'), lines };
};

describe('files that went out', () => {
  test('are acknowledged, declined and accepted after all, as docs/acknowledgements.md says', async () => {
    const page = await blocks();
    const { outbound } = parse(page['acknowledged.yaml'] ?? '') as { outbound: Record<string, object> };
    const scene = await createScene(outbound['ship-confirmations'] ?? {});
    const { workspace, ship, once } = scene;
    expect(await workspace.run(['check'])).toMatchObject({ code: 0 });
    expect(await workspace.run(['test', 'acks.yaml'])).toMatchObject({ code: 0 });
    const schema = await workspace.run(['schema', 'acknowledgement']);
    expect(JSON.parse(schema.stdout)).toEqual(acknowledgementSchema);
    ship();
    expect((await once()).code).toBe(0);
    expect(await statusOf(scene)).toMatchObject({
      code: 0,
      flow: { uncollected: 1, unacknowledged: 1, declined: 0, incidents: 0 },
    });

    await workspace.put(
      'erp/acks/in/a.csv',
      'FileName,Status,Text\nSHIPCONF_000001.csv,ERR,order 17 is closed\nSHIPCONF_000009.csv,OK,\n',
    );
    const declined = await once();
    expect(declined.code).toBe(1);
    const words = `ship-confirmations: its reader cannot use ${FIRST}: "order 17 is closed"`;
    expect(declined.stderr).toContain(`dray: incident: ${words}`);
    const result = await workspace.read('erp/acks/results/a.result.csv');
    expect(result).toContain(`\r\na.csv,2,SHIPCONF_000001.csv,accepted,,,,,${FIRST}\r\n`);
    expect(result).toMatch(/a\.csv,3,SHIPCONF_000009\.csv,rejected,unknown-file,FileName,SHIPCONF_000009\.csv,/);
    expect(result, 'nobody else is concerned').not.toContain('provider');
    const after = await statusOf(scene);
    expect(after).toMatchObject({ code: 1, flow: { unacknowledged: 0, declined: 1, incidents: 1 } });
    expect(after.lines.find(({ event }) => event === 'incident')).toMatchObject({
      text: words,
      recovery: expect.stringContaining('dray ledger rewrite'),
    });
    expect(await scene.incidents()).toMatchObject([
      { code: 'file-declined', text: words, recovery: expect.stringContaining('dray ledger rewrite') },
    ]);

    // The sheet comes back mended, and with it the file is accepted after all.
    const sheet = await workspace.read('erp/acks/results/a.rejected.csv');
    await workspace.put('erp/acks/in/mended.csv', sheet.replace('SHIPCONF_000009', 'SHIPCONF_000001'));
    expect((await once()).code).toBe(0);
    expect((await statusOf(scene)).code).toBe(0);
    expect(await scene.incidents()).toMatchObject([{ code: 'file-declined', closedAt: expect.any(Number) }]);
    const [shown] = jsonLines((await workspace.run(['ledger', 'show', 'SHIPCONF_000001.csv'])).stdout);
    expect(shown).toMatchObject({ layers: { accepted: { is: true, reference: FIRST }, done: [] } });
  }, 180_000);

  test('and that nobody takes are an incident until they are taken, or a person says that they are not awaited', async () => {
    const scene = await createScene({ collected: { within: '4h' } });
    const { workspace, ship, once } = scene;
    ship();
    expect((await once()).code).toBe(0);
    await scene.collectedWithin('1ms');
    const overdue = await once();
    expect(overdue.code).toBe(1);
    expect(overdue.stderr).toContain(`dray: incident: ship-confirmations: nobody took ${FIRST}, out since`);

    // Somebody unmounts the share: nothing is said to be taken.
    await rename(workspace.path('erp/shipconf'), workspace.path('away'));
    const away = await once();
    expect([away.code, away.stderr]).toEqual([3, expect.stringContaining('files of ship-confirmations')]);
    await rm(workspace.path('erp/shipconf'), { recursive: true, force: true });
    await rename(workspace.path('away'), workspace.path('erp/shipconf'));

    await rm(workspace.path('erp', FIRST));
    expect((await once()).code).toBe(0);
    expect((await workspace.run(['ledger', 'rewrite', 'SHIPCONF_000001.csv'])).code).toBe(0);
    await scene.collectedWithin('4h');
    expect((await once()).code, 'written again, and just out').toBe(0);
    await scene.collectedWithin('1ms');
    expect((await once()).code, 'awaited anew').toBe(1);
    const [incident] = await scene.incidents();
    expect((await workspace.run(['ledger', 'close', String(incident?.['id'])])).code).toBe(0);
    expect((await once()).code).toBe(0);
    expect(await statusOf(scene)).toMatchObject({ code: 0, flow: { uncollected: 0 } });
  }, 180_000);
});

describe('a drop whose receipt is wanted', () => {
  const results = { in: 'orders/results', received: true, per: 'line' };
  const order = (number: string): string => `${number},Okafor Studio,18 Harbor Lane,Dayton,OH,45402,1,CAP-STD,1\n`;
  const drop = `OrderNo,ShipName,Address1,City,State,Zip,LineNo,SKU,Qty\n${order('A')}${order('B')}`;

  test('is told at once that it came, and each file once, although the program is killed in between', async () => {
    const sandbox = await startFixedSandbox();
    onTestFinished(() => sandbox.close());
    const inbound = { orders: inboundFlow('orders', 'order', 'order.create', { results }) };
    const workspace = await createWorkspace(ctlConfig(`${sandbox.url}/ctl`, { inbound }));
    onTestFinished(() => workspace.remove());
    await addFault(sandbox, { provider: 'ctl', method: 'PUT' }, { delayMs: 60_000 });
    await workspace.put('erp/orders/in/a.csv', drop);
    const { child, finished } = workspace.start(['run', '--once']);
    onTestFinished(() => void child.kill('SIGKILL'));
    await expect.poll(() => workspace.names('erp/orders/results'), { timeout: 60_000 }).toEqual(['a.received.csv']);
    const receipt = await workspace.read('erp/orders/results/a.received.csv');
    expect(receipt).toMatch(/\r\na\.csv,\d+,[0-9a-f]{64},[^,]+,2,0,2,0,readable,,,,,\r\n$/);
    child.kill('SIGKILL');
    expect(await finished).toMatchObject({ signal: 'SIGKILL' });

    await fetch(`${sandbox.url}/__admin/faults`, { method: 'DELETE' });
    // Its sender takes the receipt: it does not come again.
    await rm(workspace.path('erp/orders/results/a.received.csv'));
    expect((await workspace.run(['run', '--once'])).code).toBe(0);
    expect(await workspace.names('erp/orders/results')).toEqual(['a.result.csv']);
    const result = await workspace.read('erp/orders/results/a.result.csv');
    expect(result.split('\r\n').slice(1, 3)).toEqual([
      expect.stringMatching(/^a\.csv,2,A,accepted,/),
      expect.stringMatching(/^a\.csv,3,B,accepted,/),
    ]);
    const kinds = jsonLines((await workspace.run(['ledger', 'list', 'files'])).stdout).map(({ kind }) => kind);
    expect(kinds).toEqual(['result', 'received']);
  }, 180_000);
});
