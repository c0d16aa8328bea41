import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Json } from '../../../src/core/json.ts';
import { loadShipped, open, operationOf, serve } from '../providers/support.ts';

const definition = loadShipped('ds');
const settings = { clientId: 'client-1', clientSecret: 'secret-4711' };
const ID = '66363a1f9c0e4b2d8a7c5501';

/** A provider that hands out tokens, knows order SO-1, and answers every write as told. */
function provider(status: number, body: unknown) {
  const write = { status, body };
  return serve(({ method, url }, response) => {
    const { status: code, body: text } = url.endsWith('/token')
      ? { status: 200, body: { access_token: 'token-1', token_type: 'Bearer', expires_in: '3600' } }
      : url.endsWith('/list') && method === 'POST'
        ? { status: 200, body: { data: [{ id: ID, orderExternalId: 'SO-1' }] } }
        : write;
    response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(text));
  });
}

const error = (type: string, inner?: string): object => ({
  type,
  message: `it is ${type}`,
  errors: [{ type: inner ?? type, message: 'in other words', parameter: 'deliveryContact.phone' }],
});

it('offers every operation and feed of Shipping Order', () => {
  const opened = open(definition, 'http://127.0.0.1:1', { settings });
  expect([...opened.operations].map(([name, { revisions }]) => `${name} ${revisions}`)).toEqual([
    'order.create none',
    'order.change each',
    'order.cancel none',
    'order.retry always',
  ]);
  expect([...opened.feeds].map(([name, { kind }]) => `${name} ${kind}`)).toEqual(['order-changes stream']);
});

it.each<[string, number, string, string, string?]>([
  ['order.create', 400, 'VALIDATION_ERROR', 'FIX_DATA'],
  ['order.create', 422, 'INVALID_DATA', 'FIX_DATA'],
  ['order.create', 422, 'NO_PROVIDER_ASSIGNED', 'FIX_DATA'],
  ['order.create', 422, 'NO_PROVIDER_MATCHED', 'FIX_DATA'],
  ['order.create', 422, 'GEOCODING_FAILED', 'FIX_DATA'],
  ['order.create', 422, 'DUPLICATE_ID', 'ALREADY_EXISTS'],
  ['order.create', 422, 'DUPLICATE_NAME', 'FIX_DATA'],
  ['order.create', 422, 'PLACE_ORDER_FAILED', 'AMBIGUOUS'],
  ['order.create', 422, 'UNMAPPED_ERROR', 'AMBIGUOUS'],
  ['order.create', 500, 'INTERNAL_SERVER_ERROR', 'AMBIGUOUS'],
  ['order.create', 429, 'TOO_MANY_REQUESTS', 'RETRY_LATER'],
  ['order.create', 422, 'TOO_MANY_REQUESTS', 'RETRY_LATER'],
  ['order.create', 422, 'SOMETHING_NEW', 'FIX_DATA'],
  ['order.create', 403, 'UNAUTHORIZED', 'FIX_CREDENTIALS'],
  ['order.change', 422, 'VALIDATION_ERROR', 'TOO_LATE', 'INVALID_OPERATION'],
  ['order.change', 400, 'VALIDATION_ERROR', 'TOO_LATE', 'INVALID_OPERATION'],
  ['order.change', 409, 'INVALID_OPERATION', 'TOO_LATE'],
  ['order.change', 404, 'NOT_FOUND', 'NOT_FOUND'],
  ['order.cancel', 403, 'CANCELLATION_NOT_ALLOWED', 'TOO_LATE'],
  ['order.cancel', 422, 'ORDER_CANCELLATION_FAILED', 'TOO_LATE', 'VOID_PERIOD_OVER'],
  ['order.cancel', 409, 'ORDER_ALREADY_CANCELED', 'ACCEPTED'],
  ['order.cancel', 409, 'OrderAlreadyCancelled', 'ACCEPTED'],
  ['order.retry', 409, 'INVALID_OPERATION', 'TOO_LATE'],
  ['order.retry', 422, 'PLACE_ORDER_FAILED', 'AMBIGUOUS'],
])('%s: %i %s means %s', async (name, status, type, expected, inner) => {
  const { url } = await provider(status, error(type, inner));
  const outcome = await send(url, name);
  expect(outcome).toMatchObject({ class: expected, status });
  if (expected !== 'FIX_DATA') return;
  expect(outcome.messages[0]).toEqual({ text: 'in other words', field: 'deliveryContact.phone' });
});

