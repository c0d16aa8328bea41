import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/core/provider.ts';
import {
  answer,
  createFakeClock,
  createRecordedLog,
  feedOf,
  findings,
  open,
  operationOf,
  serve,
  type Received,
} from './support.ts';

const client = 'id-4711';
const secret = 'canary+secret/4712';

/** A provider around one operation that needs a token. */
const guarded = (token = 'client: body, format: json'): string => `summary: test
settings:
  clientId: { summary: the client, default: ${client} }
  clientSecret: { summary: its secret, secret: true, default: ${secret} }
auth:
  token: { path: /oauth/token, id: "{settings.clientId}", secret: "{settings.clientSecret}", ${token} }
limits: { rate: 1000/s }
messages: { text: message }
outcomes:
  - { status: 201, class: ACCEPTED }
operations:
  thing.create:
    summary: a thing
    method: PUT
    path: /things/{key}
    body: thing.json
    key: { from: "{document.key}" }
    repeat: url
`;

type Handler = Parameters<typeof serve>[0];
interface Doors {
  /** Answers the nth token request, beginning with 0. */
  readonly token?: (request: Received, response: ServerResponse, position: number) => void;
  readonly things?: Handler;
}

const grant =
  (life: unknown = 3600): NonNullable<Doors['token']> =>
  (_request, response, position) =>
    void response.end(JSON.stringify({ access_token: `token-${position}-canary`, expires_in: life }));

async function scene(doors: Doors = {}, text = guarded()) {
  const clock = createFakeClock();
  const log = createRecordedLog();
  const asked: Received[] = [];
  const used: Received[] = [];
  const { url, close } = await serve((request, response) => {
    if (request.url === '/oauth/token') {
      asked.push(request);
      return (doors.token ?? grant())(request, response, asked.length - 1);
    }
    used.push(request);
    return (doors.things ?? answer(201))(request, response, used.length - 1);
  });
  // The pace of requests is no matter here, and its clock would have to be moved on for each.
  const provider = open(text, url, { clock: { ...clock, sleep: () => Promise.resolve() }, log });
  const operation = operationOf(provider, 'thing.create');
  const send = (signal?: AbortSignal): Promise<Outcome> => operation.send(operation.freeze('T', {}), signal, 'T');
  const tokens = (): (string | undefined)[] => used.map(({ headers }) => headers.authorization);
  return { send, asked, used, tokens, clock, log, close, provider };
}

