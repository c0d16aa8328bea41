import { describe, expect, test } from 'vitest';

import { readCsv, readRaw, rejectSheet, said } from './csv-help.ts';

const reasons = 'dray column,dray code,dray message';

describe('a header that is looked for', () => {
  const content = [
    '"Open orders, ""week 12""",,',
    '',
    '# made by ERP 5.1',
    'created, 2026-03-28',
    'SKU, QTY ,Note',
    'A,1,x',
    'B,2,y',
    '',
  ].join('\r\n');

  test.each([{ header: { line: 5 } }, { header: { has: ['Qty', 'sku'] } }, { header: { has: ['Qty'], within: 5 } }])(
    '%j finds it below title rows',
    async (options) => {
      const { columns, records, events, notes } = await readCsv(content, options, {}, 1);
      expect(columns).toEqual(['SKU', 'QTY', 'Note']);
      expect(events[0]).toMatchObject({ kind: 'header', line: 5 });
      expect(records.map(({ seq, line, cells }) => [seq, line, cells])).toEqual([
        [0, 6, ['A', '1', 'x']],
        [1, 7, ['B', '2', 'y']],
      ]);
      expect(notes).toEqual([]);
    },
  );

  test('is refused when no line has its names, with what was looked for and what came nearest', async () => {
    for (const size of [1, 7, 1000]) {
      const { refused, events } = await readCsv(content, { header: { has: ['SKU', 'Price'] } }, {}, size);
      expect(said(refused)).toBe(
        'orders.csv line 5: the header was not found; expected a line with "SKU", "Price" among the first 50, got "SKU,  QTY , Note". Is this the right file? Otherwise name its columns under read.header.has, or its line under read.header.line.',
      );
      expect(events).toHaveLength(1);
    }
  });

  test('is refused when it stands lower than allowed, or where a line does not begin', async () => {
    for (const header of [{ has: ['SKU'], within: 4 }, { line: 2 }, { line: 900 }]) {
      expect((await readCsv(content, { header })).refused?.code).toBe('header-not-found');
    }
    expect(said((await readCsv(content, { header: { line: 2 } })).refused)).toMatch(
      /^orders.csv line 2: no header on this line\./,
    );
  });

  test('says so when another delimiter would have shown it', async () => {
    const semicolons = 'Report;;\nSKU;Qty;Note\nA;1;x\n';
    const { refused } = await readCsv(semicolons, { header: { has: ['SKU', 'Qty'] } });
    expect(refused).toMatchObject({ code: 'wrong-delimiter', where: { line: 2 } });
    expect(refused?.hint).toContain('set delimiter: ";"');
  });

  test('in a file with nothing in it is not missed: the file is empty', async () => {
    for (const empty of ['', '\r\n \r\n']) {
      expect((await readCsv(empty, { header: { has: ['SKU'] } })).refused?.code).toBe('empty-file');
    }
  });

  test('comes back in a reject sheet with everything above it, which can be dropped again', async () => {
    for (const options of [{ header: { line: 5 } }, { header: { has: ['SKU', 'Qty'] }, comment: '#' }]) {
      const sheet = await rejectSheet(content, [1], options);
      const above = content.slice(0, content.indexOf('SKU'));
      expect(sheet.toString()).toBe(`${above}SKU, QTY ,Note,${reasons}\r\nB,2,y,"E","bad-quote","why"\r\n`);
      const again = await readCsv(sheet, options);
      expect(again.columns?.slice(0, 3)).toEqual(['SKU', 'QTY', 'Note']);
      expect(again.cells).toEqual([['B', '2', 'y', 'E', 'bad-quote', 'why']]);
    }
  });

  test('keeps a byte order mark and a sep= line above it', async () => {
    const options = { header: { line: 3 } };
    const sheet = await rejectSheet('\ufeffsep=;\r\nTitle;\r\nA;B\r\n1;2\r\n', [0], options);
    expect(sheet.toString()).toBe(
      `\ufeffsep=;\r\nTitle;\r\nA;B;${reasons.replaceAll(',', ';')}\r\n1;2;"E";"bad-quote";"why"\r\n`,
    );
    expect((await readCsv(sheet, options)).records).toHaveLength(1);
  });

  test('is not looked for without end', async () => {
    const long = `${'x'.repeat(900)}\n`.repeat(100);
    const { refused } = await readCsv(long, { header: { has: ['SKU'], within: 200 } }, { recordCharacters: 1000 });
    expect(said(refused)).toContain('the rows that are no records are longer than the limit');
  });
});

