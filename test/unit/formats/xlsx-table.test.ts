import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { mistakes, realMapping } from '../mapping/read-support.ts';
import { defaultLimits } from '../../../src/core/limits.ts';
import { xlsx } from '../../../src/formats/xlsx/xlsx.ts';
import { makeWorkbook, row, type SheetXml } from '../../support/workbook.ts';
import { accessTo, inPieces, readRaw, readWorkbook } from './xlsx-help.ts';

const merge = (...areas: string[]): string =>
  `<mergeCells>${areas.map((area) => `<mergeCell ref="${area}"/>`).join('')}</mergeCells>`;
const one = (data: string | SheetXml): Promise<Buffer> => makeWorkbook({ sheets: { Orders: data } });
const table = row(1, ['OrderNo', 'Qty']) + row(2, ['A1', 2]) + row(3, ['A2', 3]);

const rest = 'document: { type: order, key: A, group: A }\nmap: { v: { $each: lines, Sku: A } }\n';

describe('the sheet', () => {
  const sheets = {
    Secret: { data: row(1, ['S']), state: 'veryHidden' },
    Cover: row(1, ['C']),
    Lists: { data: row(1, ['L']), state: 'hidden' },
    'Orders & more': row(1, ['O']),
  };
  const columnsOf = async (sheet?: string | number): Promise<unknown> => {
    const escaped = Object.fromEntries(
      Object.entries(sheets).map(([name, made]) => [name.replace('&', '&amp;'), made]),
    );
    const { columns, refused } = await readWorkbook(
      await makeWorkbook({ sheets: escaped }),
      sheet === undefined ? {} : { sheet },
    );
    return columns ?? refused;
  };

  test('is the first that is shown', async () => expect(await columnsOf()).toEqual(['C']));

  test('is found by its name, case forgiven, also when it is hidden', async () => {
    expect(await columnsOf('Orders & more')).toEqual(['O']);
    expect(await columnsOf(' orders & MORE')).toEqual(['O']);
    expect(await columnsOf('Lists')).toEqual(['L']);
  });

  test('is counted among those that are shown', async () => {
    expect(await columnsOf(1)).toEqual(['C']);
    expect(await columnsOf(2)).toEqual(['O']);
  });

  test('that is not there is named with those that are', async () => {
    expect(await columnsOf('Order')).toMatchObject({
      code: 'no-such-sheet',
      what: 'there is no sheet "Order"',
      expected: 'one of "Cover", "Orders & more"',
    });
    expect(await columnsOf(3)).toMatchObject({ code: 'no-such-sheet', what: 'there is no sheet number 3' });
  });

  test('of a workbook that shows none, or has nothing but charts, is not guessed', async () => {
    const hidden = await makeWorkbook({ sheets: { A: { data: table, state: 'hidden' } } });
    expect((await readWorkbook(hidden)).refused).toMatchObject({ code: 'no-such-sheet' });
    const relations = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="x/chartsheet" Target="worksheets/sheet1.xml"/></Relationships>`;
    const chart = await makeWorkbook({ sheets: { A: table }, parts: { 'xl/_rels/workbook.xml.rels': relations } });
    expect((await readWorkbook(chart)).refused).toMatchObject({ code: 'no-such-sheet' });
  });

  test('without content is empty, and its name is told', async () => {
    const { refused } = await readWorkbook(await one('<row r="1"><c r="A1" s="0"/></row>'));
    expect(refused).toMatchObject({
      code: 'empty-file',
      what: 'the sheet "Orders" is empty',
      where: { sheet: 'Orders' },
    });
    expect((await readWorkbook(await one(row(1, ['OrderNo'])))).notes).toEqual([
      'orders.xlsx sheet Orders: header found, no records.',
    ]);
  });
});

describe('the header', () => {
  const titled =
    row(1, ['Orders of May']) + row(3, ['Printed', 'by Jo']) + row(5, ['Order No', 'QTY']) + row(6, ['A1', 2]);

  test('is the first row with content, its names without line breaks', async () => {
    const { header, records } = await readWorkbook(await one(row(3, [' Order\nNo ', 'Qty']) + row(7, ['A1', 2])));
    expect(header).toMatchObject({ columns: ['Order No', 'Qty'], line: 3 });
    expect(records).toEqual([{ seq: 0, line: 7, cells: ['A1', '2'] }]);
  });

  test('is found by its row, or by columns it names', async () => {
    for (const header of [{ line: 5 }, { has: ['qty', 'OrderNo'] }, { has: ['Qty'], within: 5 }]) {
      const reading = await readWorkbook(await one(titled), { header });
      expect(reading.header).toMatchObject({ columns: ['Order No', 'QTY'], line: 5 });
      expect(reading.cells).toEqual([['A1', '2']]);
    }
  });

  test('that is not found is a finding of its own', async () => {
    const bytes = await one(titled);
    const codeFor = async (header: object): Promise<unknown> => (await readWorkbook(bytes, { header })).refused;
    expect(await codeFor({ line: 4 })).toMatchObject({ code: 'header-not-found', where: { line: 4, sheet: 'Orders' } });
    expect(await codeFor({ line: 99 })).toMatchObject({ code: 'header-not-found' });
    expect(await codeFor({ has: ['Qty'], within: 4 })).toMatchObject({ code: 'header-not-found' });
    expect(await codeFor({ has: ['SKU'] })).toMatchObject({ code: 'header-not-found' });
  });

  test('says which letters its columns have, empty ones in front included', async () => {
    const { header } = await readWorkbook(await one(row(1, [undefined, 'OrderNo', undefined, 'Qty', 'dray_code'])));
    expect(header?.columns).toEqual(['', 'OrderNo', '', 'Qty']);
    expect(header?.sheet).toEqual({ name: 'Orders', letters: ['A', 'B', 'C', 'D'] });
  });

  test('may be missing where the mapping names the columns', async () => {
    const { header, cells } = await readWorkbook(await one(row(4, ['A1', 2]) + row(5, ['A2'])), {
      columns: { names: ['OrderNo', 'Qty'] },
    });
    expect(header).toMatchObject({ columns: ['OrderNo', 'Qty'], line: 4 });
    expect(cells).toEqual([
      ['A1', '2'],
      ['A2', ''],
    ]);
  });

  test('is not looked for where the mapping names the columns: it says one or the other', () => {
    const rules = 'header: { line: 3 }, columns: { names: [A, B] }';
    for (const format of ['xlsx', 'csv']) {
      expect(mistakes(`read: { format: ${format}, ${rules} }\n${rest}`)).toEqual([
        expect.stringContaining('wrong-value read.columns.names cannot be set together'),
      ]);
      expect(
        mistakes(
          `read: { format: ${format}, name: "a{rest}", with: { b: { name: "b{rest}", by: A, ${rules} } } }\n${rest}`,
        ),
      ).toEqual([expect.stringContaining('wrong-value read.with.b.columns.names cannot be set together')]);
    }
  });

  test('of a companion is its own where the picked file names its columns, and the other way round', () => {
    const { definition } = realMapping(`read:
  format: xlsx
  name: "a{rest}.xlsx"
  header: { line: 3 }
  with: { b: { name: "b{rest}.xlsx", by: A, columns: { names: [A] } } }
${rest}`);
    expect(definition.read.with['b']?.options).toEqual({ columns: { names: ['A'] } });
    const other = realMapping(`read:
  format: xlsx
  name: "a{rest}.xlsx"
  columns: { names: [A], unknown: warn }
  with: { b: { name: "b{rest}.xlsx", by: A, header: { line: 3 } } }
${rest}`);
    expect(other.definition.read.with['b']?.options).toEqual({ header: { line: 3 }, columns: { unknown: 'warn' } });
  });

  test('is passed over when it comes again, and counted', async () => {
    const again = table + row(4, [' OrderNo', 'Qty']) + row(5, ['A3', 4]);
    const { records, events, notes } = await readWorkbook(await one(again));
    expect(records.map(({ seq, line }) => [seq, line])).toEqual([
      [0, 2],
      [1, 3],
      [3, 5],
    ]);
    expect(events.filter(({ kind }) => kind === 'ignored')).toHaveLength(1);
    expect(notes[0]).toMatch(/sheet Orders line 4: the header again/);
  });
});

describe('rows', () => {
  test('without content are none; the line is the row of the sheet', async () => {
    const blank = '<row r="3"><c r="A3" s="0"/><c r="B3" t="s"/></row>';
    const { records } = await readWorkbook(await one(row(1, ['OrderNo']) + row(2, ['A1']) + blank + row(9, ['A2'])));
    expect(records.map(({ line }) => line)).toEqual([2, 9]);
  });

  test('and cells that do not say where they stand follow each other', async () => {
    const bare = '<row><c><v>1</v></c><c r="C2"><v>3</v></c><c><v>4</v></c></row>';
    const { cells } = await readWorkbook(await one(row(1, ['A', 'B', 'C', 'D']) + bare));
    expect(cells).toEqual([['1', '', '3', '4']]);
  });

  test('longer than the header are named at the first cell that is too much', async () => {
    const { records, issues } = await readWorkbook(
      await one(row(1, ['OrderNo', 'Qty']) + row(2, ['A1', 2, undefined, 'x'])),
    );
    expect(records[0]).toMatchObject({ cells: ['A1', '2'], issues: [{ where: { line: 2, cell: 'D2' } }] });
    expect(issues).toEqual([
      'orders.xlsx sheet Orders cell D2 column D: a value beside the table; expected nothing to the right of column Qty, got "x". Delete the cell, or give its column a name.',
    ]);
  });

  test('below the header that are no records are skipped, and so are those that begin in a named way', async () => {
    const data =
      row(1, ['OrderNo', 'Qty']) + row(2, ['text', 'pieces']) + row(3, ['A1', 2]) + row(4, [undefined, 'TOTAL: 2']);
    const { records, notes, events } = await readWorkbook(await one(data), { skip: 1, ignore: ['TOTAL', 'Remark'] });
    expect(records).toEqual([{ seq: 0, line: 3, cells: ['A1', '2'] }]);
    expect(notes).toEqual([expect.stringMatching(/line 4: 1 row that read\.ignore names; skipped/)]);
    expect(events).toContainEqual(expect.objectContaining({ kind: 'ignored', records: 1 }));
    expect((await readRaw(await one(data), { skip: 1, ignore: ['TOTAL'] })).map(({ seq }) => seq)).toEqual([-1, 0, 1]);
  });

  test('are read from any place of the file, which is closed at the end and when its reader stops', async () => {
    const bytes = await one(table);
    for (const most of [1, Infinity]) {
      const access = accessTo(bytes);
      const source = Object.assign(inPieces(new Uint8Array()), { openRandom: () => Promise.resolve(access) });
      let count = 0;
      for await (const _ of xlsx.read(source, {}, { file: 'a.xlsx', limits: defaultLimits }))
        if (++count >= most) break;
      expect([count > 0, access.closed()]).toEqual([true, true]);
    }
  });
});

describe('merged cells', () => {
  const sheet = {
    data:
      row(1, ['OrderNo', 'Ship', 'SKU', 'Qty']) +
      row(2, ['A1', 'Dayton', 'X', 1]) +
      row(3, [undefined, undefined, 'Y', 2]) +
      row(4, ['A2', 'Akron', 'Z', 3]),
    after: merge('A2:A3', 'B2:B3', 'A9:D12'),
  };

  test('have their value in the first of them', async () => {
    expect((await readWorkbook(await one(sheet))).cells[1]).toEqual(['', '', 'Y', '2']);
  });

  test('have it in all of them where the mapping says so', async () => {
    const reading = await readWorkbook(await one(sheet), { merged: 'fill' });
    expect(reading.cells).toEqual([
      ['A1', 'Dayton', 'X', '1'],
      ['A1', 'Dayton', 'Y', '2'],
      ['A2', 'Akron', 'Z', '3'],
    ]);
    expect((await readRaw(await one(sheet), { merged: 'fill' }))[2]?.text).toBe('A1\tDayton\tY\t2');
  });

  test('that overlap or cover everything are refused', async () => {
    const overlap = { ...sheet, after: merge('A2:B3', 'B2:C3') };
    expect((await readWorkbook(await one(overlap), { merged: 'fill' })).refused?.what).toMatch(
      /merged areas overlap in row 2/,
    );
    const rows = Array.from({ length: 3000 }, (_, index) => row(index + 2, [undefined, 'x'])).join('');
    const huge = { data: row(1, ['A', 'B']) + rows, after: merge('C1:XFD1048576') };
    expect((await readWorkbook(await one(huge), { merged: 'fill' })).refused?.code).toBe('archive-bomb');
    const nonsense = { data: table, after: merge('A1:ZZZZ9') };
    expect((await readWorkbook(await one(nonsense))).refused?.code).toBe('damaged-workbook');
  });
});

describe('hidden rows and columns', () => {
  const sheet = {
    before: '<cols><col min="2" max="2" hidden="1" width="9"/><col min="9" max="16384" hidden="1"/></cols>',
    data: row(1, ['OrderNo', 'Secret', 'Qty']) + row(2, ['A1', 's', 1], 'hidden="1"') + row(3, ['A2', 't', 2]),
  };

  test('are taken, and said to be there', async () => {
    const { columns, cells, notes } = await readWorkbook(await one(sheet));
    expect([columns?.length, cells.length]).toEqual([3, 2]);
    expect(notes).toEqual([
      'orders.xlsx sheet Orders: 1 hidden row (first: 2) and 1 hidden column (B) read like the others.',
    ]);
  });

  test('are passed over where the mapping says so, and keep their number', async () => {
    const { columns, records, events, header, notes } = await readWorkbook(await one(sheet), { hidden: 'skip' });
    expect(columns).toEqual(['OrderNo', 'Qty']);
    expect(header?.sheet?.letters).toEqual(['A', 'C']);
    expect(records).toEqual([{ seq: 1, line: 3, cells: ['A2', '2'] }]);
    expect(events).toContainEqual(expect.objectContaining({ kind: 'ignored', records: 1 }));
    expect(notes).toHaveLength(2);
    expect((await readRaw(await one(sheet), { hidden: 'skip' })).map(({ seq }) => seq)).toEqual([-1, 0, 1]);
  });

  test('above the table are titles like any other', async () => {
    const titled = row(1, ['hidden title'], 'hidden="1"') + row(2, ['OrderNo']) + row(3, ['A1']);
    const { columns, records, events } = await readWorkbook(await one(titled), { hidden: 'skip' });
    expect([columns, records.length, events.filter(({ kind }) => kind === 'ignored')]).toEqual([['OrderNo'], 1, []]);
  });

  test('of a sheet without a header are counted from the first', async () => {
    const bare = row(1, ['A1'], 'hidden="1"') + row(2, ['A2']);
    const { records, events } = await readWorkbook(await one(bare), {
      hidden: 'skip',
      columns: { names: ['OrderNo'] },
    });
    expect(records).toEqual([{ seq: 1, line: 2, cells: ['A2'] }]);
    expect(events).toContainEqual(expect.objectContaining({ kind: 'ignored', records: 1 }));
  });

  test('refuse the file where the mapping says so', async () => {
    const { refused } = await readWorkbook(await one(sheet), { hidden: 'refuse' });
    expect(refused).toMatchObject({ code: 'hidden-cells', severity: 'error', what: 'a column is hidden: B' });
    const { refused: byRow } = await readWorkbook(await one(sheet.data), { hidden: 'refuse' });
    expect(byRow).toMatchObject({ code: 'hidden-cells', what: 'a row is hidden', where: { line: 2 } });
  });
});

describe('options', () => {
  const isRead = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(xlsx.readOptions);
  const isWrite = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(xlsx.writeOptions);

  test.each([
    { sheet: 0 },
    { sheet: '' },
    { sheet: 1.5 },
    { header: { line: 1, has: ['A'] } },
    { merged: 'all' },
    { hidden: true },
  ])('%o is refused', (options) => expect(isRead(options)).toBe(false));

  test.each([{ sheet: 'a/b' }, { sheet: "'a" }, { sheet: 'x'.repeat(32) }, { numbers: 'Qty' }, { dates: { A: 1 } }])(
    'writing with %o is refused',
    (options) => expect(isWrite(options)).toBe(false),
  );

  test('fit what people write', () => {
    expect(
      isRead({ sheet: 'Orders', header: { has: ['SKU', 'Qty'], within: 50 }, ignore: ['TOTAL'], hidden: 'skip' }),
    ).toBe(true);
    expect(
      isRead({ sheet: 2, header: { line: 4 }, columns: { aliases: { Qty: ['Quantity'] }, unknown: 'warn' } }),
    ).toBe(true);
    expect(isWrite({ sheet: 'May & June', numbers: ['Qty'], dates: { ShipDate: 'dd/mm/yyyy' } })).toBe(true);
  });
});