describe('a token', () => {
  it.each([
    ['client: body, format: json', 'application/json', undefined, { client_id: client, client_secret: secret }],
    ['client: basic, format: json, fields: { scope: all }', 'application/json', 'basic', { scope: 'all' }],
    [
      'client: body, format: form',
      'application/x-www-form-urlencoded',
      undefined,
      { client_id: client, client_secret: secret },
    ],
    ['client: basic, format: form', 'application/x-www-form-urlencoded', 'basic', {}],
  ])('is asked for as the definition says: %s', async (token, type, authorization, fields) => {
    const { send, asked, tokens } = await scene({}, guarded(token));
    expect(await send()).toMatchObject({ class: 'ACCEPTED' });
    const [request] = asked;
    expect(request).toMatchObject({ method: 'POST', headers: { 'content-type': type } });
    const text = request?.body ?? '';
    const body: unknown = type.endsWith('json') ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text));
    expect(body).toEqual({ grant_type: 'client_credentials', ...fields });
    const encoded = Buffer.from(`${client}:${encodeURIComponent(secret)}`).toString('base64');
    expect(request?.headers.authorization).toBe(authorization && `Basic ${encoded}`);
    expect(tokens()).toEqual(['Bearer token-0-canary']);
  });

  it('is asked for once, however many requests wait for it', async () => {
    const { send, asked, used } = await scene();
    await Promise.all(Array.from({ length: 20 }, () => send()));
    expect([asked.length, used.length]).toEqual([1, 20]);
  });

  it.each([
    ['number', 100, 79, 81],
    ['digits in a text', '100', 79, 81],
    ['nothing', undefined, 2879, 2881],
    ['a negative number', -100, 2879, 2881],
    ['zero', 0, 2879, 2881],
    ['words', 'an hour', 2879, 2881],
    ['a list', [100], 2879, 2881],
  ])('is renewed at 80 %% of its life, told by %s', async (_what, life, good, old) => {
    const { send, asked, tokens, clock } = await scene({ token: grant(life) });
    await send();
    await clock.advance(good * 1000);
    await send();
    expect(asked).toHaveLength(1);
    await clock.advance((old - good) * 1000);
    await send();
    expect(asked).toHaveLength(2);
    expect(tokens().at(-1)).toBe('Bearer token-1-canary');
  });

  it('lives as long as the definition says where the answer does not', async () => {
    const { send, asked, clock } = await scene(
      { token: grant('soon') },
      guarded('client: body, format: json, lifetime: 10s'),
    );
    await send();
    await clock.advance(8_000);
    await send();
    expect(asked).toHaveLength(2);
  });

  it('serves to its end while no new one can be had, and is not asked for at every request', async () => {
    const token: Doors['token'] = (request, response, position) =>
      position === 0 ? grant(100)(request, response, 0) : answer(503)(request, response);
    const { send, asked, clock } = await scene({ token });
    await send();
    await clock.advance(81_000);
    for (let n = 0; n < 5; n++) expect(await send()).toMatchObject({ class: 'ACCEPTED' });
    expect(asked).toHaveLength(2);
    await clock.advance(20_000);
    expect(await send()).toMatchObject({ class: 'RETRY_LATER', detail: 'not sent: token endpoint: no token (503)' });
  });
});

describe('a token that is not taken any more', () => {
  it('is renewed once, and the same request is made again', async () => {
    const things: Handler = (request, response, position) => answer(position === 0 ? 401 : 201)(request, response);
    const { send, asked, used } = await scene({ things });
    expect(await send()).toMatchObject({ class: 'ACCEPTED' });
    expect(asked).toHaveLength(2);
    expect(used.map(({ method, url, body }) => `${method} ${url} ${body}`)).toEqual([
      'PUT /things/T {}',
      'PUT /things/T {}',
    ]);
  });

  it('for ever makes two requests and is told as refused credentials', async () => {
    const { send, asked, used } = await scene({ things: answer(401, '{}') });
    expect(await send()).toMatchObject({ class: 'FIX_CREDENTIALS', status: 401 });
    expect([asked.length, used.length]).toEqual([2, 2]);
  });

  it('by many requests at once is renewed once', async () => {
    const things: Handler = ({ headers }, response) =>
      void response.writeHead(headers.authorization === 'Bearer token-0-canary' ? 401 : 201).end();
    const { send, asked } = await scene({ things });
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => send()));
    expect(outcomes.map((outcome) => outcome.class)).toEqual(Array(4).fill('ACCEPTED'));
    expect(asked).toHaveLength(2);
  });
});

