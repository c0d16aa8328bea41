import { describe, expect, test } from 'vitest';
import { createScene, DAY, HOUR, says } from './report-support.ts';

describe('reports by periods', () => {
  test('cover each day once, are ordered when it is over, and rows that are alike are each a fact', async () => {
    // It is 4 May, 14:00: the two days before are complete.
    const { run, press, bodies, cursor, clock } = await createScene();
    expect(await run()).toBe(6);
    expect(press.orders.map(({ from, until }) => [from, until])).toEqual([
      ['2026-05-02', '2026-05-02'],
      ['2026-05-03', '2026-05-03'],
    ]);
    const rows = await bodies();
    expect(rows.map(({ SKU }) => SKU)).toEqual(['A', 'A', '2026-05-02', 'A', 'A', '2026-05-03']);
    expect(rows.map(({ Day }) => String(Day).slice(-2))).toEqual(['02', '02', '02', '03', '03', '03']);
    expect(new Set(rows.map(({ Row }) => Row)).size).toBe(6);
    expect(rows[1]?.['Row']).toBe(`${String(rows[0]?.['Row'])}/2`);
    expect(await cursor()).toBe('2026-05-04T00:00:00.000Z');
    expect(await run()).toBe(0);
    // The day is over, but not yet for as long as it takes until everything is entered.
    clock.advance(10 * HOUR + HOUR / 2);
    expect(await run()).toBe(0);
    clock.advance(HOUR);
    expect(await run()).toBe(3);
    expect(press.orders.at(-1)).toMatchObject({ from: '2026-05-04', until: '2026-05-04' });
  });

  test('that are not there in time are left to the next run, which orders nothing again', async () => {
    const { run, press, desk, cursor, asked } = await createScene();
    press.pending = 5;
    let left = 0;
    const options = { patienceMs: 25_000, onLeft: () => void left++ };
    expect(await run(desk.never, options)).toBe(0);
    expect([left, press.orders.length, asked(/^GET .reports/).length]).toEqual([1, 1, 3]);
    expect(await run(desk.never, options)).toBe(3);
    expect([left, press.orders.length]).toEqual([2, 2]);
    press.pending = 0;
    expect(await run(desk.never, options)).toBe(3);
    expect([left, press.orders.length, await cursor()]).toEqual([2, 2, '2026-05-04T00:00:00.000Z']);
  });

  test('catch up after a long pause, with as much in one report as may be', async () => {
    const period = 'period: { step: 1d, start: 1d, longest: 3d, lag: 0s, format: iso }';
    const { run, press, clock } = await createScene(`download: { url: links.file, format: csv }\n      ${period}`);
    await run();
    clock.advance(5 * DAY);
    await run();
    expect(press.orders.map(({ from, until }) => `${from?.slice(5, 10)} ${until?.slice(5, 10)}`)).toEqual([
      '05-03 05-04',
      '05-04 05-07',
      '05-07 05-09',
    ]);
  });

  test('may be empty: a header alone is a day without facts', async () => {
    const { run, press, cursor, asked } = await createScene();
    press.content = () => 'SKU,Qty\n';
    expect(await run()).toBe(0);
    expect(await cursor()).toBe('2026-05-04T00:00:00.000Z');
    expect(await run()).toBe(0);
    expect(asked(/^POST/)).toHaveLength(2);
  });

  test('rows that are alike on two days are facts of two days, and the same report again adds none', async () => {
    const { run, press, bodies, desk } = await createScene();
    press.content = () => 'SKU,Qty\nA,1\nA,1\nA,1\n';
    expect(await run()).toBe(6);
    await desk.ledger.storePage({ provider: 'test', feed: 'things', items: [], cursor: '2026-05-02T00:00:00.000Z' });
    expect(await run()).toBe(0);
    expect(await bodies()).toHaveLength(6);
  });

  test('many alike rows over many batches keep their count', async () => {
    const { run, press } = await createScene();
    const rows = Array.from({ length: 3_000 }, (_, row) => (row % 3 === 0 ? 'A,1' : `B${row},1`));
    press.content = ({ from }) => `SKU,Qty\n${(from === '2026-05-02' ? rows : []).join('\n')}\n`;
    expect(await run()).toBe(3_000);
  });
});

describe('a report of how things are now', () => {
  const stock = ['download: { url: links.file, format: csv, delimiter: ";", encoding: windows-1252 }', 'identity: SKU'];

  test('is a snapshot: each run orders one, and the last one counts', async () => {
    const { run, press, bodies, cursor, feed } = await createScene(stock[0], stock[1]);
    let units = 1;
    press.content = () => `SKU;Qty\nA;${units}\nB;0\n`;
    expect(feed.kind).toBe('snapshot');
    expect(await run()).toBe(2);
    units = 2;
    expect(await run()).toBe(2);
    expect(await bodies()).toEqual([
      { SKU: 'A', Qty: '2' },
      { SKU: 'B', Qty: '0' },
    ]);
    expect(await cursor()).toMatch(/^2026-05-04T14:00:\d\d\.\d{3}Z$/);
    expect(press.orders).toHaveLength(2);
  });

  test('of which rows share their identity says so', async () => {
    const { run, press, desk } = await createScene(stock[0], stock[1]);
    press.content = () => 'SKU;Qty\nA;1\nA;2\n';
    expect(await run()).toBe(1);
    expect(desk.log.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', fields: expect.objectContaining({ passed: 1 }) }),
    );
  });

  test('whose rows lack their identity is given up', async () => {
    const { run, press, cursor } = await createScene(stock[0], stock[1]);
    press.content = () => 'Item;Qty\nA;1\n';
    await expect(run()).rejects.toMatchObject({ code: 'bad-answer', retryAfterMs: 15 * 60_000 });
    expect(await cursor()).toBe('-');
  });

  test('that cannot be read leaves the last one in place', async () => {
    const { run, press, bodies } = await createScene(stock[0], stock[1]);
    press.content = () => 'SKU;Qty\nA;1\n';
    await run();
    press.content = () => 'SKU;Qty\nB;1\nC;1;1;1\n';
    await expect(run()).rejects.toMatchObject({ code: 'report-unusable' });
    expect(await bodies()).toEqual([{ SKU: 'A', Qty: '1' }]);
  });
});