describe('rows below the header that are no records', () => {
  const content = 'SKU,Weight\n(text),(kg)\n\n(code),"(net\nweight)"\nA,1\nB,2\n';

  test('are skipped by number and take none of their own', async () => {
    for (const size of [1, 1000]) {
      const { columns, records } = await readCsv(content, { skip: 2 }, {}, size);
      expect(columns).toEqual(['SKU', 'Weight']);
      expect(records.map(({ seq, line }) => [seq, line])).toEqual([
        [0, 6],
        [1, 7],
      ]);
    }
    expect((await readRaw(content, { skip: 2 })).map(({ seq }) => seq)).toEqual([-1, -1, -1, 0, 1]);
  });

  test('come back in a reject sheet below the header', async () => {
    const sheet = await rejectSheet(content, [1], { skip: 2 });
    expect(sheet.toString()).toBe(
      `SKU,Weight,${reasons}\n(text),(kg)\n(code),"(net\nweight)"\nB,2,"E","bad-quote","why"\n`,
    );
    expect((await readCsv(sheet, { skip: 2 })).cells).toEqual([['B', '2', 'E', 'bad-quote', 'why']]);
  });

  test('are the first ones where there is no header', async () => {
    const options = { skip: 1, columns: { names: ['SKU', 'Weight'] } };
    const plain = 'Artikel;Gewicht\nA,1\nB,2\n';
    expect((await readCsv(plain, options)).cells).toEqual([
      ['A', '1'],
      ['B', '2'],
    ]);
    const sheet = await rejectSheet(plain, [0], options, ['too-long', 'SKU', 'why']);
    expect(sheet.toString()).toBe('Artikel;Gewicht\nA,1,"too-long","SKU","why"\n');
    expect((await readCsv(sheet, options)).cells).toEqual([['A', '1']]);
  });

  test('may be all there is', async () => {
    const { columns, notes, refused } = await readCsv('SKU,Weight\n(text),(kg)\n', { skip: 3 });
    expect([columns, refused]).toEqual([['SKU', 'Weight'], undefined]);
    expect(notes.map(({ code }) => code)).toEqual(['no-records']);
  });
});

describe('comments', () => {
  const content = '# it\'s "open\nA,B\n#one\n1,"x\n# no comment"\n\n#two, 2\n2,y\n#three';

  test('are skipped and counted, and hide no line', async () => {
    for (const size of [1, 2, 1000]) {
      const { columns, records, events, notes } = await readCsv(content, { comment: '#' }, {}, size);
      expect(columns).toEqual(['A', 'B']);
      expect(records.map(({ seq, line, cells }) => [seq, line, cells])).toEqual([
        [0, 4, ['1', 'x\n# no comment']],
        [1, 8, ['2', 'y']],
      ]);
      expect(events.find(({ kind }) => kind === 'ignored')).toMatchObject({ records: 4 });
      expect(notes.map(said)).toEqual(['orders.csv line 1: 4 comments that begin with "#"; skipped.']);
    }
  });

  test('may begin with several characters, of which a part is no comment', async () => {
    const { cells } = await readCsv('A,B\n--x\n-1,-\n-\n--\n', { comment: '--' }, {}, 1);
    expect(cells).toEqual([['-1', '-'], ['-']]);
  });

  test('above the header come back in a reject sheet; those between records do not', async () => {
    const sheet = await rejectSheet(content, [1], { comment: '#' });
    expect(sheet.toString()).toBe(`# it's "open\nA,B,${reasons}\n2,y,"E","bad-quote","why"\n`);
  });

  test('in any number are passed over', async () => {
    const many = `${'#'.repeat(900)}\n`.repeat(100);
    const options = { comment: '#' };
    const { cells, refused } = await readCsv(`${many}A,B\n${many}1,2\n`, options, { recordCharacters: 1000 });
    expect([cells, refused]).toEqual([[['1', '2']], undefined]);
  });

  test('are records where they are not declared', async () => {
    expect((await readCsv('A\n#1\n')).cells).toEqual([['#1']]);
  });
});

describe('rows that are ignored', () => {
  const content = 'SKU,Qty\nA,1\nTOTAL,1\n, Sum of it,\nB,"2" x\nTotals "odd" x,"\n';
  const options = { ignore: ['TOTAL', 'Sum', 'Totals'] };

  test('are told by their first value, counted, and take a number', async () => {
    const { records, events, notes, issues } = await readCsv(`${content.slice(0, -1)}"\n`, options);
    expect(records.map(({ seq, line }) => [seq, line])).toEqual([
      [0, 2],
      [3, 5],
    ]);
    expect(issues.map(({ code }) => code)).toEqual(['bad-quote']);
    expect(events.find(({ kind }) => kind === 'ignored')).toMatchObject({ records: 3 });
    expect(notes.map(said)).toEqual([
      'orders.csv line 3: 3 rows that begin with "TOTAL" or "Sum" or "Totals"; skipped.',
    ]);
  });

  test('do not make a file uneven', async () => {
    const totals = 'TOTAL,1,2,3\n'.repeat(30);
    expect((await readCsv(`A,B\n1,2\n${totals}`, options)).refused).toBeUndefined();
  });
});
