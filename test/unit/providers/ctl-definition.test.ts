import { expect, it } from 'vitest';
import { answer, loadShipped, open, operationOf, serve } from './support.ts';

const settings = { clientId: 'client-1', userId: 'user-1' };

it('offers every operation and feed of CTL', () => {
  const provider = open(loadShipped('ctl'), 'http://127.0.0.1:1', { settings });
  expect([...provider.operations.keys()]).toEqual([
    'order.create',
    'order.ship-to',
    'order.cancel',
    'product.upsert',
    'purchase-order.create',
    'purchase-order.close',
    'asn.create',
  ]);
  expect([...provider.feeds].map(([name, { kind }]) => `${name} ${kind}`)).toEqual([
    'shipments stream',
    'receipts stream',
    'asn-receipts stream',
    'transactions stream',
    'returns stream',
    'product-results stream',
    'inventory snapshot',
  ]);
  expect([...provider.operations.values()].every(({ isRepeatable }) => isRepeatable)).toBe(true);
});

it.each([
  ['order.create', 201, 'ACCEPTED'],
  ['order.create', 409, 'ALREADY_EXISTS'],
  ['order.create', 400, 'FIX_DATA'],
  ['order.create', 401, 'FIX_CREDENTIALS'],
  ['order.create', 404, 'FIX_CREDENTIALS'],
  ['order.create', 500, 'AMBIGUOUS'],
  ['order.create', 503, 'RETRY_LATER'],
  ['order.ship-to', 200, 'ACCEPTED'],
  ['order.ship-to', 404, 'NOT_FOUND'],
  ['order.ship-to', 409, 'TOO_LATE'],
  ['order.cancel', 409, 'TOO_LATE'],
  ['product.upsert', 409, 'ALREADY_EXISTS'],
  ['purchase-order.create', 409, 'ALREADY_EXISTS'],
  ['purchase-order.close', 204, 'ACCEPTED'],
  ['purchase-order.close', 404, 'NOT_FOUND'],
  ['asn.create', 201, 'ACCEPTED'],
])('%s: %i means %s', async (name, status, expected) => {
  const { url, received } = await serve(answer(status));
  const operation = operationOf(open(loadShipped('ctl'), url, { settings }), name);
  expect(await operation.send(operation.freeze('X-1', { Items: [] }))).toMatchObject({ class: expected });
  expect(received[0]?.headers).toMatchObject({ 'x-ctl-clientid': 'client-1', 'x-ctl-userid': 'user-1' });
});

it('sends what CTL documents', async () => {
  const { url, received } = await serve(answer(204));
  const provider = open(loadShipped('ctl'), url, { settings });
  for (const name of provider.operations.keys()) {
    const operation = operationOf(provider, name);
    await operation.send(operation.freeze('X-1', {}));
  }
  expect(received.map((request) => `${request.method} ${request.url} ${request.body}`)).toEqual([
    'PUT /v1/Orders/X-1 {}',
    'PUT /v1/Orders/X-1/ShipTo {}',
    'PUT /v1/Orders/X-1/IsCancelled {}',
    'PUT /v1/ProductChanges/X-1 {}',
    'PUT /v1/PurchaseOrders/X-1 {}',
    'PUT /v1/PurchaseOrders/X-1/close ',
    'PUT /v1/ASNs/X-1 {}',
  ]);
  expect(received[0]?.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(received[5]?.headers['content-type']).toBeUndefined();
});
