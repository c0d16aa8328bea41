import { join } from 'node:path';
import type { ServerResponse } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { AttemptEnd, Ledger } from '../../../src/core/ledger.ts';
import type { Provider } from '../../../src/core/provider.ts';
import { createLane, type Lane } from '../../../src/inbound/lane/lane.ts';
import { openLedger } from '../../../src/ledger/index.ts';
import { createTestClock, createTestLog, temporaryDirectory, type TestClock, type TestLog } from '../core/support.ts';
import { open as openProvider, operationOf, serve, thing, type Received } from '../providers/support.ts';
import { required } from './support.ts';

const retry = (attempts: number): string => `retry: { base: 1s, cap: 60s, attempts: ${attempts} }\n`;
const ENDED = 'attempt ended';

interface Scene {
  readonly lane: Lane;
  readonly ledger: Ledger;
  readonly provider: Provider;
  readonly clock: TestClock;
  readonly log: TestLog;
  readonly received: readonly Received[];
  readonly ends: readonly AttemptEnd[];
  readonly stop: AbortController;
  readonly cut: AbortController;
  /** Puts documents in the book, as a drop that was just received. */
  submit(...keys: readonly (string | readonly [key: string, documentKey: string])[]): Promise<void>;
  /** Starts the lane; it ends at the end of the test at the latest. */
  start(untilIdle?: boolean): Promise<void>;
  /** Waits until nothing is under way after so many attempts; answers for how long the lane sleeps. */
  rest(attempts: number): Promise<number>;
  /** Lets time pass whenever nothing is under way, until a run is over. */
  play(run: Promise<void>): Promise<void>;
}

type Answer = (request: Received, response: ServerResponse, position: number) => void;

/** A lane to a provider that answers as told. Backoff takes half of its bound. */
async function createScene(answer: Answer, definition = `${thing}${retry(8)}`, concurrency = 8): Promise<Scene> {
  const { url, received } = await serve(answer);
  const clock = createTestClock();
  const log = createTestLog();
  const ledger = await openLedger({ path: join(await temporaryDirectory(), 'dray.db'), clock, log });
  onTestFinished(() => ledger.close());
  const provider = { ...openProvider(definition, url, { clock: fastClock }), concurrency };
  const ends: AttemptEnd[] = [];
  let [claimed, sleptBefore] = [0, 0];
  const claimSubmissions: Ledger['claimSubmissions'] = async (...given) => {
    const claims = await ledger.claimSubmissions(...given);
    claimed += claims.length;
    return claims;
  };
  const parts = { ledger: { ...ledger, claimSubmissions }, clock, log, random: () => 0.5 };
  const lane = createLane(provider, parts, (end) => {
    ends.push(end);
    sleptBefore = clock.slept();
  });
  const isAtRest = (): boolean => claimed === ends.length && clock.isAsleep() && clock.slept() > sleptBefore;
  const [stop, cut] = [new AbortController(), new AbortController()];
  let drops = 0;
  return {
    lane,
    ledger,
    provider,
    clock,
    log,
    received,
    ends,
    stop,
    cut,
    submit: (...keys) => submit(ledger, provider, ++drops, keys),
    start(untilIdle = true) {
      const run = lane.run({ signal: stop.signal, cut: cut.signal, untilIdle });
      onTestFinished(async () => {
        stop.abort();
        cut.abort();
        await run.catch(() => undefined);
      });
      return run;
    },
    async rest(attempts) {
      while (ends.length < attempts || !isAtRest()) await turn();
      return clock.asleep();
    },
    async play(run) {
      let isOver = false;
      void run.finally(() => (isOver = true));
      while (!isOver) {
        await turn();
        if (isAtRest()) clock.advance(await clock.asleep());
      }
      await run;
    },
  };
}

