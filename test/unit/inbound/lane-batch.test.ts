import { join } from 'node:path';
import type { ServerResponse } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import type { AttemptEnd, Ledger } from '../../../src/core/ledger.ts';
import type { Provider } from '../../../src/core/provider.ts';
import { createLane, type Lane } from '../../../src/inbound/lane/lane.ts';
import { openLedger } from '../../../src/ledger/index.ts';
import { createTestLog, temporaryDirectory } from '../core/support.ts';
import { open as openProvider, operationOf, serve } from '../providers/support.ts';

const definition = (repeat = 'body', size = 8): string => `summary: test
limits: { rate: 10000/s, concurrency: 2 }
retry: { base: 1ms, cap: 4ms, attempts: 5 }
messages: { text: message, list: { each: "errors[]", text: message, field: field } }
outcomes:
  - { status: 200, class: ACCEPTED }
operations:
  thing.upsert:
    summary: things
    method: POST
    path: /things/bulk
    body: thing.json
    key: { from: "{document.key}" }
    repeat: ${repeat}
    reference: "{item.name}"
    batch:
      size: ${size}
      list: things
      results:
        list: results
        match: { ours: name, theirs: name }
        outcomes:
          - { body: { status: OK }, class: ACCEPTED }
          - { body: { status: NO }, class: FIX_DATA }
          - { body: { status: LATER }, class: RETRY_LATER }
        messages: { text: why }
        notices: { text: note }
  other.create:
    summary: other things
    method: POST
    path: /others
    body: thing.json
    key: { from: "{document.key}" }
    repeat: body
`;

interface Scene {
  readonly ledger: Ledger;
  readonly provider: Provider;
  readonly ends: readonly AttemptEnd[];
  /** The names in each request, in order; of other requests their path. */
  asked(): readonly string[];
  /** Documents of one drop: names, or name and document key. */
  submit(names: readonly (string | readonly [string, string])[], operation?: string): Promise<void>;
  lane(): Lane;
  run(): Promise<void>;
}

/** Answers a request by what is in it. */
type Reply = (names: readonly string[], response: ServerResponse, position: number) => void;

async function createScene(reply: Reply, text = definition()): Promise<Scene> {
  const { url, received } = await serve(({ body }, response, position) => reply(namesIn(body), response, position));
  const log = createTestLog();
  const ledger = await openLedger({ path: join(await temporaryDirectory(), 'dray.db'), clock: systemClock, log });
  onTestFinished(() => ledger.close());
  const provider = openProvider(text, url, { clock: systemClock });
  const ends: AttemptEnd[] = [];
  let drops = 0;
  const never = new AbortController().signal;
  const lane = (): Lane =>
    createLane(provider, { ledger, clock: systemClock, log, random: () => 0.5 }, (end) => void ends.push(end));
  return {
    ledger,
    provider,
    ends,
    lane,
    asked: () => received.map(({ url: path, body }) => (path === '/things/bulk' ? namesIn(body).join(' ') : path)),
    submit: (names, operation = 'thing.upsert') => submit({ ledger, provider, operation, turn: ++drops }, names),
    run: () => lane().run({ signal: never, cut: never, untilIdle: true }),
  };
}

function namesIn(body: string): string[] {
  const { things = [] } = JSON.parse(body) as { things?: { name: string }[] };
  return things.map(({ name }) => name);
}

async function submit(
  to: { ledger: Ledger; provider: Provider; operation: string; turn: number },
  names: readonly (string | readonly [string, string])[],
): Promise<void> {
  const operation = operationOf(to.provider, to.operation);
  const file = {
    part: '',
    path: `${to.turn}.csv`,
    size: 1,
    fingerprint: '',
    hash: `${to.turn}`,
    spool: '',
    target: '',
  };
  const { id } = await to.ledger.beginDrop('things', 'erp', [file]);
  const documents = names.map((given, index) => {
    const [name, documentKey] = typeof given === 'string' ? [given, given] : given;
    const key = `${to.turn}-${name}`;
    const request = operation.freeze(key, { things: [{ name }] });
    const submission = { provider: to.provider.name, operation: operation.name, key, request };
    const records = [['', index, 1]] as const;
    return { group: key, key: documentKey, type: 'thing', line: index + 2, records, issues: [], submission };
  });
  await to.ledger.stageDocuments(id, documents);
  const none = { isRefused: false, isAllOrNothing: false, issues: [], ignored: 0 };
  await to.ledger.receiveDrop(id, { ...none, files: [file], records: names.length });
}

