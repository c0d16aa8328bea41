import { describe, expect, it } from 'vitest';
import type { LookUp } from '../../../src/core/provider.ts';
import { answer, findings, loadShipped, open, operationOf, serve, thing } from './support.ts';

const flexport = { settings: { token: 'token-1', version: '2024-07' } };

describe('a cancellation after a lost answer', () => {
  it('is not known at CTL when the repeat is refused, and too late when nothing was lost', async () => {
    const { url } = await serve(answer(409, '{}'));
    const settings = { clientId: 'demo', userId: 'demo' };
    const operation = operationOf(open(loadShipped('ctl'), url, { settings }), 'order.cancel');
    const request = operation.freeze('SO-1', { Cancel: true });
    expect(await operation.send(request, undefined, 'SO-1', true)).toMatchObject({ class: 'AMBIGUOUS' });
    expect(await operation.send(request, undefined, 'SO-1', false)).toMatchObject({ class: 'TOO_LATE' });
    const change = operationOf(open(loadShipped('ctl'), url, { settings }), 'order.ship-to');
    expect(await change.send(change.freeze('SO-1', {}), undefined, 'SO-1', true)).toMatchObject({ class: 'TOO_LATE' });
  });

  const lookUp = async (status: number, order: object): Promise<LookUp | undefined> => {
    const { url } = await serve(answer(status, order));
    const operation = operationOf(open(loadShipped('flexport'), url, flexport), 'order.cancel');
    return operation.lookUp?.('SO-1', operation.freeze('SO-1', {}));
  };

  it('is looked up at Flexport: the order says whether it is cancelled', async () => {
    const order = (internalStatus: string): object => ({ id: 7, state: { internalStatus } });
    expect(await lookUp(200, order('CANCELLED'))).toMatchObject({
      kind: 'found',
      isSame: true,
      outcome: { reference: '7' },
    });
    expect(await lookUp(200, order('SHIPPED'))).toMatchObject({ kind: 'missing' });
    expect(await lookUp(404, {})).toMatchObject({ kind: 'missing' });
    expect(await lookUp(503, {})).toMatchObject({ kind: 'failed' });
  });
});

describe('a cancellation of what is cancelled', () => {
  it.each([
    ['order.cancel', { id: 7, state: { internalStatus: 'CANCELLED' } }],
    ['b2b-order.cancel', { orderId: 7, orderStatus: 'CANCELLED' }],
  ])('is done at Flexport without a request: %s', async (name, order) => {
    const { url, received } = await serve(answer(200, order));
    const operation = operationOf(open(loadShipped('flexport'), url, flexport), name);
    expect(operation.revisions).toBe('each');
    expect(await operation.prepare?.('SO-1', operation.freeze('SO-1', {}))).toMatchObject({
      kind: 'failed',
      outcome: { class: 'ACCEPTED', reference: '7', detail: 'not sent: done before' },
    });
    expect(received.map(({ method }) => method)).toEqual(['GET']);
  });

  it('is sent while the order stands', async () => {
    const { url } = await serve(answer(200, { id: 7, state: { internalStatus: 'CREATED' } }));
    const operation = operationOf(open(loadShipped('flexport'), url, flexport), 'order.cancel');
    expect(await operation.prepare?.('SO-1', operation.freeze('SO-1', {}))).toMatchObject({
      kind: 'prepared',
      request: { path: '/logistics/api/2024-07/orders/7/cancel' },
    });
  });
});

describe('another try after a lost answer', () => {
  it.each([
    [true, { code: 407001 }, 'ACCEPTED'],
    [true, { code: 400000 }, 'TOO_LATE'],
    [false, { code: 407001 }, 'TOO_LATE'],
  ])('is done at Flexport when the order goes on: %s %o', async (isAfterLoss, body, expected) => {
    const { url } = await serve(answer(400, body));
    const operation = operationOf(open(loadShipped('flexport'), url, flexport), 'order.retry');
    const request = { method: 'POST', path: '/orders/7/retry', headers: {}, body: '' };
    expect(await operation.send(request, undefined, 'SO-1', isAfterLoss)).toMatchObject({ class: expected });
  });
});

describe('a look-up that compares nothing', () => {
  const bare = thing.replace(', same: ["Items[].Sku", "Items[].Quantity", Name]', ', where: { state: DONE }');

  it('needs an operation that finds its record: what is made needs a proof', () => {
    expect(findings(bare).join('\n')).toMatch(/missing-key "same" is missing/);
    const finding = bare
      .replace('path: /things/{key}\n    body', 'path: /things/{found.id}\n    body')
      .replace('repeat: url', 'repeat: url\n    find: { path: "/names/{key}", take: { id: id } }');
    expect(findings(finding)).toEqual([]);
    expect(findings(finding.replace(', where: { state: DONE }', '')).join('\n')).toMatch(/missing-key/);
  });
});
