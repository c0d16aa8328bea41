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

  it('takes an answer that names no record for none, where the record has to be named', async () => {
    const text = thing.replace('reference: "{key}"', 'reference: "{answer.id}"');
    expect(await lookUp(answer(200, { status: 'ok' }), ours, text)).toMatchObject({
      kind: 'failed',
      outcome: { class: 'RETRY_LATER', detail: '200, and the answer does not name the record' },
    });
    expect(await lookUp(answer(200, { id: 7 }), ours, text)).toMatchObject({ kind: 'found', isSame: false });
    expect(await lookUp(answer(200, ours), ours, text)).toMatchObject({ kind: 'found', isSame: true });
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

describe('a look-up among many', () => {
  const listing = thing.replace(
    'lookUp: { path: "/things/{key}", missing: [404], same: ["Items[].Sku", "Items[].Quantity", Name] }',
    'lookUp: { method: POST, path: /things/list, body: { ids: ["{key}"], deep: { of: "{key}", n: 1 } }, record: "data[]", where: { ext: "{key}" }, same: [{ ours: "Items[].Sku", theirs: "lines[].sku" }, { ours: "Items[].Quantity", theirs: "lines[].count" }, { ours: Name, theirs: who.name }] }',
  );
  const record = (ext: string, count = 2) => ({
    ext,
    who: { name: 'Ada' },
    lines: [
      { sku: 'B', count: 0.5 },
      { sku: 'A', count },
    ],
  });

  it('asks by POST and takes the first that has our key', async () => {
    const { url, received } = await serve(
      answer(200, { data: [null, record('T-2'), record('T-1'), record('T-1', 9)] }),
    );
    const operation = operationOf(open(listing, url), 'thing.create');
    const found = await operation.lookUp?.('T-1', operation.freeze('T-1', ours));
    expect(found).toMatchObject({ kind: 'found', isSame: true, outcome: { reference: 'T-1' } });
    expect(received[0]).toMatchObject({
      method: 'POST',
      url: '/things/list',
      body: '{"ids":["T-1"],"deep":{"of":"T-1","n":1}}',
      headers: { 'content-type': 'application/json; charset=utf-8' },
    });
  });

  it('compares fields that have other names over there', async () => {
    expect(await lookUp(answer(200, { data: [record('T-1', 3)] }), ours, listing)).toMatchObject({ isSame: false });
  });

  it('says that none of them is ours', async () => {
    expect(await lookUp(answer(200, { data: [record('T-2')] }), ours, listing)).toMatchObject({
      kind: 'missing',
      outcome: { detail: '200 without a record' },
    });
  });

  it('bears a list of a million', async () => {
    const body = `{"data":[${'{"ext":"x"},'.repeat(800_000)}${JSON.stringify(record('T-1'))}]}`;
    expect(await lookUp(answer(200, body), ours, listing)).toMatchObject({ kind: 'found', isSame: true });
  });

  it('asks again when the list is longer than the limit', async () => {
    const body = `{"data":[${'{"ext":"x"},'.repeat(1_000_000)}{}]}`;
    expect(await lookUp(answer(200, body), ours, listing)).toMatchObject({
      kind: 'failed',
      outcome: { class: 'RETRY_LATER' },
    });
  });
});

describe('what the provider fills in or does not show', () => {
  const loose = thing.replace(
    'same: ["Items[].Sku", "Items[].Quantity", Name]',
    'same: ["Items[].Sku", { ours: "Items[].Serials", when: ours }, { ours: "Items[].Line", when: both }, { ours: Country, when: ours }, { ours: At, when: both }]',
  );
  const sent = {
    Items: [
      { Sku: 'A', Line: '1' },
      { Sku: 'A', Line: '2', Serials: ['S2', 'S1'] },
    ],
    At: '2026-05-04T10:00:00Z',
  };
  const shown = (...items: Json[]): Json => ({ Items: items, Country: 'US', At: '2026-05-04T12:00:00.000+02:00' });
  const isSame = async (record: Json, ours: Json = sent): Promise<boolean> => {
    const found = await lookUp(answer(200, record), ours, loose);
    if (found.kind !== 'found') throw new Error(found.kind);
    return found.isSame;
  };

  it('counts where we said something', async () => {
    expect(await isSame(shown({ Sku: 'A', Serials: ['S9'] }, { Sku: 'A', Line: '2', Serials: ['S1', 'S2'] }))).toBe(
      true,
    );
    expect(await isSame(shown({ Sku: 'A', Serials: ['S9'] }, { Sku: 'A', Serials: ['S1'] }))).toBe(false);
    expect(await isSame(shown({ Sku: 'A', Line: '1' }, { Sku: 'A', Serials: ['S1', 'S2'], Line: '3' }))).toBe(false);
    expect(await isSame(shown({ Sku: 'A', Serials: ['S1', 'S2'] }))).toBe(false);
  });

  it('compares times by their instant, and a value that was sent with what is shown', async () => {
    const items = [{ Sku: 'A' }, { Sku: 'A', Serials: ['S1', 'S2'] }];
    expect(await isSame({ Items: items, At: '2026-05-04T10:00:01Z' })).toBe(false);
    expect(await isSame({ Items: items })).toBe(true);
    expect(await isSame(shown(...items), { ...sent, Country: 'IE' })).toBe(false);
    expect(await isSame({ Items: items }, { ...sent, Country: 'IE' })).toBe(false);
  });
});

describe('a record that was not done', () => {
  const unfinished = thing.replace(
    ', same: ["Items[].Sku"',
    `, unfinished: [{ when: { state: [FAILED, STUCK] }, method: POST, path: "/things/{record.id}/retry", body: { why: "{key}" }, outcomes: [{ status: 202, class: ACCEPTED }, { status: 409, class: TOO_LATE }] }], same: ["Items[].Sku"`,
  );
  const failed = { ...ours, id: 'R 1', state: 'FAILED' };

  async function goOn(record: unknown, retry: Parameters<typeof serve>[0]) {
    const { url, received } = await serve((request, response, position) =>
      request.method === 'GET' ? answer(200, record)(request, response) : retry(request, response, position),
    );
    const operation = operationOf(
      open(unfinished.replace('reference: "{key}"', 'reference: "{answer.id}"'), url),
      'thing.create',
    );
    const found = await operation.lookUp?.('T-1', operation.freeze('T-1', ours));
    return { found, asked: received.map(({ method, url: path, body }) => `${method} ${path} ${body}`) };
  }

  it('is made to go on instead of being sent again', async () => {
    const { found, asked } = await goOn(failed, answer(202, '{}'));
    expect(found).toMatchObject({ kind: 'found', isSame: true, outcome: { class: 'ACCEPTED', reference: 'R 1' } });
    expect(asked).toEqual(['GET /things/T-1 ', 'POST /things/R%201/retry {"why":"T-1"}']);
  });

  it.each([
    ['it is too late', answer(409, '{}'), 'settled', 'TOO_LATE'],
    ['it is refused', answer(422, '{"Message":"no"}'), 'settled', 'FIX_DATA'],
    ['it is unavailable', answer(503), 'failed', 'RETRY_LATER'],
    ['its outcome is unknown', answer(500), 'failed', 'RETRY_LATER'],
    ['the answer is lost', (_: unknown, response: { destroy(): void }) => response.destroy(), 'failed', 'RETRY_LATER'],
    ['we are refused', answer(401), 'failed', 'FIX_CREDENTIALS'],
  ])('and then %s', async (_what, retry, kind, expected) => {
    expect((await goOn(failed, retry)).found).toMatchObject({ kind, outcome: { class: expected } });
  });

  it.each([
    ['is not ours', { ...failed, Name: 'Eve' }, { kind: 'found', isSame: false }],
    ['is done', { ...failed, state: 'DONE' }, { kind: 'found', isSame: true }],
  ])('is left alone when it %s', async (_what, record, expected) => {
    const { found, asked } = await goOn(record, answer(202));
    expect(found).toMatchObject(expected);
    expect(asked).toHaveLength(1);
  });

  it('is asked about again when it lacks what the request needs', async () => {
    const { found, asked } = await goOn({ ...ours, state: 'STUCK' }, answer(202));
    expect(found).toMatchObject({ kind: 'failed', outcome: { class: 'RETRY_LATER' } });
    expect(asked).toHaveLength(1);
  });
});