const respond = (response: ServerResponse, body: unknown, status = 200): void =>
  void response.writeHead(status).end(JSON.stringify(body));
const entries = (names: readonly string[], status: (name: string) => string): object => ({
  results: names.map((name) => ({ name, status: status(name), why: `${name} is wrong` })),
});
const takeAll: Reply = (names, response) =>
  respond(
    response,
    entries(names, () => 'OK'),
  );
const letters = (count: number): string[] => Array.from({ length: count }, (_, index) => `n${index}`);
const states = ({ ends }: Scene): string[] => ends.map(({ state, outcome }) => `${state} ${outcome}`);
const counted = (values: readonly string[]): Record<string, number> =>
  Object.fromEntries([...new Set(values)].map((value) => [value, values.filter((one) => one === value).length]));

describe('a lane whose provider takes many at once', () => {
  test('sends what is ready in as few requests as it may, each document with an end of its own', async () => {
    const scene = await createScene((names, response) =>
      respond(
        response,
        entries(names, (name) => (name === 'n3' ? 'NO' : 'OK')),
      ),
    );
    await scene.submit(letters(20));
    await scene.run();
    expect(scene.asked().map((names) => names.split(' ').length)).toEqual([8, 8, 4]);
    expect(counted(states(scene))).toEqual({ 'accepted ACCEPTED': 19, 'rejected FIX_DATA': 1 });
    const refused = scene.ends.find(({ state }) => state === 'rejected');
    expect(refused?.issues).toMatchObject([{ code: 'refused-by-provider', what: 'the provider says: n3 is wrong' }]);
    const [first] = await scene.ledger.submissions({ state: 'accepted', limit: 1 });
    expect(first?.attempts).toMatchObject([{ attempt: 1, purpose: 'send', outcome: 'ACCEPTED', httpStatus: 200 }]);
  });

  test('writes the attempt of each down before the request opens', async () => {
    let sending: readonly string[] = [];
    const scene: Scene = await createScene((names, response, position) => {
      void (async () => {
        sending = (await scene.ledger.submissions({ state: 'sending', limit: 50 })).map((view) => view?.key ?? '');
        takeAll(names, response, position);
      })();
    });
    await scene.submit(letters(5));
    await scene.run();
    expect(sending).toHaveLength(5);
  });

  test('sends no two of one key together, and those of one key in their order', async () => {
    const scene = await createScene(takeAll);
    await scene.submit([['a1', 'A'], 'b']);
    await scene.submit([['a2', 'A'], 'c']);
    await scene.submit([['a3', 'A']]);
    await scene.run();
    expect(scene.asked()).toEqual(['a1 b c', 'a2', 'a3']);
  });

  test('sends other operations as before, between them', async () => {
    const scene = await createScene((names, response, position) =>
      names.length === 0 || names[0]?.startsWith('o') === true
        ? respond(response, {})
        : takeAll(names, response, position),
    );
    await scene.submit(['a']);
    await scene.submit(['o1', 'o2'], 'other.create');
    await scene.submit(['b', 'c']);
    await scene.run();
    expect([...scene.asked()].sort()).toEqual(['/others', '/others', 'a b c']);
    expect(counted(states(scene))).toEqual({ 'accepted ACCEPTED': 5 });
  });

  test('keeps what a provider adds to its acceptance', async () => {
    const scene = await createScene((names, response) =>
      respond(response, { results: names.map((name) => ({ name, status: 'OK', note: `${name} was cut` })) }),
    );
    await scene.submit(['a']);
    await scene.run();
    expect(scene.ends).toMatchObject([
      { state: 'accepted', issues: [{ code: 'provider-notice', severity: 'warning' }] },
    ]);
  });
});

