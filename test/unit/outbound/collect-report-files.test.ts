import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createScene, hashed, movements, says } from './report-support.ts';

const csv = { 'content-type': 'text/csv' };
const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'none',
    (error: unknown) => error,
  );

describe('a file that is no report', () => {
  test.each([
    [
      'a page',
      says(200, '<!DOCTYPE html><html><body>Sign in</body></html>', { 'content-type': 'text/html' }),
      'text/html instead of csv',
    ],
    ['a page that says it is a table', says(200, '<!DOCTYPE html><html></html>', csv), 'looks-like-html'],
    [
      'an error in JSON',
      says(200, '{"error":"x"}', { 'content-type': 'application/json' }),
      'application/json instead of csv',
    ],
    ['nothing at all', says(200, '', csv), 'empty-file'],
    ['a row with too many values', says(200, 'SKU,Qty\nA,1\nsecret-name,1,2\n', csv), 'line 3'],
    ['another delimiter', says(200, 'SKU;Qty\nA;1\nB;2\n', csv), 'line 1'],
    ['a refusal', says(418, '', csv), '418'],
  ])('%s: is told with its place and its code, and nothing is stored', async (_what, file, told) => {
    const { run, press, bodies, cursor } = await createScene();
    press.file = file;
    const error = await failureOf(run());
    expect(error).toMatchObject({ code: 'report-unusable', retryAfterMs: 15 * 60_000 });
    expect(String(error)).toContain(told);
    expect(String(error)).not.toMatch(/secret-name|canary/);
    expect([await bodies(), await cursor()]).toEqual([[], '-']);
    press.file = undefined;
    expect(await run()).toBe(6);
  });

  test('another encoding', async () => {
    const { run, press, bodies } = await createScene();
    press.file = (response) => {
      response
        .writeHead(200, csv)
        .end(Buffer.concat([Buffer.from('SKU,Qty\nM'), Buffer.from([0xfc]), Buffer.from('tze,1\n')]));
      return true;
    };
    const error = await failureOf(run());
    expect(error).toMatchObject({ code: 'report-unusable' });
    expect(String(error)).toMatch(/line \d+/);
    expect(await bodies()).toEqual([]);
  });

  test('one longer than is taken', async () => {
    const { run, press } = await createScene(movements.replace('format: csv', 'format: csv, bytes: 1024'));
    press.content = () => `SKU,Qty\n${'A,1\n'.repeat(1_000)}`;
    const error = await failureOf(run());
    expect(error).toMatchObject({ code: 'report-unusable' });
    expect(String(error)).toContain('longer than 1024 bytes');
  });
});

describe('a file that comes in part', () => {
  test('leaves nothing visible and is fetched again, without another order', async () => {
    const { run, press, bodies, asked } = await createScene();
    let cuts = 2;
    press.file = (response) => {
      if (cuts-- <= 0) return false;
      const text = `SKU,Qty\n${'A,1\n'.repeat(2_000)}`;
      response.writeHead(200, { ...csv, 'content-length': String(text.length + 100) });
      response.write(text, () => setTimeout(() => response.destroy(), 20));
      return true;
    };
    expect(await run()).toBe(6);
    expect(await bodies()).toHaveLength(6);
    expect(asked(/^POST/)).toHaveLength(2);
    cuts = 3;
    const again = await createScene();
    again.press.file = press.file;
    expect(await failureOf(again.run())).toMatchObject({ code: 'no-answer' });
    expect(await again.bodies()).toEqual([]);
    expect(await again.cursor()).toContain('"reference":"R1"');
    expect(await again.run()).toBe(6);
    expect(again.asked(/^POST/)).toHaveLength(2);
  });

  test('and goes silent is not waited for', async () => {
    const { run, press } = await createScene(movements, hashed, '1500ms');
    press.file = (response) => {
      response.writeHead(200, csv).write('SKU,Qty\nA,1\n');
      return true;
    };
    expect(await failureOf(run())).toMatchObject({ code: 'no-answer' });
  });

  test('whose end nothing proves has to end with a line end', async () => {
    const { run, press } = await createScene();
    press.file = (response) => {
      response.useChunkedEncodingByDefault = false;
      response.removeHeader('transfer-encoding');
      response.writeHead(200, { ...csv, connection: 'close' }).end('SKU,Qty\nA,1\nB,12');
      return true;
    };
    expect(String(await failureOf(run()))).toContain('no-final-newline');
    press.file = says(200, 'SKU,Qty\nA,1\nB,12', { ...csv, 'content-length': '16' });
    expect(await run()).toBe(4);
  });

  test('when the program stops: the next start fetches all of it', async () => {
    const { run, press, bodies, asked } = await createScene();
    const stop = new AbortController();
    press.file = (response) => {
      response
        .writeHead(200, csv)
        .write(`SKU,Qty\n${'A,1\n'.repeat(20_000)}`, () => setTimeout(() => stop.abort(), 50));
      return true;
    };
    expect(await failureOf(run(stop.signal))).toMatchObject({ code: 'stopped' });
    expect(await bodies()).toEqual([]);
    press.file = undefined;
    expect(await run()).toBe(6);
    expect(asked(/^POST/)).toHaveLength(2);
  });
});

