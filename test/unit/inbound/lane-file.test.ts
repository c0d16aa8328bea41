import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import type { Bytes } from '../../../src/core/format.ts';
import type { AttemptEnd } from '../../../src/core/ledger.ts';
import { createLane } from '../../../src/inbound/lane/lane.ts';
import { createSpool, openLedger } from '../../../src/ledger/index.ts';
import { createTestLog, temporaryDirectory } from '../core/support.ts';
import { answer, open as openProvider, operationOf, serve, type Received } from '../providers/support.ts';

const attaching = (more = '', wait = 'every: 20ms, longest: 300ms'): string => `summary: test
limits: { rate: 1000/s, concurrency: 1 }
retry: { base: 1ms, cap: 5ms, attempts: 3 }
outcomes: [{ status: 200, class: ACCEPTED }]
operations:
  order.attach:
    summary: a paper of an order
    method: POST
    path: /shipments/{found.id}/papers
    key: { from: "{document.key}", pattern: "(?<order>.+) [^ ]+" }
    find:
      path: /orders/{key.order}
      record: shipments[]
      take: { id: id }
      called: shipment of an order
      wait: { ${wait} }
    repeat: url
    upload: { url: "{answer.url}" }
${more}`;

type Handler = Parameters<typeof serve>[0];

async function* bytesOf(text: string): Bytes {
  yield await Promise.resolve(Buffer.from(text));
}

async function createScene(orders: Handler, definition: string) {
  const { url, received } = await serve((request, response, position) => {
    if (request.url.startsWith('/orders/')) return orders(request, response, position);
    if (request.method === 'PUT') return answer(201)(request, response);
    return answer(200, { url: `${url}/bucket${request.url}` })(request, response);
  });
  const directory = await temporaryDirectory();
  const log = createTestLog();
  const ledger = await openLedger({ path: join(directory, 'dray.db'), clock: systemClock, log });
  onTestFinished(() => ledger.close());
  const spool = createSpool(join(directory, 'spool'));
  const provider = openProvider(definition, url);
  const operation = operationOf(provider, 'order.attach');
  const ends: AttemptEnd[] = [];
  const never = new AbortController().signal;
  return {
    ledger,
    spool,
    ends,
    asked: () => received.map(({ method, url: path, body }: Received) => `${method} ${path} ${body}`.trim()),
    async drop(key: string, content: string) {
      const { spool: name, hash, size } = await spool.keep(bytesOf(content));
      const file = { part: '', path: `in/${key}.pdf`, size, fingerprint: '', hash, spool: name, target: '' };
      const { id } = await ledger.beginDrop('papers', 'erp', [file]);
      const submission = {
        provider: provider.name,
        operation: operation.name,
        key,
        request: operation.freeze(key, {}),
        isPrepared: false,
        revisions: operation.revisions,
        ...(operation.sendsFile === true ? { fileHash: hash } : {}),
      };
      const records = [['', 0, 1]] as const;
      await ledger.stageDocuments(id, [{ group: key, key, type: 'paper', line: 1, records, issues: [], submission }]);
      const receipt = { isRefused: false, isAllOrNothing: false, issues: [], ignored: 0, files: [file], records: 1 };
      await ledger.receiveDrop(id, receipt);
      return name;
    },
    async statusOf(key: string) {
      const [document] = await ledger.documents({ key, limit: 1 });
      return document?.status;
    },
    run: async (clock = systemClock) => {
      const lane = createLane(provider, { ledger, spool, clock, log, random: () => 0.5 }, (end) => {
        ends.push(end);
      });
      await lane.run({ signal: never, cut: never, untilIdle: true });
      return lane.trouble();
    },
  };
}

const booked = answer(200, { shipments: [{ id: 'S-1' }, { id: 'S-2' }] });

