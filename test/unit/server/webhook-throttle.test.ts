import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { defaultBounds } from '../../../src/server/webhooks/listen.ts';
import { createSources } from '../../../src/server/webhooks/source.ts';
import { createThrottle } from '../../../src/server/webhooks/throttle.ts';
import { createTestClock } from '../core/support.ts';
import { post, postFrom, sign, startEndpoint } from './webhook-scene.ts';

const EVENT = '{"id":"e-1","type":"shipped","order":"SO-1","at":"2026-05-04T14:00:00Z"}';
const BAD = { 'x-signature': 'no' };

describe('a sender without a proof', () => {
  test('has ten seconds worth of posts, and more as time passes', () => {
    const clock = createTestClock();
    const throttle = createThrottle({ perSecond: 2 }, clock);
    const enter = (): number | undefined => throttle.enter('a');
    expect(Array.from({ length: 20 }, enter)).toEqual(Array.from({ length: 20 }, () => undefined));
    expect(enter()).toBe(500);
    expect(throttle.enter('b')).toBeUndefined();
    clock.advance(400);
    expect(enter()).toBeCloseTo(100);
    clock.advance(100);
    expect([enter(), enter()]).toEqual([undefined, 500]);
    clock.advance(86_400_000);
    expect(Array.from({ length: 21 }, enter).at(-1)).toBe(500);
  });

  test('becomes free with a proof, and a stranger again after a week', () => {
    const clock = createTestClock();
    const throttle = createThrottle({ perSecond: 0.1 }, clock);
    expect([throttle.enter('a'), throttle.enter('a')]).toEqual([undefined, 10_000]);
    throttle.prove('a');
    for (let count = 0; count < 10_000; count++) expect(throttle.enter('a')).toBeUndefined();
    // What others post from the same address is paid for all the same.
    expect([throttle.fail('a'), throttle.fail('a')]).toEqual([undefined, 10_000]);
    expect(throttle.enter('a')).toBeUndefined();
    clock.advance(7 * 86_400_000 + 1);
    expect([throttle.enter('a'), throttle.enter('a')]).toEqual([undefined, 10_000]);
  });

  test('is forgotten when there are too many of them, but never for them one that has a proof', () => {
    const clock = createTestClock();
    const throttle = createThrottle({ perSecond: 0.1, sources: 100 }, clock);
    throttle.prove('provider');
    throttle.enter('first');
    for (let count = 0; count < 99; count++) throttle.enter(`s${count}`);
    expect(throttle.enter('first')).toBe(10_000);
    for (let count = 0; count < 100; count++) throttle.enter(`t${count}`);
    expect(throttle.enter('first')).toBeUndefined();
    expect([throttle.enter('provider'), throttle.enter('provider')]).toEqual([undefined, undefined]);
  });
});

describe('the sender of a post', () => {
  const senderOf = (proxies: readonly string[], remoteAddress: string, ...forwarded: string[]): string =>
    createSources(proxies).ofPost({
      socket: { remoteAddress },
      headersDistinct: forwarded.length === 0 ? {} : { 'x-forwarded-for': forwarded },
    } as unknown as IncomingMessage);

  test.each([
    [[], '192.0.2.1', [], '192.0.2.1'],
    [[], '192.0.2.1', ['198.51.100.7'], '192.0.2.1'],
    [['192.0.2.1'], '192.0.2.1', ['198.51.100.7'], '198.51.100.7'],
    [['192.0.2.0/24'], '192.0.2.1', ['203.0.113.9, 198.51.100.7, 192.0.2.8'], '198.51.100.7'],
    [['192.0.2.0/24'], '192.0.2.1', ['203.0.113.9', '198.51.100.7'], '198.51.100.7'],
    [['192.0.2.0/24'], '203.0.113.9', ['198.51.100.7'], '203.0.113.9'],
    [['192.0.2.0/24'], '192.0.2.1', ['unknown'], '192.0.2.1'],
    [['192.0.2.0/24'], '192.0.2.1', ['198.51.100.7, a:b'], '192.0.2.1'],
    [['192.0.2.0/24'], '192.0.2.1', [], '192.0.2.1'],
    [['192.0.2.0/24'], '192.0.2.1', ['192.0.2.5, 192.0.2.6'], '192.0.2.5'],
    [['192.0.2.1'], '::ffff:192.0.2.1', ['::ffff:198.51.100.7'], '198.51.100.7'],
    [['2001:db8::/32'], '2001:db8::1', ['2001:DB8:1:2:3:4:5:6, 2001:0aaa:1:02::9'], '2001:aaa:1:2::'],
    [[], '2001:db8:1:2:aaaa::1', [], '2001:db8:1:2::'],
    [[], '2001:db8::1', [], '2001:db8:0:0::'],
    [[], '::1', [], '0:0:0:0::'],
    [[], 'fe80::1%eth0', [], 'fe80:0:0:0::'],
  ])('with the proxies %j, from %s, forwarded for %j, is %s', (proxies, remote, forwarded, sender) => {
    expect(senderOf(proxies, remote, ...forwarded)).toBe(sender);
  });
});

