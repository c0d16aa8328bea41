import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import { createLane } from '../../../src/inbound/lane/lane.ts';
import { createTestLog } from '../core/support.ts';
import { answer, open as openProvider, operationOf, thing } from '../providers/support.ts';
import { createLaneScene, type Handler, type LaneScene } from './lane-scene.ts';

const finding = `${thing
  .replace('path: /things/{key}\n    body', 'path: /things/{found.id}\n    body')
  .replace(
    'repeat: url',
    'repeat: url\n    find: { path: "/names/{key}", take: { id: id }, missing: [404] }',
  )}retry: { base: 1ms, cap: 2ms, attempts: 8 }\n`;

const createScene = (handler: Handler, definition = finding): Promise<LaneScene> =>
  createLaneScene(handler, definition);

const named = answer(200, { id: 77 });

describe('a request that is completed before its first send', () => {
  test('is stored before it is sent', async () => {
    const order: string[] = [];
    const scene = await createScene((request, response) => {
      order.push(request.method);
      (request.method === 'GET' ? named : answer(201))(request, response);
    });
    await scene.submit('A');
    await scene.run({
      storePrepared(...given) {
        order.push('stored');
        return scene.ledger.storePrepared(...given);
      },
    });
    expect(order).toEqual(['GET', 'stored', 'PUT']);
    expect(scene.asked()).toEqual(['GET /names/A-1', 'PUT /things/77 {"Name":"A"}']);
    expect(scene.ends).toMatchObject([{ state: 'accepted', reference: 'A-1' }]);
  });

  test('is not sent when it cannot be stored', async () => {
    const scene = await createScene(named);
    await scene.submit('A');
    const storePrepared = () => Promise.reject(new Error('the ledger is gone'));
    await expect(scene.run({ storePrepared })).rejects.toThrow('the ledger is gone');
    expect(scene.asked()).toEqual(['GET /names/A-1']);
  });

  test('is completed once: what is sent again is what was stored', async () => {
    let [reads, sends] = [0, 0];
    const scene = await createScene((request, response) => {
      if (request.url.startsWith('/names')) answer(200, { id: 77 + reads++ })(request, response);
      else answer(sends++ < 2 ? 503 : 201)(request, response);
    });
    await scene.submit('A');
    await scene.run();
    expect(scene.asked()).toEqual(['GET /names/A-1', ...Array<string>(3).fill('PUT /things/77 {"Name":"A"}')]);
  });

  test('is asked about, not completed anew, after its answer was lost', async () => {
    const scene = await createScene((request, response, position) => {
      if (position === 1) response.destroy();
      else (position === 0 ? named : answer(200, { Name: 'A' }))(request, response);
    });
    await scene.submit('A');
    await scene.run();
    expect(scene.asked()).toEqual(['GET /names/A-1', 'PUT /things/77 {"Name":"A"}', 'GET /things/A-1']);
    expect(scene.ends.at(-1)?.state).toBe('accepted');
  });

  test('is tried again when the read fails, and nothing was sent', async () => {
    const scene = await createScene((request, response, position) =>
      (position < 2 ? answer(500) : request.method === 'GET' ? named : answer(201))(request, response),
    );
    await scene.submit('A');
    await scene.run();
    expect(scene.ends.map(({ state, outcome }) => `${state} ${outcome}`)).toEqual([
      'ready RETRY_LATER',
      'ready RETRY_LATER',
      'accepted ACCEPTED',
    ]);
  });

  test('is refused when the provider knows no such record', async () => {
    const scene = await createScene(answer(404, '{}'));
    await scene.submit('A');
    await scene.run();
    expect(scene.ends).toMatchObject([{ state: 'rejected', issues: [{ code: 'not-found' }] }]);
  });

  test('is held when the definition no longer says how to complete it', async () => {
    const scene = await createScene(named);
    await scene.submit('A');
    const { provider, ledger } = scene;
    const plain = operationOf(openProvider(thing, 'http://127.0.0.1:9'), 'thing.create');
    const lane = createLane(
      { ...provider, operations: new Map([['thing.create', plain]]) },
      { ledger, clock: systemClock, log: createTestLog(), random: () => 0 },
      () => undefined,
    );
    const never = new AbortController().signal;
    await lane.run({ signal: never, cut: never, untilIdle: true });
    expect(scene.asked()).toEqual([]);
    expect((await ledger.overview()).submissions).toEqual({ held: 1 });
  });
});

describe('a document behind one that is held', () => {
  const once = thing.replace('repeat: url', 'repeat: none').replace(/ {4}lookUp.*\n/, '');
  const lose: Handler = (_request, response) => void response.destroy();

  test('is not sent, ends no run in waiting, and goes on when a person gives up the one before it', async () => {
    let isBack = false;
    const scene = await createScene(
      (...given) => (isBack ? answer(201)(given[0], given[1]) : lose(...given)),
      `${once}retry: { base: 1ms, cap: 2ms, attempts: 8 }\n`,
    );
    await scene.submit('A');
    await scene.run();
    expect(scene.ends.at(-1)).toMatchObject({ state: 'held', issues: [{ code: 'outcome-unknown' }] });
    isBack = true;
    await scene.submit('A');
    await scene.run();
    expect(scene.asked()).toEqual(['PUT /things/A-1 {"Name":"A"}']);
    const [held] = await scene.ledger.submissions({ state: 'held', limit: 1 });
    await scene.ledger.giveUpSubmission(held?.id ?? 0);
    await scene.run();
    expect(scene.asked()).toEqual(['PUT /things/A-1 {"Name":"A"}', 'PUT /things/A-2 {"Name":"A"}']);
    expect((await scene.ledger.overview()).submissions).toEqual({ accepted: 1, rejected: 1 });
  });
});

describe('a record of ours that was not done', () => {
  const unfinished = thing.replace(
    ', same: [',
    ', unfinished: [{ when: { state: FAILED }, method: POST, path: "/things/{key}/retry" }], same: [',
  );

  test.each([
    [201, 'accepted', undefined],
    [422, 'rejected', 'refused-by-provider'],
  ])('is made to go on; %i ends it', async (status, state, code) => {
    const scene = await createScene((request, response) => {
      if (request.method === 'PUT') response.destroy();
      else if (request.method === 'GET') answer(200, { Name: 'A', state: 'FAILED' })(request, response);
      else answer(status, '{}')(request, response);
    }, `${unfinished}retry: { base: 1ms, cap: 2ms, attempts: 8 }\n`);
    await scene.submit('A');
    await scene.run();
    expect(scene.asked()).toEqual(['PUT /things/A-1 {"Name":"A"}', 'GET /things/A-1', 'POST /things/A-1/retry']);
    expect(scene.ends.at(-1)).toMatchObject({ state, ...(code === undefined ? {} : { issues: [{ code }] }) });
  });
});