describe('the address of a file', () => {
  test('that has expired is asked for anew', async () => {
    const { run, press, asked, desk, log } = await createScene();
    let links = 0;
    press.link = (id) => `/files/${id}.csv?signature=canary-${++links}`;
    press.file = (response, { url }) =>
      url.endsWith('-1') && says(403, '<Error/>', { 'content-type': 'application/xml' })(response);
    expect(await run()).toBe(6);
    expect(asked(/files/)).toEqual([
      '/files/R1.csv?signature=canary-1',
      '/files/R1.csv?signature=canary-2',
      '/files/R2.csv?signature=canary-3',
    ]);
    expect(JSON.stringify([desk.log.lines, log.lines])).not.toContain('canary');
  });

  test('that stays dead has the report ordered anew, once', async () => {
    const { run, press, cursor } = await createScene();
    press.file = says(403, '<Error/>', { 'content-type': 'application/xml' });
    expect(await failureOf(run())).toMatchObject({ code: 'report-expired' });
    expect([press.orders.length, await cursor()]).toEqual([2, '-']);
  });

  test('gets nothing that proves who we are, unless the definition says so, and is in no ledger', async () => {
    const { run, received, desk } = await createScene();
    await run();
    const files = received.filter(({ url }) => url.startsWith('/files'));
    for (const { headers } of files) expect([headers['x-token'], headers['x-shared']]).toEqual([undefined, undefined]);
    const overview = JSON.stringify(await desk.ledger.overview());
    expect(overview).not.toContain('canary');
    const signed = await createScene(movements.replace('format: csv', 'format: csv, signIn: true'));
    await signed.run();
    expect(signed.received.find(({ url }) => url.startsWith('/files'))?.headers['x-token']).toBe('canary-token-4711');
  });

  test.each([
    ['without TLS at another host', 'http://127.0.0.2:9/x.csv', 'not a safe one'],
    ['with a login in it', 'https://name:canary@store.invalid/x.csv', 'holds a login'],
    ['of another kind', 'file:///etc/hosts', 'not a safe one'],
    ['that is none', 'https://', 'is none'],
  ])('%s is not followed', async (_what, link, told) => {
    const { run, press } = await createScene();
    press.link = () => link;
    const error = await failureOf(run());
    expect(error).toMatchObject({ code: 'report-unusable' });
    expect(String(error)).toContain(told);
    expect(String(error)).not.toContain('canary');
  });

  test('at another host never gets our credentials', async () => {
    const { run, press } = await createScene(movements.replace('format: csv', 'format: csv, signIn: true'));
    press.link = () => 'https://store.invalid/x.csv';
    expect(String(await failureOf(run()))).toContain('which gets no credentials');
  });

  test('that leads on to another one is not followed', async () => {
    const { run, press } = await createScene();
    press.file = says(302, '', { location: 'https://store.invalid/x.csv' });
    expect(await failureOf(run())).toMatchObject({ code: 'unexpected-redirect' });
  });
});

describe('files in other forms', () => {
  test('packed with gzip', async () => {
    const { run, press } = await createScene();
    press.file = (response) => {
      response.writeHead(200, { ...csv, 'content-encoding': 'gzip' }).end(gzipSync('SKU,Qty\nA,1\n'));
      return true;
    };
    expect(await run()).toBe(2);
  });

  test('one JSON value a line', async () => {
    const own = movements.replace('format: csv', 'format: ndjson');
    const { run, press, bodies } = await createScene(own, hashed);
    press.content = () => '{"SKU":"A","Qty":1.50}\n{"SKU":"A","Qty":1.50}\n';
    expect(await run()).toBe(4);
    expect((await bodies())[0]).toMatchObject({ SKU: 'A', Qty: 1.5 });
  });
});