describe('an endpoint', () => {
  const throttle = { perSecond: 0.4 };

  test('puts off who posts too much without a proof, and says for how long; others are served', async () => {
    const { url, stored, lines } = await startEndpoint({ throttle });
    for (let count = 0; count < 4; count++) expect(await post(`${url}/acme`, EVENT, BAD)).toBe(401);
    const { status, headers } = await postFrom('127.0.0.1', `${url}/acme`, EVENT, BAD);
    expect([status, headers['retry-after'], headers.connection]).toEqual([429, '3', 'close']);
    expect(await post(`${url}/nowhere`, EVENT)).toBe(429);
    expect(lines.filter(({ fields }) => fields['status'] === 429)).toHaveLength(1);
    expect((await postFrom('127.0.0.2', `${url}/acme`, EVENT, sign(EVENT))).status).toBe(200);
    expect(await stored()).toBe(1);
  });

  test('counts whatever is no event', async () => {
    const { url } = await startEndpoint({ throttle });
    const long = 'x'.repeat(4096);
    expect(await post(`${url}/nowhere`, EVENT)).toBe(404);
    expect(await post(`${url}/acme`, '', {}, 'GET')).toBe(405);
    expect(await post(`${url}/acme`, long, sign(long))).toBe(413);
    expect(await post(`${url}/acme`, EVENT)).toBe(401);
    expect(await post(`${url}/acme`, EVENT)).toBe(429);
  });

  test('never puts off a provider that has shown who it is, also beside a stranger of the same address', async () => {
    const { url, stored } = await startEndpoint({ throttle });
    const event = (at: number): string => EVENT.replace('e-1', `e-${at}`);
    expect(await post(`${url}/acme`, event(0), sign(event(0)))).toBe(200);
    for (let at = 1; at <= 50; at++) {
      const bad = await post(`${url}/acme`, EVENT, BAD);
      expect(bad).toBe(at <= 4 ? 401 : 429);
      expect(await post(`${url}/acme`, event(at), sign(event(at)))).toBe(200);
    }
    expect(await stored()).toBe(51);
  });

  test('believes a proxy it was told of, and nobody else', async () => {
    const trusting = await startEndpoint({ throttle, proxies: ['127.0.0.1'] });
    const from = (address: string) => ({ ...BAD, 'x-forwarded-for': address });
    for (let count = 0; count < 4; count++)
      expect(await post(`${trusting.url}/acme`, EVENT, from('198.51.100.7'))).toBe(401);
    expect(await post(`${trusting.url}/acme`, EVENT, from('198.51.100.7'))).toBe(429);
    expect(await post(`${trusting.url}/acme`, EVENT, from('198.51.100.8'))).toBe(401);
    const wary = await startEndpoint({ throttle });
    for (let count = 0; count < 4; count++)
      expect(await post(`${wary.url}/acme`, EVENT, from(`198.51.100.${count}`))).toBe(401);
    expect(await post(`${wary.url}/acme`, EVENT, from('198.51.100.9'))).toBe(429);
  });

  test('that verifies nothing counts every post', async () => {
    const { url, stored } = await startEndpoint({ throttle, verify: 'none' });
    for (let at = 0; at < 4; at++) expect(await post(`${url}/acme`, `{"id":${at}}`)).toBe(200);
    expect(await post(`${url}/acme`, '{"id":4}')).toBe(429);
    expect(await stored()).toBe(4);
  });

  test('leaves connections to others when one sender holds all it may', async () => {
    const bounds = { ...defaultBounds, connectionsPerSource: 3 };
    const { url, port } = await startEndpoint({ bounds });
    const sockets: Socket[] = [];
    onTestFinished(() => sockets.forEach((socket) => socket.destroy()));
    const open = async (): Promise<Socket> => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      sockets.push(socket);
      await once(socket, 'connect');
      return socket;
    };
    const [first] = [await open(), await open(), await open()];
    const last = await open();
    await once(last.resume(), 'close');
    expect((await postFrom('127.0.0.2', `${url}/acme`, EVENT, sign(EVENT))).status).toBe(200);
    first.destroy();
    await expect.poll(() => post(`${url}/acme`, EVENT, sign(EVENT)).catch(() => 0)).toBe(200);
  });
});