it.each<[string, string, string]>([
  ['order.retry', 'INVALID_OPERATION', 'ACCEPTED'],
  ['order.change', 'INVALID_OPERATION', 'TOO_LATE'],
  ['order.cancel', 'CANCELLATION_NOT_ALLOWED', 'TOO_LATE'],
])('%s: after a lost answer %s means %s', async (name, type, expected) => {
  const { url } = await provider(409, error(type));
  expect(await send(url, name, true)).toMatchObject({ class: expected });
});

it('takes the words of a 401 from their other place', async () => {
  const { url } = await provider(401, { response: { errors: [{ code: '250002', message: 'Not you.' }] } });
  expect(await send(url, 'order.create')).toMatchObject({
    class: 'FIX_CREDENTIALS',
    messages: [{ text: 'Not you.' }],
  });
});

it('sends what the provider documents, to the id it knows', async () => {
  const { url, received } = await provider(201, { id: ID, orderExternalId: 'SO-1' });
  for (const name of ['order.create', 'order.change', 'order.cancel', 'order.retry']) {
    expect(await send(url, name)).toMatchObject({ class: 'ACCEPTED', reference: ID });
  }
  const [token] = received.filter((request) => request.url.endsWith('/token'));
  expect(token).toMatchObject({
    method: 'POST',
    body: 'grant_type=client_credentials',
    headers: { authorization: `Basic ${Buffer.from('client-1:secret-4711').toString('base64')}` },
  });
  const others = received.filter((request) => !request.url.endsWith('/token'));
  expect(others.every(({ headers }) => headers.authorization === 'Bearer token-1')).toBe(true);
  const find = 'POST /shipping/v1/shipments/list {"orderExternalIds":["SO-1"]}';
  expect(others.map((request) => `${request.method} ${request.url} ${request.body}`.trim())).toEqual([
    'POST /shipping/v1/shipments {"groupId":"G","orderExternalId":"SO-1"}',
    find,
    `PUT /shipping/v1/shipments/${ID} {"groupId":"G"}`,
    find,
    `DELETE /shipping/v1/shipments/${ID}`,
    find,
    `POST /shipping/v1/shipments/${ID}/retry`,
  ]);
});

it('takes no acceptance of a create without the id of its record for one', async () => {
  const { url } = await provider(201, { orderExternalId: 'SO-1', createdAt: '' });
  expect(await send(url, 'order.create')).toMatchObject({ class: 'AMBIGUOUS', status: 201 });
});

it('states every rule in German too', () => {
  const file = new URL('../../../mappings/ds/texts/de.yaml', import.meta.url);
  const texts = parse(readFileSync(file, 'utf8')) as Record<string, string>;
  const stated = [...definition.operations.values()].flatMap(({ schema, key }) => [
    ...descriptionsIn(schema ?? {}),
    ...key.expected.map(String),
  ]);
  expect(new Set(Object.keys(texts))).toEqual(new Set(stated));
  expect(Object.entries(texts).filter(([text, told]) => told === '' || told === text)).toEqual([]);
});

function descriptionsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, child]: [string, unknown]) =>
    name === 'description' && typeof child === 'string' ? [child] : name === 'examples' ? [] : descriptionsIn(child),
  );
}

async function send(url: string, name: string, isAfterLoss = false) {
  const operation = operationOf(open(definition, url, { settings }), name);
  const payload: Json = { groupId: 'G' };
  const frozen = operation.freeze('SO-1', payload);
  const prepared = await operation.prepare?.('SO-1', frozen);
  if (prepared?.kind === 'failed') throw new Error(prepared.outcome.detail);
  return operation.send(prepared?.request ?? frozen, undefined, 'SO-1', isAfterLoss);
}