/** Lets everything that is due happen. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const fastClock = { now: () => Date.now(), monotonic: () => performance.now(), sleep: () => Promise.resolve() };

async function submit(
  ledger: Ledger,
  provider: Provider,
  turn: number,
  keys: readonly (string | readonly [key: string, documentKey: string])[],
): Promise<void> {
  const operation = operationOf(provider, 'thing.create');
  const file = {
    part: '',
    path: `in/${turn}.csv`,
    size: 1,
    fingerprint: `${turn}`,
    hash: `${turn}`,
    spool: '',
    target: '',
  };
  const { id } = await ledger.beginDrop('orders', 'erp', [file]);
  await ledger.stageDocuments(
    id,
    keys.map((given, index) => {
      const [key, documentKey] = typeof given === 'string' ? [given, given] : given;
      const request = operation.freeze(key, { Name: key });
      const submission = { provider: provider.name, operation: operation.name, key, request };
      const records = [['', index, 1]] as const;
      return { group: key, key: documentKey, type: 'order', line: index + 2, records, issues: [], submission };
    }),
  );
  const none = { isRefused: false, isAllOrNothing: false, issues: [], ignored: 0 };
  await ledger.receiveDrop(id, { ...none, files: [file], records: keys.length });
}

const respond =
  (status: number, headers: Record<string, string> = {}, body = ''): Answer =>
  (_request, response) =>
    void response.writeHead(status, headers).end(body);
/** One answer after the other; the last for all that follow. */
const inOrder =
  (...answers: readonly Answer[]): Answer =>
  (request, response, position) =>
    required(answers[position] ?? answers.at(-1))(request, response, position);
const sent = (scene: Scene): string[] => scene.received.map(({ method, url }) => `${method} ${url}`);
const states = (scene: Scene): string[] => scene.ends.map(({ state, outcome }) => `${state} ${outcome}`);

describe('a lane', () => {
  test('sends what is due, once, and ends when nothing is left', async () => {
    const scene = await createScene(respond(201));
    await scene.submit('A', 'B', 'C');
    await scene.start();
    expect(sent(scene).sort()).toEqual(['PUT /things/A', 'PUT /things/B', 'PUT /things/C']);
    expect(states(scene)).toEqual(['accepted ACCEPTED', 'accepted ACCEPTED', 'accepted ACCEPTED']);
    expect(scene.lane.trouble()).toBeUndefined();
  });

  test('ends at once when there is nothing', async () => {
    const scene = await createScene(respond(201));
    await scene.start();
    expect(sent(scene)).toEqual([]);
  });

  test('has no more requests under way than the provider bears', async () => {
    let [open, most] = [0, 0];
    const waiting: (() => void)[] = [];
    const scene = await createScene(
      (_request, response) => {
        most = Math.max(most, ++open);
        waiting.push(() => {
          open--;
          response.writeHead(201).end();
        });
        if (waiting.length >= 2 || scene.ends.length >= 4) for (const finish of waiting.splice(0)) finish();
      },
      undefined,
      2,
    );
    await scene.submit('A', 'B', 'C', 'D', 'E', 'F');
    await scene.start();
    expect(most).toBe(2);
    expect(scene.ends).toHaveLength(6);
  });

  test('wakes for new work', async () => {
    const scene = await createScene(respond(201));
    void scene.start(false);
    await scene.clock.asleep();
    await scene.submit('A');
    scene.lane.wake();
    await scene.log.saw(ENDED);
    expect(sent(scene)).toEqual(['PUT /things/A']);
  });

  test('sends documents with one key one at a time, in the order in which their drops came', async () => {
    const open: string[] = [];
    const overlaps: string[] = [];
    const scene = await createScene(({ url }, response) => {
      if (url !== '/things/Z') open.push(url);
      if (open.length > 1) overlaps.push(open.join());
      setImmediate(() => {
        open.splice(open.indexOf(url), 1);
        response.writeHead(201).end();
      });
    });
    await scene.submit(['A-1', 'A']);
    await scene.submit(['A-2', 'A'], 'Z');
    await scene.submit(['A-3', 'A']);
    await scene.start();
    expect(sent(scene).filter((line) => !line.endsWith('Z'))).toEqual([
      'PUT /things/A-1',
      'PUT /things/A-2',
      'PUT /things/A-3',
    ]);
    expect(overlaps).toEqual([]);
  });

  test('surfaces a ledger that fails', async () => {
    const scene = await createScene(respond(201));
    const ledger = { ...scene.ledger, endAttempt: () => Promise.reject(new Error('the ledger is gone')) };
    const { provider, clock, log } = scene;
    const lane = createLane(provider, { ledger, clock, log, random: () => 0 }, () => undefined);
    await scene.submit('A');
    const never = new AbortController().signal;
    await expect(lane.run({ signal: never, cut: never, untilIdle: true })).rejects.toThrow('the ledger is gone');
  });

  test('holds what it has no operation for any more, without a request', async () => {
    const scene = await createScene(respond(201));
    await scene.submit('A');
    const provider = { ...scene.provider, operations: new Map() };
    const ends: AttemptEnd[] = [];
    const { ledger, clock, log } = scene;
    const lane = createLane(provider, { ledger, clock, log, random: () => 0 }, (end) => void ends.push(end));
    const never = new AbortController().signal;
    await lane.run({ signal: never, cut: never, untilIdle: true });
    expect(ends).toMatchObject([{ state: 'held', issues: [{ code: 'retries-exhausted' }] }]);
    expect(scene.received).toEqual([]);
  });
});

