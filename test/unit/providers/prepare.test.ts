import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/core/json.ts';
import type { FrozenRequest, Operation, Outcome } from '../../../src/core/provider.ts';
import { answer, findings, open, operationOf, parseWith, serve } from './support.ts';

const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['lineItems'],
  properties: {
    note: { type: 'string' },
    lineItems: {
      type: 'array',
      items: { $ref: '#/$defs/line' },
    },
  },
  $defs: {
    line: {
      type: 'object',
      additionalProperties: false,
      required: ['logisticsSku'],
      properties: {
        logisticsSku: { type: 'string', pattern: '^D[0-9a-zA-Z]{10}$' },
        quantity: { type: 'integer' },
      },
    },
  },
};

const base = (more: string): string => `summary: test
auth: { headers: { X-Token: canary-token } }
limits: { rate: 1000/s, concurrency: 4 }
messages: { text: message }
outcomes:
  - { status: [200, 201], class: ACCEPTED }
operations:
  order.change:
    summary: a change
    method: PATCH
    path: /orders/{key}
    body: lines.json
    key: { from: "{document.key}" }
    repeat: url
${more}`;

const finding = base(
  `    find: { path: "/orders/external/{key}", record: data, take: { id: id }, missing: [404] }\n`,
).replace('path: /orders/{key}', 'path: /orders/{found.id}');
const resolving = base(`    resolve:
      - at: "lineItems[].logisticsSku"
        unless: "^D[0-9a-zA-Z]{10}$"
        path: /products/{value}
        record: "[0]"
        take: logisticsSku
        remember: 1h
`);

const load = (text: string) => parseWith(text, { 'lines.json': JSON.stringify(schema) });

function changeOf(text: string, url: string): Operation {
  const { definition, issues } = load(text);
  if (definition === undefined) throw new Error(JSON.stringify(issues));
  return operationOf(open(definition, url), 'order.change');
}

async function prepare(
  text: string,
  handler: Parameters<typeof serve>[0],
  payload: Json = { lineItems: [] },
): Promise<{ request?: FrozenRequest; outcome?: Outcome; urls: string[]; operation: Operation }> {
  const { url, received } = await serve(handler);
  const operation = changeOf(text, url);
  const result = await operation.prepare?.('A/1', operation.freeze('A/1', payload));
  if (result === undefined) throw new Error('nothing to prepare');
  const urls = received.map((request) => `${request.method} ${request.url}`);
  return result.kind === 'prepared'
    ? { request: result.request, urls, operation }
    : { outcome: result.outcome, urls, operation };
}

describe('find', () => {
  it.each([
    [404, '{"message":"Not Found"}'],
    [200, '{"data":null}'],
  ])('without a record tells what is missing: %i', async (status, body) => {
    const { outcome } = await prepare(finding, answer(status, body));
    expect(outcome).toMatchObject({ class: 'NOT_FOUND', missing: 'order' });
  });

  it('puts what one read finds into the address, and leaves the rest as it was frozen', async () => {
    const { request, urls } = await prepare(finding, answer(200, '{"data":{"id":9007199254740993}}'), {
      note: 'x',
      lineItems: [],
    });
    expect(urls).toEqual(['GET /orders/external/A%2F1']);
    expect(request).toMatchObject({
      method: 'PATCH',
      path: '/orders/9007199254740993',
      body: '{"note":"x","lineItems":[]}',
    });
  });

  it('reads by POST, and picks the record that is told by its fields', async () => {
    const text = finding
      .replace(
        'find: { path',
        'find: { method: POST, body: { ids: ["{key}"], limit: 2 }, where: { ext: "{key}" }, path',
      )
      .replace('record: data', 'record: "data[]"');
    const { url, received } = await serve(
      answer(200, { data: [null, { ext: 'B', id: '1' }, { ext: 'A/1', id: 'a b' }] }),
    );
    const operation = changeOf(text, url);
    expect(await operation.prepare?.('A/1', operation.freeze('A/1', {}))).toMatchObject({
      request: { path: '/orders/a%20b' },
    });
    expect(received[0]).toMatchObject({ method: 'POST', body: '{"ids":["A/1"],"limit":2}' });
  });

  it.each([
    ['the provider knows none', answer(404, '{"message":"no"}'), 'NOT_FOUND'],
    ['the answer holds none', answer(200, '{}'), 'NOT_FOUND'],
    ['the record lacks the field', answer(200, '{"data":{"other":1}}'), 'RETRY_LATER'],
    ['the field would change the address', answer(200, '{"data":{"id":".."}}'), 'RETRY_LATER'],
    ['an HTML page says it knows none', answer(404, '<html>'), 'RETRY_LATER'],
    ['an HTML page', answer(200, '<html>'), 'RETRY_LATER'],
    ['the provider is broken', answer(500), 'RETRY_LATER'],
    ['the answer is lost', (_: unknown, response: { destroy(): void }) => response.destroy(), 'RETRY_LATER'],
    ['it refuses us', answer(401), 'FIX_CREDENTIALS'],
  ])('sends nothing when %s', async (_what, handler, expected) => {
    const { outcome, urls } = await prepare(finding, handler);
    expect(outcome?.class).toBe(expected);
    expect(outcome?.detail).toMatch(/^not sent: /);
    expect(urls).toHaveLength(1);
  });

  it('stops when it is told to', async () => {
    const { url, received } = await serve(() => undefined);
    const operation = changeOf(finding, url);
    const stop = new AbortController();
    const prepared = operation.prepare?.('A', operation.freeze('A', {}), stop.signal);
    while (received.length === 0) await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    expect(await prepared).toMatchObject({ kind: 'failed', outcome: { class: 'RETRY_LATER' } });
  });
});

