import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/core/failure.ts';
import type { DropFile } from '../../../src/core/ledger.ts';
import { recoverDrop, takeDrop } from '../../../src/inbound/source/intake.ts';
import { createRowList } from '../../../src/inbound/report/row-list.ts';
import { createBench, orders, required, sheet, twoFiles, type Bench } from './support.ts';

const HEADER = 'Id,Name,Sku,Qty';

/** Keys of a drop's documents, with what was built of them or why nothing was. */
async function documents(bench: Bench): Promise<string[]> {
  const { id } = await bench.drop();
  const found = await bench.ledger.documents({ dropId: id, limit: 100 });
  return found
    .toReversed()
    .map(({ key, status, issues }) => [key, status, ...issues.map(({ code }) => code)].join(' '));
}

async function bodies(bench: Bench): Promise<unknown[]> {
  const claims = await bench.ledger.claimSubmissions('test', 100, bench.clock.now());
  return claims.map(({ request }) => JSON.parse(request.body) as unknown);
}

describe('a file whose rows lie together', () => {
  test('becomes one document per group, and the original is filed', async () => {
    const bench = await createBench();
    await bench.put('in/a.csv', sheet(HEADER, 'A,Ann,S1,1', 'A,Ann,S2,2', 'B,Bob,S1,3'));
    expect(await bench.take('a.csv')).toBe('received');
    expect(await documents(bench)).toEqual(['A waiting', 'B waiting']);
    expect(await bodies(bench)).toEqual([
      {
        Name: 'Ann',
        Items: [
          { Sku: 'S1', Quantity: 1 },
          { Sku: 'S2', Quantity: 2 },
        ],
      },
      { Name: 'Bob', Items: [{ Sku: 'S1', Quantity: 3 }] },
    ]);
    expect(await bench.drop()).toMatchObject({ state: 'settled', records: 3, ignored: 0, tries: 1, issues: [] });
    expect([await bench.names('in'), await bench.names('done')]).toEqual([[], ['a.csv']]);
  });

  test('is invisible to submission until it is received whole', async () => {
    const bench = await createBench();
    await bench.put('in/a.csv', sheet(HEADER, 'A,Ann,S1,1'));
    const picked = await bench.pick('a.csv');
    const seen: number[] = [];
    const receiveDrop: typeof bench.ledger.receiveDrop = async (...given) => {
      seen.push((await bench.ledger.claimSubmissions('test', 10, bench.clock.now())).length);
      return bench.ledger.receiveDrop(...given);
    };
    await takeDrop(bench.flow, picked, { ...bench.parts, ledger: { ...bench.ledger, receiveDrop } });
    expect(seen).toEqual([0]);
    expect(await bodies(bench)).toHaveLength(1);
  });
});

describe('a file whose rows lie apart', () => {
  test('becomes the same documents', async () => {
    const bench = await createBench();
    await bench.put('in/a.csv', sheet(HEADER, 'A,Ann,S1,1', 'B,Bob,S1,3', 'A,Ann,S2,2'));
    expect(await bench.take('a.csv')).toBe('received');
    expect(await documents(bench)).toEqual(['A waiting', 'B waiting']);
    expect(await bodies(bench)).toEqual([
      {
        Name: 'Ann',
        Items: [
          { Sku: 'S1', Quantity: 1 },
          { Sku: 'S2', Quantity: 2 },
        ],
      },
      { Name: 'Bob', Items: [{ Sku: 'S1', Quantity: 3 }] },
    ]);
    expect(await bench.drop()).toMatchObject({ records: 3, ignored: 0 });
  });

  test('counts nothing twice that was read twice', async () => {
    const bench = await createBench();
    await bench.put('in/a.csv', sheet(HEADER, ',,,', HEADER, 'A,Ann,S1,1', 'B,Bob,S1,3', 'A,Ann,S2,2'));
    await bench.take('a.csv');
    const { records, ignored, issues, books } = required(await bench.ledger.drop((await bench.drop()).id));
    expect({ records, ignored, waiting: books.waiting }).toEqual({ records: 5, ignored: 2, waiting: 3 });
    expect(issues.map(({ code, where }) => `${where.line} ${code}`).sort()).toEqual([
      '2 blank-row',
      '3 header-repeated',
    ]);
  });
});