describe('a provider that fails', () => {
  test('is asked again after a wait that doubles, with the same bytes', async () => {
    const scene = await createScene(inOrder(respond(503), respond(503), respond(503), respond(201)));
    await scene.submit('A');
    const run = scene.start();
    const waits: number[] = [];
    for (const attempts of [1, 2, 3]) {
      waits.push(await scene.rest(attempts));
      scene.clock.advance(required(waits.at(-1)));
    }
    await run;
    expect(waits).toEqual([500, 1000, 2000]);
    expect(new Set(scene.received.map(({ body }) => body))).toEqual(new Set(['{"Name":"A"}']));
    expect(states(scene).at(-1)).toBe('accepted ACCEPTED');
  });

  test.each([
    ['20', 20_000],
    ['0', 1000],
    ['soon', 500],
  ])('and names a time to wait, Retry-After: %s, is given that time', async (text, waitMs) => {
    const scene = await createScene(inOrder(respond(503, { 'retry-after': text }), respond(201)), undefined, 1);
    await scene.submit('A', 'B');
    const run = scene.start();
    expect(await scene.rest(1)).toBe(waitMs);
    await scene.play(run);
    expect(sent(scene)).toHaveLength(3);
  });

  test('is given its time by the monotonic clock: a wall clock put forward does not shorten it', async () => {
    const scene = await createScene(inOrder(respond(503, { 'retry-after': '20' }), respond(201)), undefined, 1);
    await scene.submit('A');
    const run = scene.start();
    await scene.rest(1);
    scene.clock.setWall(scene.clock.now() + 86_400_000);
    const slept = scene.clock.slept();
    scene.clock.advance(19_999);
    scene.lane.wake();
    while (scene.clock.slept() === slept) await turn();
    expect(await scene.rest(1)).toBeLessThanOrEqual(100);
    expect(sent(scene)).toHaveLength(1);
    await scene.play(run);
    expect(sent(scene)).toHaveLength(2);
  });

  test.each([['300'], ['999999999']])(
    'and asks for more time than a run may take, Retry-After: %s, ends the run',
    async (text) => {
      const scene = await createScene(inOrder(respond(429, { 'retry-after': text }), respond(201)), undefined, 1);
      await scene.submit('A');
      await scene.start();
      expect(scene.lane.trouble()).toMatchObject({ kind: 'postponed' });
      expect(sent(scene)).toHaveLength(1);
      expect(await scene.ledger.laneState('test')).toMatchObject({ open: 1 });
    },
  );

  test('keeps the time it asked for even when an older request still succeeds', async () => {
    const held: ServerResponse[] = [];
    const scene = await createScene(
      (request, response, position) => {
        if (position > 1) response.writeHead(201).end();
        else if (request.url.endsWith('A')) response.writeHead(429, { 'retry-after': '60' }).end();
        else held.push(response);
      },
      undefined,
      2,
    );
    await scene.submit('A', 'B', 'C', 'D');
    const run = scene.start();
    while (scene.ends.length < 1 || held.length < 1) await turn();
    held[0]?.writeHead(201).end();
    expect(await scene.rest(2)).toBe(60_000);
    expect(sent(scene)).toHaveLength(2);
    await scene.play(run);
    expect(sent(scene)).toHaveLength(5);
  });

  test('is not waited for longer because the wall clock was set back', async () => {
    const scene = await createScene(inOrder(respond(503, { 'retry-after': '20' }), respond(201)), undefined, 1);
    await scene.submit('A');
    const run = scene.start();
    await scene.rest(1);
    scene.clock.setWall(scene.clock.now() - 86_400_000);
    scene.clock.advance(20_000);
    await scene.play(run);
    expect(sent(scene)).toHaveLength(2);
  });

  test('is asked by one request at a time until it answers', async () => {
    let isUp = false;
    let [open, mostWhileDown] = [0, 0];
    const scene = await createScene(
      (_request, response) => {
        open++;
        if (scene.ends.length >= 8 && !isUp) mostWhileDown = Math.max(mostWhileDown, open);
        setImmediate(() => {
          open--;
          response.writeHead(isUp ? 201 : 503).end();
        });
      },
      `${thing}${retry(50)}`,
    );
    await scene.submit('A', 'B', 'C', 'D', 'E', 'F', 'G', 'H');
    const run = scene.start();
    for (const attempts of [8, 9, 10, 11]) scene.clock.advance(await scene.rest(attempts));
    isUp = true;
    await scene.play(run);
    expect(mostWhileDown).toBe(1);
    expect(scene.ends.filter(({ state }) => state === 'accepted')).toHaveLength(8);
  });

  test('is given up at the end of a run, and nothing is lost', async () => {
    const scene = await createScene(respond(503), `${thing}${retry(3)}`, 1);
    await scene.submit('A', 'B');
    const run = scene.start();
    await scene.play(run);
    expect(scene.lane.trouble()).toMatchObject({ kind: 'unreachable', detail: '503' });
    expect(await scene.ledger.laneState('test')).toMatchObject({ open: 2 });
  });

  test('only for one document has that document held and the others sent', async () => {
    const scene = await createScene(
      ({ url }, response) => void response.writeHead(url.endsWith('/BAD') ? 503 : 201).end(),
      `${thing}${retry(3)}`,
      1,
    );
    await scene.submit('BAD', 'A', 'B', 'C');
    const run = scene.start();
    await scene.play(run);
    expect(scene.ends.filter(({ state }) => state === 'accepted')).toHaveLength(3);
    expect(scene.ends.filter(({ state }) => state === 'held')).toMatchObject([
      { issues: [{ code: 'retries-exhausted' }], outcome: 'RETRY_LATER' },
    ]);
    expect(scene.lane.trouble()).toBeUndefined();
  });

  test('with our credentials is left alone at once', async () => {
    const scene = await createScene(respond(401), undefined, 1);
    await scene.submit('A', 'B', 'C');
    void scene.start(false);
    expect(await scene.rest(1)).toBe(15 * 60_000);
    expect(scene.lane.trouble()).toMatchObject({ kind: 'refused', detail: '401' });
    scene.lane.wake();
    await turn();
    expect(await scene.rest(1)).toBe(15 * 60_000);
    expect(sent(scene)).toHaveLength(1);
    expect(scene.log.lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        message: 'the provider refuses us; its lane stands still',
      }),
    );
  });

  test('with our credentials is told in the words of the provider, which are not logged', async () => {
    const scene = await createScene(
      respond(403, {}, '{"Message":"The token lacks\\n the scope orders"}'),
      undefined,
      1,
    );
    await scene.submit('A');
    await scene.start(true);
    expect(scene.lane.trouble()).toEqual({ kind: 'refused', detail: '403', words: 'The token lacks the scope orders' });
    expect(JSON.stringify(scene.log.lines)).not.toContain('the scope orders');
  });

  test('with our credentials ends a run that does not wait', async () => {
    const scene = await createScene(respond(401), undefined, 1);
    await scene.submit('A', 'B', 'C');
    await scene.start(true);
    expect(sent(scene)).toHaveLength(1);
    expect(scene.lane.trouble()).toMatchObject({ kind: 'refused', detail: '401' });
    expect(await scene.ledger.laneState('test')).toMatchObject({ open: 3 });
  });
});