describe('no token', () => {
  it.each([
    ['refused', answer(401, '{"error":"invalid_client"}'), 'FIX_CREDENTIALS', 'token endpoint: refused (401)'],
    ['refused', answer(400, '{"error":"unsupported_grant_type"}'), 'FIX_CREDENTIALS', 'token endpoint: refused (400)'],
    ['forbidden', answer(403), 'FIX_CREDENTIALS', 'token endpoint: refused (403)'],
    ['sent elsewhere', answer(302, '', { location: '/login' }), 'FIX_CREDENTIALS', 'token endpoint: refused (302)'],
    [
      'an HTML page',
      answer(200, '<html>Sign in</html>'),
      'RETRY_LATER',
      'token endpoint: an answer without a token (200)',
    ],
    ['a token of null', answer(200, '{"access_token":null}'), 'RETRY_LATER', 'an answer without a token (200)'],
    [
      'a token with a line end',
      answer(200, '{"access_token":"a\\nb"}'),
      'RETRY_LATER',
      'an answer without a token (200)',
    ],
    ['throttled', answer(429, '', { 'retry-after': '7' }), 'RETRY_LATER', 'token endpoint: no token (429)'],
    ['broken', answer(500), 'RETRY_LATER', 'token endpoint: no token (500)'],
    ['cut off', (_: unknown, response: ServerResponse) => void response.destroy(), 'RETRY_LATER', 'no token: '],
  ])('%s: nothing is sent', async (_what, token, expected, detail) => {
    const { send, used } = await scene({ token });
    const outcome = await send();
    expect(outcome.class).toBe(expected);
    expect(outcome.detail).toMatch(/^not sent: /);
    expect(outcome.detail).toContain(detail);
    expect(used).toEqual([]);
  });

  it('keeps the time it is asked to wait', async () => {
    const { send } = await scene({ token: answer(429, '', { 'retry-after': '7' }) });
    expect(await send()).toMatchObject({ retryAfterMs: 7000 });
  });

  it('for whoever stops waiting; the others still get theirs', async () => {
    let release: () => void = () => undefined;
    const token: Doors['token'] = (request, response) => {
      release = () => grant()(request, response, 0);
    };
    const { send, asked } = await scene({ token });
    const stop = new AbortController();
    const [stopped, other] = [send(stop.signal), send()];
    while (asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    expect(await stopped).toMatchObject({ class: 'RETRY_LATER', detail: 'not sent: stopped' });
    release();
    expect(await other).toMatchObject({ class: 'ACCEPTED' });
    expect(asked).toHaveLength(1);
  });

  it('keeps a provider from closing no longer than the request takes to be cut off', async () => {
    const { send, asked, provider } = await scene({ token: () => undefined });
    const sent = send();
    while (asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await provider.close();
    expect(await sent).toMatchObject({ class: 'RETRY_LATER' });
  });
});

it('tokens and secrets the provider sends back never leave the room', async () => {
  const basic = Buffer.from(`${client}:${encodeURIComponent(secret)}`).toString('base64');
  const things: Handler = ({ headers }, response) =>
    void response.writeHead(400).end(JSON.stringify({ message: `${headers.authorization} ${secret} ${basic}` }));
  const { send, log } = await scene({ things }, guarded('client: basic, format: form'));
  const outcome = await send();
  expect(outcome).toMatchObject({ class: 'FIX_DATA', messages: [{ text: 'Bearer [secret] [secret] [secret]' }] });
  expect(JSON.stringify([outcome, log.lines])).not.toMatch(/canary|4712/);
});

it('what a refused token request quotes is not kept', async () => {
  const { send } = await scene({ token: answer(401, { error: `no client ${client} with ${secret}` }) });
  expect(JSON.stringify(await send())).not.toMatch(/4711|4712/);
});

it.each([
  ['a client nobody knows', guarded('client: bodi, format: json'), /provider\.yaml:6:\d+ wrong-value .*body, basic/],
  ['a key nobody knows', guarded('client: body, format: json, scope: x'), /unknown-key .*"scope"/],
  [
    'a setting nobody knows',
    guarded().replace('id: "{settings.clientId}"', 'id: "{settings.clientID2}"'),
    /Did you mean "clientId"/,
  ],
  [
    'two authorizations',
    guarded().replace('auth:\n', 'auth:\n  headers: { Authorization: "{settings.clientSecret}" }\n'),
    /provider\.yaml:6:\d+ wrong-value the token is sent along in this header/,
  ],
])('a definition with %s is told', (_what, text, expected) => {
  expect(findings(text).join('\n')).toMatch(expected);
});

it('a feed that is given no token is refused, not unreachable', async () => {
  const text = `${guarded()}feeds:\n  things: { summary: things, path: /things, identity: id }\n`;
  const { provider, used } = await scene({ token: answer(401, '{}') }, text);
  await expect(feedOf(provider, 'things').readPage('')).rejects.toMatchObject({ code: 'credentials-refused' });
  expect(used).toEqual([]);
});
