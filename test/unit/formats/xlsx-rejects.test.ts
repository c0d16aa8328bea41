import { describe, expect, test } from 'vitest';
import { defaultLimits } from '../../../src/core/limits.ts';
import { xlsx } from '../../../src/formats/xlsx/xlsx.ts';
import { makeWorkbook, row, unzip, type Made } from '../../support/workbook.ts';
import { collect, each, REASONS, readRaw, readWorkbook, rejectWorkbook } from './xlsx-help.ts';

const data =
  row(1, ['Orders of May', '<c s="1"><v>46146</v></c>']) +
  row(3, ['OrderNo', 'Quantity', 'Ship', 'Zip', 'Gift', 'Price', 'Sum']) +
  row(5, [
    'A1',
    'two',
    '<c s="1"><v>46146</v></c>',
    '00123',
    '<c t="b"><v>1</v></c>',
    '<c s="2"><v>1.1000000000000001</v></c>',
  ]) +
  row(6, ['A2', 3, '<c s="1"/>', undefined, undefined, undefined, '<c><f>1+1</f></c>']) +
  row(7, ['A3', 4, '<c t="e"><f>B9</f><v>#REF!</v></c>', '07102', undefined, undefined, '<c><f>1+1</f><v>2</v></c>']);
const book: Made = { sheets: { Lists: row(1, ['EACH']), Orders: data }, formats: [0, 14, '#,##0.00 €'] };
const options = { sheet: 'Orders', header: { has: ['OrderNo'] }, columns: { aliases: { Qty: ['Quantity'] } } };
const bytes = await makeWorkbook(book);

const cellOf = (sheet: string | undefined, reference: string): string =>
  new RegExp(`<c r="${reference}"[^>]*?(/>|>.*?</c>)`).exec(sheet ?? '')?.[0] ?? '';

