import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import { createFeedBell } from '../../../src/core/feed-bell.ts';
import { createWebhooks } from '../../../src/server/webhooks/index.ts';
import { defaultBounds } from '../../../src/server/webhooks/listen.ts';
import { FORMER, post, sign, SECRET, startEndpoint } from './webhook-scene.ts';

const EVENT = '{"id":"e-1","type":"shipped","order":"SO-1","at":"2026-05-04T14:00:00Z"}';

describe('a post', () => {
  test('that is signed is stored before it is answered, under its event id and once', async () => {
    const { url, ledger } = await startEndpoint();
    expect(await post(`${url}/acme`, EVENT, sign(EVENT))).toBe(200);
    expect(await post(`${url}/acme`, EVENT, sign(EVENT), 'PUT')).toBe(200);
    const again = EVENT.replace('SO-1', 'SO-2');
    expect(await post(`${url}/acme`, again, sign(again))).toBe(200);
    const [counts] = (await ledger.overview()).webhooks;
    expect(counts).toMatchObject({ provider: 'acme', stored: 1, repeated: 2 });
  });

  test('may be signed with the secret before, while both are in use', async () => {
    const { url, stored } = await startEndpoint();
    expect(await post(`${url}/acme`, EVENT, sign(EVENT, FORMER))).toBe(200);
    expect(await stored()).toBe(1);
  });

  test.each<[string, Record<string, string | string[]>]>([
    ['no signature', {}],
    ['an empty signature', { 'x-signature': '' }],
    ['the signature of another secret', sign(EVENT, 'guess')],
    ['the signature of an empty secret', sign(EVENT, '')],
    ['the signature of other bytes', sign(`${EVENT} `)],
    ['a signature in upper case', { 'x-signature': sign(EVENT)['x-signature']?.toUpperCase() ?? '' }],
    ['a signature that was cut', { 'x-signature': sign(EVENT)['x-signature']?.slice(0, -1) ?? '' }],
    ['a signature without what stands before it', { 'x-signature': sign(EVENT)['x-signature']?.slice(7) ?? '' }],
    [
      'two signatures',
      { 'x-signature': [sign(EVENT)['x-signature'] ?? '', sign(EVENT, 'guess')['x-signature'] ?? ''] },
    ],
  ])('with %s leaves no trace', async (_what, headers) => {
    const { url, ledger } = await startEndpoint();
    expect(await post(`${url}/acme`, EVENT, headers)).toBe(401);
    expect((await ledger.overview()).webhooks).toEqual([]);
    expect(await ledger.openWebhooks(10)).toEqual([]);
  });

  test('is verified by its bytes, whatever they are and whatever type they are said to have', async () => {
    const { url, stored } = await startEndpoint();
    const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x7b]);
    expect(await post(`${url}/acme`, bytes, { ...sign(bytes), 'content-type': 'text/plain; charset=latin1' })).toBe(
      200,
    );
    expect(await post(`${url}/acme`, '', sign(''))).toBe(200);
    expect(await stored()).toBe(2);
  });

  test('to another path, in another way, or to a provider without a secret is no event', async () => {
    const { url } = await startEndpoint();
    expect(await post(`${url}/other`, EVENT, sign(EVENT))).toBe(404);
    expect(await post(`${url}/acme/more`, EVENT, sign(EVENT))).toBe(404);
    expect(await post(`${url}/__proto__`, EVENT, sign(EVENT))).toBe(404);
    expect(await post(`${url}/acme`, '', {}, 'GET')).toBe(405);
    expect(await post(`${url}/acme?x=1`, EVENT, sign(EVENT))).toBe(200);
    const silent = await startEndpoint({ settings: {} });
    expect(await post(`${silent.url}/acme`, EVENT, sign(EVENT, ''))).toBe(404);
  });

  test('with a shared header is known by it; without verification anybody may post', async () => {
    const verify = '{ header: { name: X-Token, value: "{settings.secret}" } }';
    const shared = await startEndpoint({ verify });
    expect(await post(`${shared.url}/acme`, EVENT, { 'x-token': SECRET })).toBe(200);
    expect(await post(`${shared.url}/acme`, EVENT, { 'x-token': `${SECRET}x` })).toBe(401);
    expect(await post(`${shared.url}/acme`, EVENT, {})).toBe(401);
    const open = await startEndpoint({ verify: 'none' });
    expect(await post(`${open.url}/acme`, EVENT)).toBe(200);
  });
});