describe('a drop of two files', () => {
  test('becomes documents of both, and both are filed', async () => {
    const bench = await createBench({ mapping: twoFiles });
    await bench.put('in/heads7.csv', sheet('Id,Name', 'A,Ann', 'B,Bob'));
    await bench.put('in/items7.csv', sheet('Id,Sku,Qty', 'B,S3,3', 'A,S1,1', 'B,S4,4'));
    expect(await bench.take('heads7.csv', 'items7.csv')).toBe('received');
    expect(await bodies(bench)).toEqual([
      { Name: 'Ann', Items: [{ Sku: 'S1', Quantity: 1 }] },
      {
        Name: 'Bob',
        Items: [
          { Sku: 'S3', Quantity: 3 },
          { Sku: 'S4', Quantity: 4 },
        ],
      },
    ]);
    expect(await bench.names('done')).toEqual(['heads7.csv', 'items7.csv']);
    expect(await bench.drop()).toMatchObject({ records: 5, ignored: 0 });
  });

  test('refuses items without a head, and the head without items for what it lacks', async () => {
    const bench = await createBench({ mapping: twoFiles });
    await bench.put('in/heads.csv', sheet('Id,Name', 'A,Ann'));
    await bench.put('in/items.csv', sheet('Id,Sku,Qty', 'Z,S3,3'));
    await bench.take('heads.csv', 'items.csv');
    const [head, orphan] = await documents(bench);
    expect(head).toMatch(/^A rejected/);
    expect(orphan).toMatch(/^Z rejected no-head/);
  });

  test('is refused whole when one of its files is', async () => {
    const bench = await createBench({ mapping: twoFiles });
    await bench.put('in/heads.csv', sheet('Id,Name', 'A,Ann'));
    await bench.put('in/items.csv', '');
    expect(await bench.take('heads.csv', 'items.csv')).toBe('refused');
    expect(await documents(bench)).toEqual([]);
    expect(await bench.names('failed')).toEqual(['heads.csv', 'items.csv']);
  });
});

describe('control totals', () => {
  const controls = (rule: string): string => `${orders}controls: { trailer: ${rule} }\n`;
  const records = controls('{ starts: T, count: 2, of: records }');
  const rows = ['A,Ann,S1,1', 'A,Ann,S2,2', 'B,Bob,S1,3'];
  const outcome = async (mapping: string, ...lines: readonly string[]): Promise<string> => {
    const bench = await createBench({ mapping });
    await bench.put('in/a.csv', sheet(HEADER, ...lines));
    const how = await bench.take('a.csv');
    const { issues, ignored } = await bench.drop();
    const errors = issues.filter(({ severity }) => severity === 'error');
    const found = errors.map(
      ({ code, where, got, expected }) => `${where.line ?? '-'} ${code} ${got ?? ''}/${expected ?? ''}`,
    );
    const waiting = (await bodies(bench)).length;
    return [how, `${waiting} sent`, `${ignored} ignored`, ...found].join('; ');
  };

  test('that agree let the file through; the trailer is ignored and counted', async () => {
    expect(await outcome(records, ...rows, 'T,3')).toBe('received; 2 sent; 1 ignored');
    expect(await outcome(records, ...rows, 'T,0003,,')).toBe('received; 2 sent; 1 ignored');
    expect(await outcome(controls('{ starts: T, count: 2, of: documents }'), ...rows, 'T,2')).toBe(
      'received; 2 sent; 1 ignored',
    );
    expect(await outcome(controls('{ starts: T }'), ...rows, 'T')).toBe('received; 2 sent; 1 ignored');
  });

  test('count rows that lie apart once', async () => {
    expect(await outcome(records, 'A,Ann,S1,1', 'B,Bob,S1,3', 'A,Ann,S2,2', 'T,3')).toBe('received; 2 sent; 1 ignored');
  });

  test('do not count blank rows', async () => {
    expect(await outcome(records, 'A,Ann,S1,1', ',,,', 'T,1', ',,,')).toBe('received; 1 sent; 3 ignored');
  });

  test.each([
    ['of another number', 'T,4', '5 control-total 4/3'],
    ['of no number', 'T,three', '5 control-total three/3'],
    ['left out', 'T', '5 control-total /3'],
    ['with a sign', 'T,-3', '5 control-total -3/3'],
  ])('%s refuse the whole file before anything of it is sent', async (_name, trailer, told) => {
    expect(await outcome(records, ...rows, trailer)).toBe(`refused; 0 sent; 1 ignored; ${told}`);
  });

  test('that are missing refuse the whole file', async () => {
    expect(await outcome(records, ...rows)).toBe(
      'refused; 0 sent; 0 ignored; - trailer-missing /a last record that starts with "T"',
    );
  });

  test('that do not come last refuse the whole file at the first record behind them', async () => {
    expect(await outcome(records, 'A,Ann,S1,1', 'T,1', 'B,Bob,S1,3')).toMatch(
      /^refused; 0 sent; 1 ignored; 4 control-total/,
    );
  });
});