test('the kept bytes go to the first shipment of the order', async () => {
  const scene = await createScene(booked, attaching());
  await scene.drop('SO-1 BOL', '%PDF one');
  expect(await scene.run()).toBeUndefined();
  expect(scene.asked()).toEqual([
    'GET /orders/SO-1',
    'POST /shipments/S-1/papers',
    'PUT /bucket/shipments/S-1/papers %PDF one',
  ]);
  expect(await scene.statusOf('SO-1 BOL')).toBe('accepted');
});

test('a paper waits for its shipment, and others go on meanwhile', async () => {
  let asked = 0;
  const scene = await createScene(
    (request, response) => {
      const isLate = request.url === '/orders/SO-1' && ++asked <= 3;
      return isLate ? answer(200, { shipments: [] })(request, response) : booked(request, response);
    },
    attaching('', 'every: 20ms, longest: 1m'),
  );
  await scene.drop('SO-1 BOL', '%PDF one');
  await scene.drop('SO-2 BOL', '%PDF two');
  expect(await scene.run()).toBeUndefined();
  const puts = scene.asked().filter((line) => line.startsWith('PUT'));
  expect(puts.map((line) => line.slice(-3))).toEqual(['two', 'one']);
  expect(asked).toBe(4);
  expect(scene.ends.map(({ state }) => state)).toEqual(['ready', 'accepted', 'ready', 'ready', 'accepted']);
});

test('a run that ends leaves a paper that has to wait to the next one', async () => {
  // A second of it lasts five milliseconds.
  const begun = systemClock.now();
  const hurried = {
    now: () => begun + (systemClock.now() - begun) * 200,
    monotonic: () => systemClock.monotonic() * 200,
    sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms / 200, signal),
  };
  const scene = await createScene(answer(200, { shipments: [] }), attaching('', 'every: 20s, longest: 3d'));
  await scene.drop('SO-1 BOL', '%PDF one');
  expect(await scene.run(hurried)).toMatchObject({ kind: 'waiting' });
  expect(await scene.statusOf('SO-1 BOL')).toBe('waiting');
});

test.each([
  ['an order without one', answer(200, { shipments: [] })],
  ['an order nobody knows', answer(404, {})],
])('a shipment that never comes is told clearly: %s', async (_what, orders) => {
  const scene = await createScene(orders, attaching());
  await scene.drop('SO-1 BOL', '%PDF one');
  expect(await scene.run()).toBeUndefined();
  expect(scene.ends.at(-1)).toMatchObject({
    state: 'rejected',
    issues: [
      { code: 'not-found', what: 'the provider knows no shipment of an order with this number', got: 'SO-1 BOL' },
    ],
  });
  expect(scene.asked().every((line) => line.startsWith('GET'))).toBe(true);
});

test('a file whose bytes are gone is held for a person', async () => {
  const scene = await createScene(booked, attaching());
  await scene.spool.remove(await scene.drop('SO-1 BOL', '%PDF one'));
  expect(await scene.run()).toBeUndefined();
  expect(scene.ends).toMatchObject([{ state: 'held', issues: [{ code: 'upload-gone' }] }]);
  expect(scene.asked()).toEqual(['GET /orders/SO-1']);
});

test('the same paper again is not sent again, another one of the same name is', async () => {
  const scene = await createScene(booked, attaching('    revisions: each\n'));
  for (const content of ['%PDF one', '%PDF one', '%PDF two']) await scene.drop('SO-1 BOL', content);
  await scene.run();
  const puts = scene.asked().filter((line) => line.startsWith('PUT'));
  expect(puts.map((line) => line.slice(-3))).toEqual(['one', 'two']);
});

test('where the first one counts, another file under its name is refused', async () => {
  const scene = await createScene(booked, attaching());
  await scene.drop('SO-1 BOL', '%PDF one');
  await scene.drop('SO-1 BOL', '%PDF two');
  await scene.run();
  const documents = await scene.ledger.documents({ key: 'SO-1 BOL', limit: 10 });
  expect(documents.map(({ status, issues }) => [status, issues.map(({ code }) => code)])).toEqual([
    ['rejected', ['key-reused']],
    ['accepted', []],
  ]);
});