describe('a reject workbook', () => {
  test('holds the titles, the header and the refused rows, and the reasons behind them', async () => {
    const { header, cells, issues } = await readWorkbook(await rejectWorkbook(bytes, [0, 2], options), {
      ...options,
      columns: { names: ['OrderNo', 'Quantity', 'Ship', 'Zip', 'Gift', 'Price', 'Sum', ...REASONS] },
      header: {},
    });
    expect(header?.sheet?.name).toBe('Orders');
    expect(cells).toEqual([
      ['Orders of May', '2026-05-04', '', '', '', '', '', '', '', ''],
      ['OrderNo', 'Quantity', 'Ship', 'Zip', 'Gift', 'Price', 'Sum', ...REASONS],
      ['A1', 'two', '2026-05-04', '00123', 'true', '1.1', '', 'not-a-number', 'Qty', 'why'],
      ['A3', '4', '#REF!', '07102', '', '', '2', 'not-a-number', 'Qty', 'why'],
    ]);
    expect(issues).toHaveLength(1);
  });

  test('keeps text text, numbers numbers, dates dates, and shows them the same way', async () => {
    const sheet = (await unzip(await rejectWorkbook(bytes, [0, 1, 2], options)))['xl/worksheets/sheet1.xml'];
    expect(cellOf(sheet, 'D4')).toMatch(/t="inlineStr"><is><t xml:space="preserve">00123</);
    expect(cellOf(sheet, 'C4')).toMatch(/^<c r="C4" s="\d+"><v>46146<\/v><\/c>$/);
    expect(cellOf(sheet, 'E4')).toBe('<c r="E4" t="b"><v>1</v></c>');
    expect(cellOf(sheet, 'F4')).toMatch(/<v>1\.1000000000000001<\/v>/);
    expect(cellOf(sheet, 'C6')).toMatch(/t="e"><v>#REF!<\/v>/);
    expect(cellOf(sheet, 'G6')).toBe('<c r="G6"><v>2</v></c>');
    const styles = (await unzip(await rejectWorkbook(bytes, [0], options)))['xl/styles.xml'];
    expect(styles).toContain('formatCode="yyyy-mm-dd"');
    expect(styles).toContain('formatCode="#,##0.00 €"');
  });

  test('fills and notes the cells to mend, empty ones too, by the names the mapping and the file use', async () => {
    const marks = [
      { column: 'Qty', message: 'not a number <&>' },
      { column: 'Qty', message: 'and too small' },
      { column: 'zip', message: 'fill in' },
      { column: 'whatever', cell: 'C6', message: 'by its cell' },
      { column: 'Nowhere', message: 'lost' },
    ];
    const parts = await unzip(await rejectWorkbook(bytes, [1], options, marks));
    const comments = parts['xl/comments1.xml'] ?? '';
    expect([...comments.matchAll(/ref="(\w+)"[^/]*?<t [^>]*>([^<]*)</g)].map(([, cell, text]) => [cell, text])).toEqual(
      [
        ['B4', 'not a number &lt;&amp;&gt;\nand too small'],
        ['D4', 'fill in'],
        ['C4', 'by its cell'],
      ],
    );
    const drawing = parts['xl/drawings/vmlDrawing1.vml'] ?? '';
    expect(
      [...drawing.matchAll(/<x:Row>(\d+)<\/x:Row><x:Column>(\d+)</g)].map(([, at, column]) => [at, column]),
    ).toEqual([
      ['3', '1'],
      ['3', '3'],
      ['3', '2'],
    ]);
    expect(parts['xl/worksheets/_rels/sheet1.xml.rels']).toContain('../drawings/vmlDrawing1.vml');
    expect(parts['xl/worksheets/sheet1.xml']).toContain('<legacyDrawing r:id="rId1"/>');
    expect(parts['[Content_Types].xml']).toContain('/xl/comments1.xml');
    const xfs = [
      ...(parts['xl/styles.xml'] ?? '').matchAll(
        /<xf numFmtId="(\d+)" fontId="0" fillId="(\d)" borderId="0" xfId="0"/g,
      ),
    ];
    const styleOf = (cell: string): readonly unknown[] => {
      const index = Number(/s="(\d+)"/.exec(cellOf(parts['xl/worksheets/sheet1.xml'], cell))?.[1]);
      // The bold style of the header stands between the plain one and the others.
      return (xfs[index === 0 ? 0 : index - 1] ?? []).slice(1, 3);
    };
    expect(styleOf('B4')).toEqual(['0', '2']);
    // Text, so that zeros typed in front stay.
    expect(styleOf('D4')).toEqual(['49', '2']);
    // A date is typed into a cell for dates.
    expect(styleOf('C4')).toEqual(['164', '2']);
  });

  test('without marks has no notes', async () => {
    const parts = await unzip(await rejectWorkbook(bytes, [0], options));
    expect(Object.keys(parts).filter((name) => /comment|drawing|sheet1\.xml\.rels/.test(name))).toEqual([]);
    expect(parts['xl/worksheets/sheet1.xml']).not.toContain('legacyDrawing');
  });

  test('notes a thousand cells and fills all of them', async () => {
    const rows = Array.from({ length: 1200 }, (_, index) => row(index + 2, [`A${index}`, 'x'])).join('');
    const many = await makeWorkbook({ sheets: { Orders: row(1, ['OrderNo', 'Qty']) + rows } });
    const seqs = Array.from({ length: 1200 }, (_, index) => index);
    const parts = await unzip(await rejectWorkbook(many, seqs, {}, [{ column: 'Qty', message: 'no' }]));
    expect(parts['xl/comments1.xml']?.match(/<comment /g)).toHaveLength(1000);
    expect(cellOf(parts['xl/worksheets/sheet1.xml'], 'B1201')).toMatch(/ s="3"/);
  });

  test('is made of the same bytes every time, and of none without rows', async () => {
    const marks = [{ column: 'Qty', message: 'no' }];
    expect(await rejectWorkbook(bytes, [0], options, marks)).toEqual(await rejectWorkbook(bytes, [0], options, marks));
    expect(await collect(xlsx.writeRejects(each([]), options, REASONS))).toHaveLength(0);
  });
});

describe('a reject workbook that is dropped again', () => {
  const cellsOf = async (sheet: Uint8Array, more: object = options): Promise<unknown> => {
    const { cells, columns, issues, refused } = await readWorkbook(sheet, more as Record<string, unknown>);
    expect([issues, refused]).toEqual([[], undefined]);
    return { columns, cells };
  };

  test('says the same as the rows did, without the reasons', async () => {
    const sheet = await rejectWorkbook(bytes, [0], options);
    expect((await readWorkbook(sheet, options)).header?.isReturned).toBe(true);
    expect((await readWorkbook(bytes, options)).header?.isReturned).toBeUndefined();
    expect(await cellsOf(sheet)).toEqual({
      columns: ['OrderNo', 'Quantity', 'Ship', 'Zip', 'Gift', 'Price', 'Sum'],
      cells: [['A1', 'two', '2026-05-04', '00123', 'true', '1.1', '']],
    });
  });

  test('and refused again replaces the reasons', async () => {
    const twice = await rejectWorkbook(await rejectWorkbook(bytes, [0], options), [0], options);
    expect(twice).toEqual(await rejectWorkbook(bytes, [0], options));
  });

  test('has its sheet in the same place where the mapping counts sheets', async () => {
    const counted = { sheet: 2, header: { line: 3 } };
    const sheet = await rejectWorkbook(bytes, [0], counted);
    expect((await unzip(sheet))['xl/workbook.xml']).toMatch(/activeTab="1".*name="Lists".*name="Orders"/);
    expect(await cellsOf(sheet, counted)).toMatchObject({
      cells: [['A1', 'two', '2026-05-04', '00123', 'true', '1.1', '']],
    });
  });

  test('has rows that are skipped, and no header where none is expected', async () => {
    const bare = await makeWorkbook({ sheets: { A: row(1, ['title']) + row(2, ['A1', 2]) + row(3, ['A2', 'x']) } });
    const named = { skip: 1, columns: { names: ['OrderNo', 'Qty'] } };
    const sheet = await rejectWorkbook(bare, [1], named);
    expect(await cellsOf(sheet, named)).toEqual({ columns: ['OrderNo', 'Qty'], cells: [['A2', 'x']] });
    expect(await cellsOf(await rejectWorkbook(sheet, [0], named), named)).toMatchObject({ cells: [['A2', 'x']] });
    expect(await rejectWorkbook(sheet, [0], named)).toEqual(sheet);
    expect((await readWorkbook(sheet, named)).records).toMatchObject([{ seq: 0, isReturned: true }]);
    expect((await readWorkbook(bare, named)).records.map(({ isReturned }) => isReturned)).toEqual([
      undefined,
      undefined,
    ]);
    const units = await makeWorkbook({
      sheets: { A: row(1, ['OrderNo', 'Qty']) + row(2, ['', 'pieces']) + row(3, ['A1', 'x']) },
    });
    expect(await cellsOf(await rejectWorkbook(units, [0], { skip: 1 }), { skip: 1 })).toMatchObject({
      cells: [['A1', 'x']],
    });
  });

  test('still says which value stands beside the table, with the reasons behind it', async () => {
    const wide = await makeWorkbook({
      sheets: { A: row(1, ['OrderNo', 'Qty']) + row(2, ['A1', 2, undefined, 'stray']) },
    });
    const sheet = await rejectWorkbook(wide, [0], {}, [{ column: 'D', cell: 'D2', message: 'stray' }]);
    const parts = await unzip(sheet);
    expect(cellOf(parts['xl/worksheets/sheet1.xml'], 'E1')).toContain('dray_code');
    expect(parts['xl/comments1.xml']).toContain('ref="D2"');
    const { issues, columns } = await readWorkbook(sheet);
    expect(columns).toEqual(['OrderNo', 'Qty']);
    expect(issues).toEqual([expect.stringContaining('cell D2 column D: a value beside the table')]);
  });

  test('hides the columns that are skipped, shows those that are read, and counts from 1904 where the file did', async () => {
    const hidden = {
      data: row(1, ['OrderNo', 'Secret', 'Qty']) + row(2, ['A1', 's', '<c s="1"><v>1</v></c>']),
      before: '<cols><col min="2" max="2" hidden="1" width="9"/><col min="3" max="3" width="33" style="1"/></cols>',
    };
    const made = await makeWorkbook({ sheets: { A: hidden }, properties: 'date1904="1"', formats: [0, 14] });
    const skipping = await rejectWorkbook(made, [0], { hidden: 'skip' });
    expect(await cellsOf(skipping, { hidden: 'skip' })).toEqual({
      columns: ['OrderNo', 'Qty'],
      cells: [['A1', '1904-01-02']],
    });
    const sheetOf = async (sheet: Uint8Array): Promise<string> =>
      (await unzip(sheet))['xl/worksheets/sheet1.xml'] ?? '';
    expect(await sheetOf(skipping)).toContain('<col min="2" max="2" width="9" customWidth="1" hidden="1"/>');
    expect(await sheetOf(await rejectWorkbook(made, [0]))).not.toContain('hidden');
    expect(await sheetOf(skipping)).toContain('<col min="3" max="3" width="33" customWidth="1"/>');
  });
});

test('raw records are the same wherever the sheet was cut, and end where reading is refused', async () => {
  const raw = await readRaw(bytes, options);
  expect(raw.map(({ seq, line, text }) => [seq, line, text])).toEqual([
    [-1, 3, 'OrderNo\tQuantity\tShip\tZip\tGift\tPrice\tSum'],
    [0, 5, 'A1\ttwo\t2026-05-04\t00123\ttrue\t1.1'],
    [1, 6, 'A2\t3\t\t\t\t\t'],
    [2, 7, 'A3\t4\t#REF!\t07102\t\t\t2'],
  ]);
  const cut = await makeWorkbook({ sheets: { A: `${row(1, ['OrderNo'])}${row(2, ['A1'])}<row r="3"><c r="A3"><v>1` } });
  expect((await readRaw(cut)).length).toBeLessThanOrEqual(2);
  const context = { file: 'a.xlsx', limits: defaultLimits };
  expect(await Array.fromAsync(xlsx.readRaw(each([Buffer.from('no')]), {}, context))).toEqual([]);
});
