import { expect, it } from 'vitest';
import { answer, createRecordedLog, feedOf, open, operationOf, serve, thing, things } from './support.ts';

const secret = 'canary/"secret" 4711';
const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64'), 'canary'];

it('a secret the provider sends back never leaves the room', async () => {
  const echo = { Message: `unknown token ${secret}`, ModelState: { [secret]: forms.join(' ') } };
  const log = createRecordedLog();
  const { url, received } = await serve(answer(401, echo));
  const operation = operationOf(open(thing, url, { settings: { token: secret }, log }), 'thing.create');
  const outcome = await operation.send(operation.freeze('T', {}));
  expect(received[0]?.headers['x-token']).toBe(secret);
  expect(outcome.messages).toHaveLength(2);
  expect(JSON.stringify([outcome, log.lines])).not.toMatch(/4711|canary%2F|Y2FuYXJ5/);
});

it('logs neither addresses nor bodies', async () => {
  const log = createRecordedLog();
  const { url } = await serve(answer(200, '{"Name":"Ada Lovelace"}'));
  const operation = operationOf(open(thing, url, { log }), 'thing.create');
  const request = operation.freeze('SO-700151', { Name: 'Ada Lovelace' });
  await operation.send(request);
  await operation.lookUp?.('SO-700151', request);
  expect(log.lines).toMatchObject([
    { fields: { method: 'PUT', path: '/things/{key}', class: 'AMBIGUOUS', detail: '200' } },
    { fields: { method: 'GET', path: '/things/{key}', found: 'found' } },
  ]);
  expect(JSON.stringify(log.lines)).not.toMatch(/700151|Lovelace|127\.0\.0\.1|canary/);
});

it('failures of feeds quote nothing of the answer', async () => {
  const { url } = await serve(answer(400, '{"Message":"Ada canary-token-4711"}'));
  const feed = feedOf(open(things('identity: Id'), url), 'things');
  const error: unknown = await feed.readPage('').catch((caught: unknown) => caught);
  expect(String(error)).toBe('Failure: the provider answered something that cannot be used: 400');
});

it.each([
  ['a header cannot carry', { token: 'line\nend' }],
  ['missing settings: token', { token: '' }],
])('refuses a setting without showing it: %s', (message, settings) => {
  const text = thing.replace(', default: canary-token-4711', '');
  expect(() => open(text, 'http://127.0.0.1:1', { settings })).toThrow(message);
});

it.each(['ftp://x', 'nonsense', 'http://user:canary@host', 'http://host/?key=canary'])(
  'refuses the address %s without quoting it',
  (baseUrl) => {
    expect(() => open(thing, baseUrl)).toThrow(/^(?!.*canary).*baseUrl/);
  },
);
