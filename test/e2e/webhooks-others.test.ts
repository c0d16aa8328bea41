import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { repository } from '../support/dray.ts';
import { ask, SECRET, startScene, until, type Played, type Scene } from './webhooks-scene.ts';

const MINUTE_MS = 60_000;
const ORDERS = 10;
const FIFTH = {
  webhookRepeatEvery: 5,
  webhookDelayEvery: 5,
  webhookDisorderEvery: 5,
  webhookDropEvery: 5,
  webhookForgeEvery: 5,
};

/** Those that never come, for whoever registered. */
const LOST = { webhookDropEvery: 1 };

/** The first order of a sample, many times under numbers of their own. */
async function manyOrders(sample: string, first: string): Promise<string> {
  const text = await readFile(join(repository, 'samples', sample, 'orders.csv'), 'utf8');
  const [head = '', ...rows] = text.trimEnd().split(/\r?\n/);
  const own = rows.filter((row) => row.startsWith(`${first},`));
  const copies = Array.from({ length: ORDERS }, (_, at) => own.map((row) => row.replace(first, `SO-${5000 + at}`)));
  return [head, ...copies.flat(), ''].join('\n');
}

async function sendOrders({ workspace }: Scene, text: string): Promise<void> {
  await workspace.put('erp/orders/in/orders.csv', text);
  await until(async () => (await workspace.names('erp/orders/results')).some((name) => name.endsWith('.csv')));
}

/** Lets days pass in the stand-in, and waits after each stretch until the files say what it knows. */
async function passDays(scene: Scene, told: () => Promise<string[]>, truth: () => Promise<string[]>): Promise<void> {
  for (const minutes of [1, 20, 20, 60, 300, 600, 1500, 3000, 200]) {
    scene.sandbox.advance(minutes * MINUTE_MS);
    await until(async () => (await told()).length >= (await truth()).length);
  }
  expect((await truth()).length).toBeGreaterThan(0);
  expect(await told()).toEqual(await truth());
}

function expectMischief({ sandbox }: Scene): void {
  const deliveries = sandbox.deliveries();
  const taken = deliveries.filter(({ status }) => status === 200).map(({ body }) => body);
  expect(taken.length).toBeGreaterThan(new Set(taken).size);
  expect(new Set(deliveries.map(({ status }) => status))).toEqual(new Set([200, 401]));
}

const flexport: Played = {
  name: 'flexport',
  settings: { token: 'demo', webhookToken: SECRET },
  operation: 'order.create',
  mapping: 'order.yaml',
  outbound: { events: { feed: 'events', mapping: 'order-event.yaml' } },
  async register(sandbox, url) {
    for (const type of ['Order.PickingStarted', 'Order.Packed', 'Order.Shipped', 'Order.Delivered', 'Order.Held']) {
      const proof = { authMethod: 'TOKEN', token: SECRET, tokenHeader: 'X-Webhook-Token' };
      const body = { type, url, method: 'POST', ...proof };
      await ask(`${sandbox.url}${API}/webhooks`, body, { authorization: 'Bearer demo' });
    }
  },
};

async function toldByFlexport({ rows }: Scene): Promise<string[]> {
  const cells = (await rows('events')).map((row) => row.split(','));
  return cells.map(([order, type, , id]) => `${order} ${type} ${id}`).sort();
}

const API = '/flexport/logistics/api/2026-02';
const TOLD =
  /^Order\.(Held|PickingStarted|Packed|Dispatched|Shipped|Delivered|Cancelled)$|^Shipment\.PartiallyShipped$/;

/** What the account's own list of events says, page by page. */
async function happenings(sandbox: Sandbox): Promise<string[]> {
  const facts: string[] = [];
  let address: string | undefined = `${sandbox.url}${API}/events?limit=100`;
  while (address !== undefined) {
    const answer = await fetch(address, { headers: { authorization: 'Bearer demo' } });
    for (const { type, payload } of (await answer.json()) as Happening[])
      if (TOLD.test(type)) facts.push(`${payload.externalOrderId} ${type} ${payload.orderId}`);
    address = /<([^>]+)>; ?rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
  }
  return facts.sort();
}

interface Happening {
  readonly type: string;
  readonly payload: { readonly externalOrderId: string; readonly orderId: string };
}

test('Flexport: identifiers that come twice, late, out of order, forged or not at all lead to each event once', async () => {
  const switches = { flexport: { ...FIFTH, plainWebhooks: true, requestsPerSecond: 0 } };
  const scene = await startScene(flexport, { every: '2s', switches });
  await sendOrders(scene, await manyOrders('10-flexport', 'SO-700151'));
  await passDays(
    scene,
    () => toldByFlexport(scene),
    () => happenings(scene.sandbox),
  );
  expectMischief(scene);
}, 90_000);

test('Flexport: with every event lost the poll finds everything', async () => {
  const switches = { flexport: { ...LOST, plainWebhooks: true, requestsPerSecond: 0 } };
  const scene = await startScene(flexport, { every: '1s', switches });
  await sendOrders(scene, await manyOrders('10-flexport', 'SO-700151'));
  await passDays(
    scene,
    () => toldByFlexport(scene),
    () => happenings(scene.sandbox),
  );
  expect(scene.sandbox.deliveries()).toEqual([]);
}, 90_000);

const ds: Played = {
  name: 'ds',
  settings: { clientId: 'demo', clientSecret: 'demo-secret', webhookSecret: SECRET },
  operation: 'order.create',
  mapping: 'order.yaml',
  outbound: {
    delivered: { feed: 'order-changes', mapping: 'delivery-confirmation.yaml' },
    status: { feed: 'order-changes', mapping: 'order-status.yaml' },
  },
  async register(sandbox, url) {
    await ask(`${sandbox.url}/__admin/seed`, { ds: { webhooks: [{ url, secret: SECRET }] } });
  },
};

async function deliveries(sandbox: Sandbox): Promise<string[]> {
  const { ids } = (await ask(`${sandbox.url}/__admin/state/ds/shipments`)) as { ids: string[] };
  const shipments = await Promise.all(ids.map(async (id) => ask(`${sandbox.url}/__admin/state/ds/shipments/${id}`)));
  return (shipments as { status: string; body: { orderExternalId: string } }[])
    .filter(({ status }) => status === 'ORDER_DELIVERED')
    .map(({ body }) => body.orderExternalId)
    .sort();
}

async function toldByDs({ rows }: Scene): Promise<string[]> {
  return (await rows('delivered')).map((row) => row.split(',')[0] ?? '').sort();
}

test('DS: statuses that come twice, late, out of order, forged or not at all lead to each delivery once', async () => {
  const scene = await startScene(ds, { every: '2s', switches: { ds: { ...FIFTH, requestsPerSecond: 0 } } });
  await sendOrders(scene, await manyOrders('20-ds', 'SO-7001'));
  await passDays(
    scene,
    () => toldByDs(scene),
    () => deliveries(scene.sandbox),
  );
  expectMischief(scene);
  const statuses = await scene.rows('status');
  expect(new Set(statuses).size).toBe(statuses.length);
}, 90_000);

test('DS: with every status lost the poll finds each delivery', async () => {
  const scene = await startScene(ds, { every: '1s', switches: { ds: { ...LOST, requestsPerSecond: 0 } } });
  await sendOrders(scene, await manyOrders('20-ds', 'SO-7001'));
  await passDays(
    scene,
    () => toldByDs(scene),
    () => deliveries(scene.sandbox),
  );
  expect(scene.sandbox.deliveries()).toEqual([]);
}, 90_000);