describe('a report that is waited for', () => {
  test('is not ordered again by a new start, nor is its order when its answer was lost', async () => {
    const { run, press, received, cursor, clock } = await createScene();
    let isCut = true;
    press.start = (response) => {
      if (!isCut) return false;
      isCut = false;
      response.destroy();
      return true;
    };
    await expect(run()).rejects.toMatchObject({ code: 'no-answer' });
    expect(await cursor()).toContain('"askedAt"');
    const stop = new AbortController();
    press.poll = (response) => {
      stop.abort();
      return says(200, '{"state":"pending"}')(response);
    };
    await expect(run(stop.signal)).rejects.toMatchObject({ code: 'stopped' });
    expect(await cursor()).toContain('"reference":"R1"');
    press.poll = undefined;
    press.pending = 0;
    // However long ago it was ordered: it is asked for once at least.
    clock.advance(HOUR);
    expect(await run()).toBe(6);
    expect(press.orders.map(({ from }) => from)).toEqual(['2026-05-02', '2026-05-03']);
    const keys = received.filter(({ method }) => method === 'POST').map(({ headers }) => headers['idempotency-key']);
    expect([keys.length, keys[1] === keys[0], keys[2] === keys[0]]).toEqual([3, true, false]);
  });

  test('that fails is told with the words of the provider, and ordered anew later', async () => {
    const { run, press, cursor } = await createScene();
    const why = 'no room at https://store.example/x?signature=canary-signature for canary-token-4711';
    press.poll = says(200, JSON.stringify({ state: 'failed', why }));
    const error = await run().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'report-failed', retryAfterMs: 15 * 60_000 });
    expect(String(error)).toContain('no room at [address] for [secret]');
    expect(await cursor()).toBe('-');
    press.poll = undefined;
    expect(await run()).toBe(6);
    expect(new Set(press.orders.map(({ key }) => key)).size).toBe(3);
  });

  test('that never ends is given up in time', async () => {
    const { run, press, cursor, asked } = await createScene();
    press.pending = 1_000;
    await expect(run()).rejects.toMatchObject({ code: 'report-late' });
    // Every ten seconds for ten minutes.
    expect(Math.abs(asked(/^GET/).length - 60)).toBeLessThan(2);
    expect(await cursor()).toBe('-');
  });

  test('whose provider cannot be asked for a while is asked again, and for long it is kept', async () => {
    const { run, press, cursor, log, desk } = await createScene();
    let failures = 3;
    press.poll = (response) => failures-- > 0 && says(503, '{}', { 'retry-after': '30' })(response);
    expect(await run()).toBe(6);
    expect(desk.log.lines.filter(({ message }) => message.includes('could not be asked'))).toHaveLength(3);
    expect(JSON.stringify([log.lines, desk.log.lines])).not.toContain('canary');
    await desk.ledger.storePage({ provider: 'test', feed: 'things', items: [], cursor: '2026-05-03T00:00:00.000Z' });
    press.poll = says(503, '{}');
    await expect(run()).rejects.toMatchObject({ code: 'provider-unreachable' });
    expect(await cursor()).toContain('"reference"');
  });

  test('that the provider forgot is ordered anew, but not again and again', async () => {
    const { run, press } = await createScene();
    press.poll = (response, id) => id === 'R1' && says(404, '{}')(response);
    expect(await run()).toBe(6);
    expect(press.orders.map(({ from }) => from)).toEqual(['2026-05-02', '2026-05-02', '2026-05-03']);
    const other = await createScene();
    other.press.poll = says(404, '{}');
    await expect(other.run()).rejects.toMatchObject({ code: 'report-expired' });
    expect(other.press.orders).toHaveLength(2);
  });

  test.each([
    ['refused', 400, 'bad-answer', '-', 15 * 60_000],
    ['refused for its credentials', 401, 'credentials-refused', 'askedAt', undefined],
    ['one too many', 429, 'provider-unreachable', 'askedAt', 60_000],
  ])('whose order is %s', async (_what, status, code, cursor, retryAfterMs) => {
    const scene = await createScene();
    scene.press.start = says(status, '{}', status === 429 ? { 'retry-after': '60' } : {});
    const error = await scene.run().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code, retryAfterMs });
    expect(await scene.cursor()).toContain(cursor);
  });
});