describe('a request of many', () => {
  test('that is refused as a whole is halved until the bad one stands alone', async () => {
    const scene = await createScene((names, response, position) => {
      if (names.includes('n5')) respond(response, { message: 'one of them is wrong' }, 422);
      else takeAll(names, response, position);
    });
    await scene.submit(letters(8));
    await scene.run();
    expect(scene.asked()).toHaveLength(7);
    expect(counted(states(scene))).toMatchObject({ 'accepted ACCEPTED': 7, 'rejected FIX_DATA': 1 });
    expect(scene.ends.find(({ state }) => state === 'rejected')?.issues[0]?.what).toContain('one of them is wrong');
  });

  test('whose refusal names one is sent again without it', async () => {
    const scene = await createScene((names, response, position) => {
      const place = names.indexOf('n5');
      if (place === -1) takeAll(names, response, position);
      else respond(response, { errors: [{ field: `things[${place}].name`, message: 'taken' }] }, 422);
    });
    await scene.submit(letters(8));
    await scene.run();
    expect(scene.asked()).toEqual(['n0 n1 n2 n3 n4 n5 n6 n7', 'n0 n1 n2 n3', 'n4 n6 n7']);
    expect(scene.ends.find(({ state }) => state === 'rejected')?.issues).toMatchObject([
      { code: 'refused-by-provider' },
    ]);
  });

  test('that was not taken is one failure, and goes again in halves at the same time', async () => {
    const scene = await createScene((names, response, position) =>
      position === 0 ? respond(response, {}, 503) : takeAll(names, response, position),
    );
    await scene.submit(letters(8));
    await scene.run();
    expect(scene.asked().map((names) => names.split(' ').length)).toEqual([8, 4, 4]);
    expect(counted(states(scene))).toEqual({ 'ready RETRY_LATER': 8, 'accepted ACCEPTED': 8 });
  });

  test('whose answer was lost goes again just as it was, where the provider knows a repeat', async () => {
    const scene = await createScene((names, response, position) => {
      if (position === 0) response.destroy();
      else takeAll(names, response, position);
    });
    await scene.submit(letters(8));
    await scene.run();
    expect(scene.asked().slice(1).join(' ')).toBe(scene.asked()[0]);
    expect(counted(states(scene))).toEqual({
      'unknown AMBIGUOUS': 8,
      'ready EMPTY': 8,
      'accepted ACCEPTED': 8,
    });
  });

  test('whose answer was lost is held, document by document, where nothing makes a repeat harmless', async () => {
    const scene = await createScene((_names, response) => void response.destroy(), definition('none'));
    await scene.submit(letters(3));
    await scene.run();
    expect(scene.asked()).toHaveLength(1);
    expect(counted(states(scene))).toEqual({ 'unknown AMBIGUOUS': 3, 'held EMPTY': 3 });
  });

  test('in which one alone has to wait: it comes again by itself', async () => {
    const scene = await createScene((names, response, position) =>
      respond(
        response,
        entries(names, (name) => (name === 'n1' && position === 0 ? 'LATER' : 'OK')),
      ),
    );
    await scene.submit(letters(4));
    await scene.run();
    expect(scene.asked()).toEqual(['n0 n1 n2 n3', 'n1']);
    expect(counted(states(scene))).toEqual({ 'accepted ACCEPTED': 4, 'ready RETRY_LATER': 1 });
  });

  test('that makes the provider fail again and again ends with that one held, and the others taken', async () => {
    const scene = await createScene(
      (names, response, position) => {
        if (names.includes('n2')) respond(response, {}, 500);
        else takeAll(names, response, position);
      },
      definition().replace('  - { status: 200', '  - { status: 500, class: RETRY_LATER }\n  - { status: 200'),
    );
    await scene.submit(letters(8));
    await scene.run();
    const ended = scene.ends.filter(({ state }) => state === 'held' || state === 'accepted');
    expect(counted(ended.map(({ state }) => state))).toEqual({ accepted: 7, held: 1 });
  });

  test('that is under way when the program dies goes again by itself after a restart', async () => {
    const scene = await createScene(takeAll);
    await scene.submit(letters(6));
    const batches = new Map([['thing.upsert', { size: 8, bytes: 1e6, frame: () => '', hasNoLookUp: true }]]);
    const died = await scene.ledger.claimSubmissions('test', 2, Date.now(), batches);
    expect(died).toHaveLength(6);
    expect(await scene.ledger.recoverSending()).toBe(6);
    await scene.run();
    expect(scene.asked().join(' ')).toBe(letters(6).join(' '));
    expect(counted(states(scene))).toEqual({ 'ready EMPTY': 6, 'accepted ACCEPTED': 6 });
  });
});
