import { expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { jsonLines } from '../support/dray.ts';
import { ask, SECRET, startScene, until, type Played, type Scene } from './webhooks-scene.ts';

const MINUTE_MS = 60_000;
const TICKETS = 12;

const choice: Played = {
  name: 'choice',
  settings: { clientId: 'demo', clientSecret: 'demo-secret', webhookSecret: SECRET },
  operation: 'ticket.outbound',
  mapping: 'order.yaml',
  outbound: { status: { feed: 'tickets', mapping: 'order-status.yaml' } },
  async register(sandbox, url) {
    const client = { client_id: 'demo', client_secret: 'demo-secret', grant_type: 'client_credentials' };
    const token = (await ask(`${sandbox.url}/choice/oauth/token`, client)) as { access_token: string };
    const events = ['POSTACK', 'NEWETA', 'STAGE', 'PACK', 'DLVD', 'EXCEPTION'];
    const authorization = `Bearer ${token.access_token}`;
    await ask(`${sandbox.url}/choice/v2/webhooks`, { url, events, secret: SECRET }, { authorization });
  },
};

const HEAD = 'OrderNo,Account,Warehouse,ShipCompany,Address1,City,State,Zip,Country,SKU,Qty,Serialized,SerialNo';
const orders = Array.from(
  { length: TICKETS },
  (_, at) => `SO-${5000 + at},NORDIC-FIELD,ORD-SSL-004,Depot,1 Row,Milwaukee,WI,53202,US,FAN-TRAY-2U,1,N,`,
);

/** Drops the orders and waits until all of them are answered for. */
async function sendOrders({ sandbox, workspace }: Scene): Promise<void> {
  await workspace.put('erp/orders/in/orders.csv', [HEAD, ...orders, ''].join('\n'));
  await until(async () => (await workspace.names('erp/orders/results')).some((name) => name.endsWith('.csv')));
  expect(await ticketIds(sandbox)).toHaveLength(TICKETS);
}

async function ticketIds(sandbox: Sandbox): Promise<string[]> {
  return ((await ask(`${sandbox.url}/__admin/state/choice/tickets`)) as { ids: string[] }).ids;
}

/** What happened to tickets, as the stand-in knows it. */
async function truth(sandbox: Sandbox): Promise<string[]> {
  const facts: string[] = [];
  for (const id of await ticketIds(sandbox)) {
    const ticket = (await ask(`${sandbox.url}/__admin/state/choice/tickets/${id}`)) as {
      events: { eventType: string; occurredAt: number }[];
    };
    for (const { eventType, occurredAt } of ticket.events)
      facts.push(`${id} ${eventType} ${new Date(occurredAt).toISOString().slice(0, 19)}Z`);
  }
  return facts.sort();
}

/** The same as the files tell it, each as often as they do. */
async function told({ rows }: Scene): Promise<string[]> {
  const cells = (await rows('status')).map((row) => row.split(','));
  return cells.map(([, , id, status, time]) => `${id} ${status} ${time}`).sort();
}

test('events wake the feed long before the poll would, and each ticket is read for its own', async () => {
  const scene = await startScene(choice, { every: '1h', switches: {} });
  await sendOrders(scene);
  // The next poll is an hour away: what comes now comes because of events. After the first of them each ticket was read
  // and is due again in an hour.
  scene.sandbox.advance(MINUTE_MS / 2);
  await until(async () => (await told(scene)).length === TICKETS);
  scene.sandbox.advance(90 * MINUTE_MS);
  const facts = await truth(scene.sandbox);
  expect(facts.length).toBeGreaterThanOrEqual(TICKETS * 4);
  await until(async () => (await told(scene)).length >= facts.length);
  expect(await told(scene)).toEqual(facts);
  const [status] = jsonLines((await scene.workspace.run(['status', '--json'])).stdout);
  expect(status?.['webhooks']).toMatchObject([{ provider: 'choice', stored: facts.length, repeated: 0 }]);
  expect((await scene.stop()).code).toBe(0);
}, 40_000);

test('events twice, late, out of order, forged and lost: the union of the files has each fact once', async () => {
  const fifth = { webhookRepeatEvery: 5, webhookDelayEvery: 5, webhookDisorderEvery: 5, webhookDropEvery: 5 };
  const scene = await startScene(choice, { every: '2s', switches: { choice: { ...fifth, webhookForgeEvery: 5 } } });
  await sendOrders(scene);
  for (const minutes of [1, 5, 10, 15, 30, 60, 120, 120]) {
    scene.sandbox.advance(minutes * MINUTE_MS);
    const seen = scene.sandbox.deliveries().length;
    await until(async () => (await told(scene)).length >= (await truth(scene.sandbox)).length);
    expect(scene.sandbox.deliveries().length).toBeGreaterThanOrEqual(seen);
  }
  const facts = await truth(scene.sandbox);
  expect(await told(scene)).toEqual(facts);
  const deliveries = scene.sandbox.deliveries();
  const identities = deliveries.filter(({ status }) => status === 200).map(({ body }) => body);
  expect(identities.length).toBeGreaterThan(new Set(identities).size);
  expect(new Set(identities).size).toBeLessThan(facts.length);
  expect(new Set(deliveries.map(({ status }) => status))).toEqual(new Set([200, 401]));
  expect((await scene.stop()).code).toBe(0);
}, 60_000);

test('with every event lost the poll finds everything', async () => {
  const scene = await startScene(choice, { every: '1s', switches: { choice: { webhookDropEvery: 1 } } });
  await sendOrders(scene);
  scene.sandbox.advance(90 * MINUTE_MS);
  const facts = await truth(scene.sandbox);
  await until(async () => (await told(scene)).length >= facts.length);
  expect(await told(scene)).toEqual(facts);
  expect(scene.sandbox.deliveries()).toEqual([]);
}, 40_000);
