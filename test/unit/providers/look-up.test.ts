import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/core/json.ts';
import type { LookUp } from '../../../src/core/provider.ts';
import { answer, open, operationOf, serve, thing } from './support.ts';

const ours = {
  Name: 'Ada ',
  Items: [
    { Sku: 'A', Quantity: 2 },
    { Sku: 'B', Quantity: 0.5 },
  ],
};

async function lookUp(handler: Parameters<typeof serve>[0], sent: Json = ours, text = thing): Promise<LookUp> {
  const { url } = await serve(handler);
  const operation = operationOf(open(text, url), 'thing.create');
  const found = await operation.lookUp?.('T-1', operation.freeze('T-1', sent));
  if (found === undefined) throw new Error('no look-up');
  return found;
}

describe('look-up', () => {
  it('finds our record: decimals by value, texts without outer spaces, lists in any order', async () => {
    const body = '{"Name":"Ada","Items":[{"Sku":"B","Quantity":0.50000},{"Sku":"A","Quantity":2.0000000000}],"More":1}';
    expect(await lookUp(answer(200, body))).toMatchObject({
      kind: 'found',
      isSame: true,
      outcome: { class: 'ALREADY_EXISTS', reference: 'T-1', status: 200 },
    });
  });

  it.each([
    ['another quantity', '{"Name":"Ada","Items":[{"Sku":"A","Quantity":3},{"Sku":"B","Quantity":0.5}]}'],
    ['quantities of the wrong items', '{"Name":"Ada","Items":[{"Sku":"B","Quantity":2},{"Sku":"A","Quantity":0.5}]}'],
    ['one item less', '{"Name":"Ada","Items":[{"Sku":"A","Quantity":2}]}'],
    ['another name', '{"Name":"Eve","Items":[{"Sku":"A","Quantity":2},{"Sku":"B","Quantity":0.5}]}'],
    ['nothing of ours', '{}'],
  ])('finds a record that is not ours: %s', async (_what, body) => {
    expect(await lookUp(answer(200, body))).toMatchObject({ kind: 'found', isSame: false });
  });

  it('does not miss a difference beyond 2^53', async () => {
    const record = (n: string) => answer(200, `{"Items":[{"Sku":"A","Quantity":${n}}]}`);
    const sent = { Items: [{ Sku: 'A', Quantity: 9_007_199_254_740_992 }] };
    expect(await lookUp(record('9007199254740992.0'), sent)).toMatchObject({ isSame: true });
    expect(await lookUp(record('9007199254740993'), sent)).toMatchObject({ isSame: false });
  });

  it('takes absent, null and empty for the same', async () => {
    expect(await lookUp(answer(200, '{"Name":null,"Items":[]}'), { Name: '' })).toMatchObject({ isSame: true });
  });

  it('says that there is no such record', async () => {
    expect(await lookUp(answer(404, '{}'))).toMatchObject({ kind: 'missing', outcome: { class: 'NOT_FOUND' } });
  });

  it('looks for the record inside the answer', async () => {
    const text = thing.replace('missing: [404]', 'record: "data[0]", missing: [404]');
    expect(await lookUp(answer(200, '{"data":[]}'), ours, text)).toMatchObject({ kind: 'missing' });
    expect(await lookUp(answer(200, { data: [ours] }), ours, text)).toMatchObject({ kind: 'found', isSame: true });
  });

  it.each([
    ['unavailable', answer(503), 'RETRY_LATER'],
    ['an HTML page', answer(200, '<html>'), 'RETRY_LATER'],
    ['an HTML page that says 404', answer(404, '<html>'), 'RETRY_LATER'],
    ['nothing at all', answer(200), 'RETRY_LATER'],
    ['credentials refused', answer(401), 'FIX_CREDENTIALS'],
  ])('fails, to be asked again: %s', async (_what, handler, expected) => {
    expect(await lookUp(handler)).toMatchObject({ kind: 'failed', outcome: { class: expected } });
  });
});