describe('a sender that means no good', () => {
  test('is stopped at the longest body, announced or not', async () => {
    const { url, port, stored } = await startEndpoint();
    const long = 'x'.repeat(4096);
    expect(await post(`${url}/acme`, long, sign(long))).toBe(413);
    const fits = 'x'.repeat(2048);
    expect(await post(`${url}/acme`, fits, sign(fits))).toBe(200);
    // Ten gigabytes announced, none sent: the answer comes at once.
    const announced = 'POST /acme HTTP/1.1\r\nHost: a\r\nX-Signature: x\r\nContent-Length: 10737418240\r\n\r\n';
    expect(await talk(port, announced)).toMatch(/^HTTP\/1\.1 413 /);
    const chunk = `${(4096).toString(16)}\r\n${long}\r\n`;
    const chunked = `POST /acme HTTP/1.1\r\nHost: a\r\nX-Signature: x\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}${chunk}`;
    expect(await talk(port, chunked)).toMatch(/^HTTP\/1\.1 413 /);
    expect(await stored()).toBe(1);
  });

  test('is refused before a body it asks to send', async () => {
    const { port } = await startEndpoint();
    const head = (more: string): string =>
      `POST /acme HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n${more}Content-Length: 10\r\n\r\n`;
    expect(await talk(port, head(''))).toMatch(/^HTTP\/1\.1 401 /);
    expect(await talk(port, head('X-Signature: x\r\n'), 1)).toMatch(/^HTTP\/1\.1 100 /);
  });

  test('is cut off when it is too slow, and others are served meanwhile', async () => {
    const bounds = { ...defaultBounds, headersMs: 200, postMs: 300 };
    const { url, port } = await startEndpoint({ bounds });
    const slow = Array.from({ length: 20 }, () => talk(port, 'POST /acme HTTP/1.1\r\nHost: a\r\n'));
    const drip = talk(port, 'POST /acme HTTP/1.1\r\nHost: a\r\nX-Signature: x\r\nContent-Length: 10\r\n\r\nx');
    expect(await post(`${url}/acme`, EVENT, sign(EVENT))).toBe(200);
    for (const said of await Promise.all([...slow, drip])) expect(said).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('is told apart from the others by the number of connections it may hold', async () => {
    const { port } = await startEndpoint({ bounds: { ...defaultBounds, connections: 2, headersMs: 300, postMs: 300 } });
    const said = await Promise.all(Array.from({ length: 6 }, () => talk(port, 'POST /acme HTTP/1.1\r\nHost: a\r\n')));
    expect(said.filter((text) => text === '')).toHaveLength(4);
  });

  test('does not fill the log', async () => {
    const { url, lines } = await startEndpoint();
    for (let at = 0; at < 25; at++) await post(`${url}/acme`, EVENT, { 'x-signature': 'no' });
    const told = lines.filter(({ message }) => message.includes('refused'));
    expect(told.map(({ fields }) => fields['times'])).toEqual([1, 10]);
    expect(JSON.stringify(lines)).not.toContain(SECRET);
  });
});

describe('an event', () => {
  test('wakes the feeds it is about, with the record to read first', async () => {
    const { url, ledger, bells, stored } = await startEndpoint();
    await post(`${url}/acme`, EVENT, sign(EVENT));
    await expect.poll(() => bells.get('orders')?.rungAt(Date.now())).toBeDefined();
    expect(bells.get('changes')?.rungAt(Date.now())).toBeUndefined();
    expect(await ledger.wokenFeeds()).toMatchObject([{ provider: 'acme', feed: 'orders' }]);
    expect(await ledger.openWebhooks(10)).toEqual([]);
    expect((await ledger.overview()).webhooks).toMatchObject([{ stored: 1, woken: 1 }]);
    expect(await stored()).toBe(1);
  });

  test('of a type nobody knew is kept, told once and wakes all the same', async () => {
    const { url, bells, lines, stored } = await startEndpoint();
    for (const id of ['a', 'b', 'c']) {
      const body = JSON.stringify({ id, type: 'pondered', order: 'SO-9' });
      expect(await post(`${url}/acme`, body, sign(body))).toBe(200);
    }
    await expect.poll(() => bells.get('orders')?.rungAt(Date.now())).toBeDefined();
    expect(await stored()).toBe(3);
    expect(lines.filter(({ message }) => message.includes('does not know'))).toHaveLength(1);
  });

  test('that was stored before a stop wakes its feeds at the next start', async () => {
    const first = await startEndpoint();
    await first.ledger.storeWebhook({ provider: 'acme', identity: 'x', type: 'shipped', body: Buffer.from(EVENT) });
    const bell = createFeedBell(systemClock);
    const webhooks = createWebhooks({ ...first.setup, address: undefined, bellsOf: () => [bell] });
    await webhooks.wakeStored();
    expect(bell.rungAt(Date.now())).toBeDefined();
    expect(await first.ledger.openWebhooks(10)).toEqual([]);
    // Those who were not there when it rang hear of it, too.
    const late = createFeedBell(systemClock);
    await createWebhooks({ ...first.setup, address: undefined, bellsOf: () => [late] }).wakeStored();
    expect(late.rungAt(Date.now())).toBe(bell.rungAt(Date.now()));
  });

  test('is forgotten after its time, and not before', async () => {
    const { url, ledger } = await startEndpoint();
    await post(`${url}/acme`, EVENT, sign(EVENT));
    await expect.poll(() => ledger.openWebhooks(10)).toEqual([]);
    expect(await ledger.pruneWebhooks(Date.now() - 1000)).toBe(0);
    expect(await ledger.pruneWebhooks(Date.now() + 1000)).toBe(1);
    expect((await ledger.overview()).webhooks).toMatchObject([{ stored: 1 }]);
  });
});

/** What a server says to raw bytes until it closes the connection, or until it has said something `lines` long. */
function talk(port: number, bytes: string, lines = Infinity): Promise<string> {
  return new Promise((resolve) => {
    let said = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.split('\r\n').length > lines) socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(said));
  });
}