describe('what is wrong', () => {
  test('with one document stays with that document', async () => {
    const bench = await createBench();
    await bench.put('in/a.csv', sheet(HEADER, ',Cid,S1,1', 'A,Ann,S1,one', 'B,Bob,S1,3'));
    expect(await bench.take('a.csv')).toBe('received');
    expect(await documents(bench)).toEqual([' rejected no-key', 'A rejected not-a-number', 'B waiting']);
    expect(await bench.names('done')).toEqual(['a.csv']);
  });

  test('with one document refuses the file where that is asked for, and nothing is sent', async () => {
    const bench = await createBench({ flow: { accept: 'file' } });
    await bench.put('in/a.csv', sheet(HEADER, 'A,Ann,S1,one', 'B,Bob,S1,3'));
    expect(await bench.take('a.csv')).toBe('refused');
    expect(await documents(bench)).toEqual(['A rejected not-a-number', 'B rejected refused-with-drop']);
    expect(await bodies(bench)).toEqual([]);
    expect([await bench.names('done'), await bench.names('failed')]).toEqual([[], ['a.csv']]);
  });

  test('with a key the provider cannot take is told at the key', async () => {
    const bench = await createBench();
    await bench.put('in/a.csv', sheet(HEADER, 'A#1,Ann,S1,1', 'B,Bob,S1,3'));
    await bench.take('a.csv');
    expect(await documents(bench)).toEqual(['A#1 rejected bad-key', 'B waiting']);
    const [refused] = await bench.ledger.documents({ key: 'A#1', limit: 1 });
    expect(refused?.issues[0]).toMatchObject({ where: { file: 'a.csv', line: 2, column: 'Id' }, got: 'A#1' });
  });

  test.each([
    ['together', ['A,Ann,S1,1', 'A,Ann,S1,2', 'A,Ann,S1,3', 'B,Bob,S1,1']],
    ['apart', ['A,Ann,S1,1', 'A,Ann,S1,2', 'B,Bob,S1,1', 'A,Ann,S1,3']],
  ])('with a document of too many rows that lie %s stays with it, and its rows are counted', async (_name, rows) => {
    const bench = await createBench({ limits: { linesPerDocument: 2 } });
    await bench.put('in/a.csv', sheet(HEADER, ...rows));
    await bench.take('a.csv');
    expect(await documents(bench)).toEqual(['A rejected too-many-lines', 'B waiting']);
    expect((await bench.ledger.drop(1))?.books).toMatchObject({ records: 4, rejected: 3, waiting: 1 });
    const [long] = await bench.ledger.documents({ key: 'A', limit: 1 });
    expect(long?.issues[0]).toMatchObject({ where: { file: 'a.csv', line: 2 }, expected: 'at most 2', got: '3' });
  });

  test('keeps no more rows of a document than it takes to know that there are too many', () => {
    const list = createRowList(5);
    const types = ['head', 'line', 'note'];
    for (let seq = 0; seq < 100_000; seq++) {
      const type = types[seq % 3] ?? '';
      // One row is blank and was left out.
      if (seq !== 50) list.add({ part: '', record: { seq, line: seq + 2, type, cells: ['x'] } });
    }
    expect(list.rows.length).toBe(6 + 3);
    const counted = list.rows.reduce((sum, { record }) => sum + 1 + ('more' in record ? Number(record.more) : 0), 0);
    expect(counted).toBe(99_999);
    expect(list.runs).toEqual([
      ['', 0, 50],
      ['', 51, 99_949],
    ]);
  });

  test('counts every row of a document that is far too long', async () => {
    const bench = await createBench({ limits: { linesPerDocument: 2 } });
    await bench.put('in/a.csv', sheet(HEADER, ...Array.from({ length: 50 }, () => 'A,Ann,S1,1'), 'B,Bob,S1,1'));
    await bench.take('a.csv');
    expect((await bench.ledger.drop(1))?.books).toMatchObject({ records: 51, rejected: 50, waiting: 1 });
    const [long] = await bench.ledger.documents({ key: 'A', limit: 1 });
    expect(long?.issues[0]).toMatchObject({ where: { line: 2 }, got: '50' });
  });

  test.each([
    ['nothing in it', '', 'empty-file'],
    ['no column that is needed', 'Nr,Name,Sku,Qty\nA,Ann,S1,1\n', 'missing-column'],
    ['a column twice', 'Id,Name,Sku,Qty,Id\nA,Ann,S1,1,A\n', 'duplicate-column'],
    ['a web page', '<!DOCTYPE html>\n<html></html>\n', 'looks-like-html'],
    [
      'a quote that is never closed, after good rows',
      `${sheet(HEADER, 'A,Ann,S1,1')}B,"Bob,S1,1\n`,
      'quote-not-closed',
    ],
  ])('with the file refuses it whole: %s', async (_name, text, code) => {
    const bench = await createBench();
    await bench.put('in/a.csv', text);
    expect(await bench.take('a.csv')).toBe('refused');
    const drop = required(await bench.ledger.drop(1));
    expect(drop.issues.map((issue) => issue.code)).toContain(code);
    const { records, accepted, rejected, held, ignored, waiting } = drop.books;
    expect(records).toBe(accepted + rejected + held + ignored + waiting);
    expect([await documents(bench), await bodies(bench), await bench.names('failed')]).toEqual([[], [], ['a.csv']]);
    expect(bench.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  test('with no row at all is a notice: the file is done and had nothing in it', async () => {
    const bench = await createBench();
    await bench.put('in/a.csv', `${HEADER}\n`);
    expect(await bench.take('a.csv')).toBe('received');
    expect(await bench.drop()).toMatchObject({ records: 0, issues: [{ code: 'no-records', severity: 'warning' }] });
    expect(await bench.names('done')).toEqual(['a.csv']);
  });

  test('is told for 200 notices and counted for all', async () => {
    const bench = await createBench();
    const repeated = Array.from({ length: 300 }, () => HEADER);
    await bench.put('in/a.csv', sheet(HEADER, ...repeated, 'A,Ann,S1,1'));
    await bench.take('a.csv');
    expect(await bench.drop()).toMatchObject({ records: 301, ignored: 300 });
    expect((await bench.drop()).issues).toHaveLength(200);
  });
});

test('rows of empty cells are ignored, counted, and told with the line of the first', async () => {
  const bench = await createBench();
  await bench.put('in/a.csv', sheet(HEADER, 'A,Ann,S1,1', ',,,', ' , ,\t,', 'B,Bob,S1,3'));
  await bench.take('a.csv');
  expect(await bench.drop()).toMatchObject({
    records: 4,
    ignored: 2,
    issues: [{ code: 'blank-row', where: { file: 'a.csv', line: 3 }, what: '2 rows of empty cells; skipped' }],
  });
});

describe('a file that does not hold still', () => {
  test('between the look and the reading is left alone', async () => {
    const bench = await createBench();
    await bench.put('in/a.csv', sheet(HEADER, 'A,Ann,S1,1'));
    const picked = await bench.pick('a.csv');
    await appendFile(bench.path('in/a.csv'), 'B,Bob,S1,3\n');
    expect(await takeDrop(bench.flow, picked, bench.parts)).toBe('changed');
    expect(await bench.ledger.drops({ limit: 1 })).toEqual([]);
    expect(await bench.names('in')).toEqual(['a.csv']);
  });

  test.each(['append', 'replace', 'truncate'])('while it is read is left alone: %s', async (how) => {
    const bench = await createBench();
    await bench.put('in/a.csv', sheet(HEADER, 'A,Ann,S1,1'));
    const keep: typeof bench.spool.keep = async (bytes) => {
      const kept = await bench.spool.keep(bytes);
      if (how === 'append') await appendFile(bench.path('in/a.csv'), 'B,Bob,S1,3\n');
      if (how === 'truncate') await writeFile(bench.path('in/a.csv'), '');
      if (how === 'replace') {
        await rm(bench.path('in/a.csv'));
        await bench.put('in/a.csv', sheet(HEADER, 'A,Ann,S1,1'));
      }
      return kept;
    };
    const parts = { ...bench.parts, spool: { ...bench.spool, keep } };
    expect(await takeDrop(bench.flow, await bench.pick('a.csv'), parts)).toBe('changed');
    expect([await bench.ledger.drops({ limit: 1 }), await bodies(bench)]).toEqual([[], []]);
    expect(await bench.names('in')).toEqual(['a.csv']);
  });

  test('or vanishes is forgotten', async () => {
    const bench = await createBench();
    await bench.put('in/a.csv', sheet(HEADER, 'A,Ann,S1,1'));
    const picked = await bench.pick('a.csv');
    await rm(bench.path('in/a.csv'));
    expect(await takeDrop(bench.flow, picked, bench.parts)).toBe('changed');
    expect(await bench.ledger.drops({ limit: 1 })).toEqual([]);
  });
});

async function unreadFile(bench: Bench): Promise<DropFile> {
  const { path, size, fingerprint } = required((await bench.pick('a.csv')).get(''));
  return { part: '', path, size, fingerprint, hash: '', spool: '', target: '' };
}

describe('a file that cannot be taken', () => {
  test('because it ended the program three times is held, and the others are not', async () => {
    const bench = await createBench();
    await bench.put('in/a.csv', sheet(HEADER, 'A,Ann,S1,1'));
    await bench.put('in/b.csv', sheet(HEADER, 'B,Bob,S1,3'));
    const unread = await unreadFile(bench);
    // Each of these begins and never comes back, as a killed process would not.
    for (let start = 0; start < 3; start++) await bench.ledger.beginDrop('orders', 'erp', [unread]);
    expect(await bench.take('a.csv')).toBe('held');
    expect(await bench.drop()).toMatchObject({
      state: 'held',
      issues: [{ code: 'kills-reader', where: { file: 'a.csv' } }],
    });
    expect(await bench.take('b.csv')).toBe('received');
    expect(await bench.names('in')).toEqual(['a.csv']);
  });

  test('because of two crashes and then not is taken', async () => {
    const bench = await createBench();
    await bench.put('in/a.csv', sheet(HEADER, 'A,Ann,S1,1'));
    const unread = await unreadFile(bench);
    for (let start = 0; start < 2; start++) await bench.ledger.beginDrop('orders', 'erp', [unread]);
    expect(await bench.take('a.csv')).toBe('received');
  });

  test('because it may not be read is held', async () => {
    const bench = await createBench();
    await bench.put('in/a.csv', sheet(HEADER, 'A,Ann,S1,1'));
    // Whoever runs this may be allowed to read everything.
    const folder = { ...bench.flow.folder, open: () => Promise.reject(new Failure('no-permission')) };
    expect(await takeDrop({ ...bench.flow, folder }, await bench.pick('a.csv'), bench.parts)).toBe('held');
    expect(await bench.drop()).toMatchObject({ state: 'held', issues: [{ code: 'no-permission' }] });
  });

  test('because it is no file any more is held', async () => {
    const bench = await createBench();
    await bench.put('in/a.csv', sheet(HEADER, 'A,Ann,S1,1'));
    const picked = await bench.pick('a.csv');
    await rm(bench.path('in/a.csv'));
    await mkdir(bench.path('in/a.csv'));
    expect(await takeDrop(bench.flow, picked, bench.parts)).toBe('held');
    expect(await bench.drop()).toMatchObject({ issues: [{ code: 'not-a-file' }] });
  });

  test('because the spool cannot work is as if never touched, and no try is counted', async () => {
    const bench = await createBench();
    await bench.put('in/a.csv', sheet(HEADER, 'A,Ann,S1,1'));
    const keep = (): Promise<never> => Promise.reject(new Error('full'));
    const parts = { ...bench.parts, spool: { ...bench.spool, keep } };
    await expect(takeDrop(bench.flow, await bench.pick('a.csv'), parts)).rejects.toThrow('full');
    expect(await bench.ledger.drops({ limit: 1 })).toEqual([]);
    expect(await bench.take('a.csv')).toBe('received');
    expect(await bench.drop()).toMatchObject({ tries: 1 });
  });
});

describe('after a crash, a drop', () => {
  test('that was being read is read again when its file is there', async () => {
    const bench = await createBench();
    await bench.put('in/a.csv', sheet(HEADER, 'A,Ann,S1,1', 'B,Bob,S1,3'));
    const receiveDrop = (): Promise<never> => Promise.reject(new Error('killed here'));
    const ledger = { ...bench.ledger, receiveDrop, forgetDrop: () => Promise.resolve() };
    await expect(takeDrop(bench.flow, await bench.pick('a.csv'), { ...bench.parts, ledger })).rejects.toThrow('killed');
    const [left] = await bench.ledger.unsettledDrops();
    expect(left).toMatchObject({ state: 'reading' });
    await recoverDrop(required(left), bench.flow, bench.parts);
    expect(await documents(bench)).toEqual([]);
    expect(await bench.take('a.csv')).toBe('received');
    expect(await bench.drop()).toMatchObject({ tries: 2, records: 2 });
    expect(await bodies(bench)).toHaveLength(2);
  });

  test('that was being read is forgotten when its file is gone', async () => {
    const bench = await createBench();
    await bench.put('in/a.csv', sheet(HEADER, 'A,Ann,S1,1'));
    const unread = await unreadFile(bench);
    const drop = await bench.ledger.beginDrop('orders', 'erp', [unread]);
    await rm(bench.path('in/a.csv'));
    await recoverDrop(drop, bench.flow, bench.parts);
    expect(await bench.ledger.drops({ limit: 1 })).toEqual([]);
    expect(bench.log.lines).toContainEqual(expect.objectContaining({ level: 'warn' }));
  });

  test.each(['received', 'settling'])('that was %s is filed, and a second recovery changes nothing', async (state) => {
    const bench = await createBench();
    await bench.put('in/a.csv', sheet(HEADER, 'A,Ann,S1,1'));
    const drop = await bench.receive('a.csv');
    if (state === 'settling') await bench.ledger.beginSettling(drop.id, new Map([['', 'done/elsewhere.csv']]));
    for (let start = 0; start < 2; start++) {
      for (const left of await bench.ledger.unsettledDrops()) await recoverDrop(left, bench.flow, bench.parts);
    }
    expect(await bench.drop()).toMatchObject({ state: 'settled', issues: [] });
    expect(await bench.names('done')).toEqual([state === 'settling' ? 'elsewhere.csv' : 'a.csv']);
  });

  test('that is settled or held needs none', async () => {
    const bench = await createBench();
    await bench.put('in/a.csv', sheet(HEADER, 'A,Ann,S1,1'));
    await bench.take('a.csv');
    await expect(recoverDrop(await bench.drop(), bench.flow, bench.parts)).rejects.toMatchObject({ code: 'bad-usage' });
  });
});