describe('resolve', () => {
  const known: Record<string, string> = { a: 'Daaaaaaaaaa', b: 'Dbbbbbbbbbb', c: 'Dcccccccccc' };
  const catalogue: Parameters<typeof serve>[0] = ({ url }, response) => {
    const name = known[url.slice('/products/'.length)];
    response.writeHead(name === undefined ? 404 : 200).end(name === undefined ? '{}' : `[{"logisticsSku":"${name}"}]`);
  };

  it('asks once for each value, however many lines have it, and leaves what is a name of the provider', async () => {
    const skus = Array.from({ length: 1000 }, (_, n) => ['a', 'b', 'c', 'D0123456789'][n % 4] ?? '');
    const { request, urls } = await prepare(resolving, catalogue, {
      lineItems: skus.map((logisticsSku, n) => ({ logisticsSku, quantity: n })),
    });
    const asked = ['GET /products/D0123456789', 'GET /products/a', 'GET /products/b', 'GET /products/c'];
    expect(urls.toSorted()).toEqual(asked);
    const lines = (JSON.parse(request?.body ?? '') as { lineItems: { logisticsSku: string; quantity: number }[] })
      .lineItems;
    expect(lines.map(({ logisticsSku }) => logisticsSku)).toEqual(skus.map((sku) => known[sku] ?? sku));
    expect(lines.map(({ quantity }) => quantity)).toEqual(skus.map((_, n) => n));
  });

  it('takes what looks like a name of the provider for ours first, and remembers that it is none of ours', async () => {
    const { url, received } = await serve(({ url: path }, response) => {
      const isOurs = path === '/products/DISHWASHER1';
      response.writeHead(isOurs ? 200 : 404).end(isOurs ? '[{"logisticsSku":"Daaaaaaaaaa"}]' : '{}');
    });
    const operation = changeOf(resolving, url);
    const payload = { lineItems: [{ logisticsSku: 'DISHWASHER1' }, { logisticsSku: 'D0123456789' }] };
    for (const _ of [1, 2])
      expect(await operation.prepare?.('A', operation.freeze('A', payload))).toMatchObject({
        request: { body: '{"lineItems":[{"logisticsSku":"Daaaaaaaaaa"},{"logisticsSku":"D0123456789"}]}' },
      });
    expect(received).toHaveLength(2);
  });

  it('remembers for as long as it may, and not what was not there', async () => {
    const { url, received } = await serve(catalogue);
    const operation = changeOf(resolving, url);
    const payload = { lineItems: [{ logisticsSku: 'a' }, { logisticsSku: 'x' }] };
    for (const _ of [1, 2]) await operation.prepare?.('A', operation.freeze('A', payload));
    expect(received.map((request) => request.url).toSorted()).toEqual(['/products/a', '/products/x', '/products/x']);
  });

  it('asks once for what several documents name at the same time', async () => {
    const { url, received } = await serve(catalogue);
    const operation = changeOf(resolving, url);
    const frozen = operation.freeze('A', { lineItems: [{ logisticsSku: 'a' }] });
    const prepared = await Promise.all([1, 2, 3].map(async () => operation.prepare?.('A', frozen)));
    expect(prepared.map((one) => one?.kind)).toEqual(['prepared', 'prepared', 'prepared']);
    expect(received).toHaveLength(1);
  });

  it('stops when it is told to', async () => {
    const { url, received } = await serve(() => undefined);
    const operation = changeOf(resolving, url);
    const stop = new AbortController();
    const lineItems = Array.from({ length: 50 }, (_, n) => ({ logisticsSku: `s${n}` }));
    const prepared = operation.prepare?.('A', operation.freeze('A', { lineItems }), stop.signal);
    while (received.length < 4) await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    expect(await prepared).toMatchObject({ kind: 'failed', outcome: { class: 'RETRY_LATER' } });
    expect(received).toHaveLength(4);
  });

  it('names every place whose value has no record', async () => {
    const { outcome } = await prepare(resolving, catalogue, {
      lineItems: ['a', 'x', 'b', 'x', '..'].map((logisticsSku) => ({ logisticsSku })),
    });
    expect(outcome).toMatchObject({ class: 'FIX_DATA' });
    expect(outcome?.messages).toEqual([
      { field: 'lineItems[1].logisticsSku', text: 'nothing by this name', unknown: 'x' },
      { field: 'lineItems[3].logisticsSku', text: 'nothing by this name', unknown: 'x' },
      { field: 'lineItems[4].logisticsSku', text: 'nothing by this name', unknown: '..' },
    ]);
  });

  it.each([
    ['a name the schema refuses', '[{"logisticsSku":"nonsense"}]', 'must match pattern'],
    ['a number', '[{"logisticsSku":5}]', 'must be string'],
    ['a record without the name', '[{}]', 'nothing by this name'],
    ['an empty list', '[]', 'nothing by this name'],
  ])('sends nothing when the provider answers %s', async (_what, body, text) => {
    const { outcome } = await prepare(resolving, answer(200, body), { lineItems: [{ logisticsSku: 'a' }] });
    expect(outcome).toMatchObject({ class: 'FIX_DATA', messages: [{ field: 'lineItems[0].logisticsSku' }] });
    expect(outcome?.messages[0]?.text).toContain(text);
  });

  it.each([
    [503, 'RETRY_LATER'],
    [401, 'FIX_CREDENTIALS'],
  ])('sends nothing and refuses nothing on %i', async (status, expected) => {
    const lineItems = Array.from({ length: 200 }, (_, n) => ({ logisticsSku: `s${n}` }));
    const { outcome, urls } = await prepare(resolving, answer(status), { lineItems });
    expect(outcome).toMatchObject({ class: expected, messages: [] });
    expect(urls.length).toBeLessThanOrEqual(8);
  });

  it('keeps numbers digit by digit', async () => {
    const { url } = await serve(catalogue);
    const operation = changeOf(resolving, url);
    const frozen = {
      method: 'PATCH',
      path: '/x',
      headers: {},
      body: '{"lineItems":[{"logisticsSku":"a","quantity":12345678901234567890}]}',
    };
    const prepared = await operation.prepare?.('A', frozen);
    expect(prepared).toMatchObject({ request: { body: frozen.body.replace('"a"', '"Daaaaaaaaaa"') } });
  });

  it('asks mappings for any text in that place', () => {
    const operation = load(resolving).definition?.operations.get('order.change');
    expect(operation?.schema).toMatchObject({
      properties: {
        lineItems: {
          items: { properties: { logisticsSku: { type: 'string', minLength: 1 }, quantity: { type: 'integer' } } },
        },
      },
    });
    expect(operation?.sentSchema).toEqual(schema);
  });
});