describe('an answer that was lost', () => {
  const lose: Answer = (_request, response) => void response.destroy();

  test('is looked up before anything is sent again', async () => {
    const scene = await createScene(
      inOrder(lose, respond(200, { 'content-type': 'application/json' }, '{"Name":"A"}')),
      undefined,
      1,
    );
    await scene.submit('A');
    const run = scene.start();
    await scene.play(run);
    expect(sent(scene)).toEqual(['PUT /things/A', 'GET /things/A']);
    expect(states(scene)[0]).toBe('unknown AMBIGUOUS');
    expect(scene.ends.at(-1)?.state).toBe('accepted');
  });

  test('of a record that is not there is sent again with the same bytes', async () => {
    const scene = await createScene(inOrder(lose, respond(404), respond(201)), undefined, 1);
    await scene.submit('A');
    const run = scene.start();
    await scene.play(run);
    expect(sent(scene)).toEqual(['PUT /things/A', 'GET /things/A', 'PUT /things/A']);
    expect(scene.received[2]?.body).toBe(scene.received[0]?.body);
  });

  test('makes an "already exists" ours when the bytes may have arrived', async () => {
    const scene = await createScene(inOrder(lose, respond(404), respond(409)), undefined, 1);
    await scene.submit('A');
    const run = scene.start();
    await scene.play(run);
    expect(states(scene).at(-1)).toBe('accepted ALREADY_EXISTS');
  });

  test('leaves an "already exists" on the first try to what is read back', async () => {
    const foreign = respond(200, { 'content-type': 'application/json' }, '{"Name":"somebody else"}');
    const scene = await createScene(inOrder(respond(409), foreign), undefined, 1);
    await scene.submit('A');
    await scene.start();
    expect(sent(scene)).toEqual(['PUT /things/A', 'GET /things/A']);
    expect(scene.ends.at(-1)).toMatchObject({ state: 'rejected', issues: [{ code: 'key-in-use' }] });
  });
});

describe('a lane that is stopped', () => {
  test('starts nothing new and lets what is under way finish', async () => {
    const scene: Scene = await createScene(
      (_request, response) => {
        scene.stop.abort();
        setImmediate(() => response.writeHead(201).end());
      },
      undefined,
      1,
    );
    await scene.submit('A', 'B');
    await scene.start(false);
    expect(states(scene)).toEqual(['accepted ACCEPTED']);
    expect(await scene.ledger.laneState('test')).toMatchObject({ open: 1 });
  });

  test('cuts off what does not finish, and its outcome is unknown', async () => {
    const scene: Scene = await createScene(
      () => {
        scene.stop.abort();
        scene.cut.abort();
      },
      undefined,
      1,
    );
    await scene.submit('A');
    await scene.start(false);
    expect(states(scene)).toEqual(['unknown AMBIGUOUS']);
  });
});