it('an operation that needs nothing of the kind has no preparation', () => {
  expect(changeOf(base(''), 'http://127.0.0.1:9').prepare).toBeUndefined();
});

it.each([
  ['a value nobody takes', finding.replace('{found.id}', '{found.ident}'), /unknown-reference "find" takes no "ident"/],
  ['a value that is near', finding.replace('{found.id}', '{found.ids}'), /Did you mean "id"/],
  [
    'a body of a GET',
    finding.replace('find: {', 'find: { body: { a: b },'),
    /provider\.yaml:\d+:\d+ wrong-value a read by GET has no body/,
  ],
  [
    'a place the schema does not have',
    resolving.replace('lineItems[].', 'lines[].'),
    /unknown-reference the schema of the body has no field lines/,
  ],
  ['an expression that is none', resolving.replace('unless: "^D[0-9a-zA-Z]{10}$"', 'unless: "(["'), /wrong-value/],
  ['a variable of another place', resolving.replace('{value}', '{key}'), /\{key\} cannot be used here.*\{value\}/],
  ['a key nobody knows', resolving.replace('remember: 1h', 'rember: 1h'), /unknown-key .*Did you mean "remember"/],
])('a definition with %s is told', (_what, text, expected) => {
  expect(load(text).definition).toBeUndefined();
  expect(findings(text, { 'lines.json': JSON.stringify(schema) }).join('\n')).toMatch(expected);
});
