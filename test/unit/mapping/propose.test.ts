import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isError } from '../../../src/core/issue.ts';
import { openQuestions } from '../../../src/mapping/index.ts';
import { understandName } from '../../../src/mapping/propose/name.ts';
import { shapeOf } from '../../../src/mapping/propose/shape.ts';
import { profileOf, propose } from './propose-support.ts';

const guessOf = (...values: string[]) =>
  profileOf(
    ['x'],
    values.map((value) => [value]),
  ).columns[0]?.guess;

describe('names of columns', () => {
  test.each([
    ['OrderNo', 'orderNumber'],
    ['SALESORDERID', 'orderNumber'],
    ['Bestell-Nr.', 'orderNumber'],
    ['Auftragsnummer', 'orderNumber'],
    ['Customer PO', 'poNumber'],
    ['PO#', 'poNumber'],
    ['Ihre Bestellnummer', 'poNumber'],
    ['Art.-Nr.', 'sku'],
    ['Item', 'sku'],
    ['PRODUCTID', 'sku'],
    ['Variant SKU', 'sku'],
    ['Menge', 'quantity'],
    ['Qty Ordered', 'quantity'],
    ['Stk.', 'quantity'],
    ['QUANTITYUNIT', 'unit'],
    ['PLZ', 'postal'],
    ['ship_zip', 'postal'],
    ['SHIPTOPOSTALCODE', 'postal'],
    ['Straße', 'street'],
    ['Address1', 'street'],
    ['Adresszusatz', 'street2'],
    ['Hausnr', 'house'],
    ['Wunschtermin', 'deliverBy'],
    ['Bestelldatum', 'orderDate'],
    ['ordered_at', 'orderDate'],
    ['E-Mail', 'email'],
    ['Artikelbezeichnung', 'description'],
    ['Einzelpreis', 'price'],
    ['Bundesland', 'state'],
  ])('%s is %s', (name, concept) => {
    expect(understandName(name).concept).toBe(concept);
  });

  test('whose it is is told apart from what it is', () => {
    expect(understandName('billing_first_name')).toMatchObject({ role: 'bill', concept: 'firstName' });
    expect(understandName('Liefer-PLZ')).toMatchObject({ role: 'ship', concept: 'postal' });
    expect(understandName('City', ['BillTo'])).toMatchObject({ role: 'bill', concept: 'city' });
  });
});

describe('a few bad cells in a column', () => {
  const mixed = (good: (index: number) => string, bad: Readonly<Record<number, string>>, count = 100): string[] =>
    Array.from({ length: count }, (_, index) => bad[index] ?? good(index));

  test('leave it what it is, and are named by their lines', () => {
    expect(guessOf(...mixed((index) => `${index % 9}`, { 16: 'x', 40: 'n. v.' }))).toEqual({
      kind: 'integer',
      misfits: { count: 2, lines: [17, 41] },
    });
    expect(guessOf(...mixed((index) => `${index % 7},50`, { 3: '?' }))).toMatchObject({
      kind: 'number',
      format: '0,00',
      misfits: { count: 1, lines: [4] },
    });
    expect(guessOf(...mixed((index) => `${(index % 28) + 1}.12.2026`, { 0: 'soon', 99: 'asap' }))).toMatchObject({
      kind: 'date',
      format: 'd.M.yyyy',
      misfits: { count: 2, lines: [1, 100] },
    });
  });

  test('count by rows, however often a value comes, and no matter how late they come', () => {
    const late = mixed(
      (index) => `${index % 9}`,
      Object.fromEntries([4000, 4500, 4900, 4999].map((at) => [at, `x${at}`])),
      5000,
    );
    expect(guessOf(...late)).toEqual({ kind: 'integer', misfits: { count: 4, lines: [4001, 4501, 4901] } });
  });

  test('do not make amounts of digits with zeros in front', () => {
    expect(guessOf(...mixed((index) => `0${index}`, { 5: 'x' }))).toEqual({ kind: 'text' });
  });

  test('that are more than one in twenty make it text', () => {
    const bad = Object.fromEntries([1, 2, 3, 4, 5, 6].map((at) => [at, 'x']));
    expect(guessOf(...mixed(() => '5', bad))).toEqual({ kind: 'text' });
    expect(guessOf('5', '6', 'x')).toEqual({ kind: 'text' });
  });

  test('make what is proposed for it unsure', () => {
    const rows = mixed((index) => `${(index % 28) + 1}.12.2026`, { 5: 'soon' }).map((date, index) => [
      `A${index}`,
      'S',
      index === 7 ? 'two' : '2',
      date,
    ]);
    const { text } = propose(['OrderNo', 'SKU', 'Qty', 'ShipDate'], rows);
    expect(text).toMatch(/Quantity: Qty # sure\? .*1 cell does not fit: line 8/);
    expect(text).toMatch(/\$format: d\.M\.yyyy.*# sure\? .*1 cell does not fit: line 6/);
  });
});

describe('values of a column', () => {
  test.each<[string[], object]>([
    [['1', '20'], { kind: 'integer' }],
    [['007', '12'], { kind: 'digits' }],
    [['123456789012345678'], { kind: 'digits' }],
    [['12.5', '3'], { kind: 'number', format: undefined, others: [] }],
    [['1,5', '2,25'], { kind: 'number', format: '0,00', others: [] }],
    [['1.234,50', '3,00'], { kind: 'number', format: '0.000,00', others: [] }],
    [['12-', '5'], { kind: 'number', format: '0.00-', others: [] }],
    [['1,234', '2,345'], { kind: 'number', format: '0,00', others: expect.arrayContaining(['0,000.00']) as unknown }],
    [['24.12.2026', '01.02.2026'], { kind: 'date', format: 'dd.MM.yyyy', others: [] }],
    [['05/24/2026'], { kind: 'date', format: 'MM/dd/yyyy', others: [] }],
    [['05/04/2026'], { kind: 'date', format: 'MM/dd/yyyy', others: expect.arrayContaining(['dd/MM/yyyy']) as unknown }],
    [['20260504', '00000000', '29991231'], { kind: 'date', format: 'yyyyMMdd' }],
    [['2026-05-04T10:00:00Z'], { kind: 'date', format: 'iso', hasTime: true, isLocal: false }],
    [['true', 'FALSE'], { kind: 'boolean' }],
    [['a@b.example'], { kind: 'email' }],
    [['CAP-750', 'MUG'], { kind: 'text' }],
    [['', ' '], { kind: 'empty' }],
  ])('%j', (values, guess) => {
    expect(guessOf(...values)).toMatchObject(guess);
  });

  test('a shape shows what a value looks like and not the value', () => {
    expect(['CAP-750', 'Jürgen Groß', '01067', '東京 12', 'a\tb'].map(shapeOf)).toEqual([
      'AAA-999',
      'Aaaaaa Aaaa',
      '99999',
      'aa 99',
      'a?a',
    ]);
    expect(shapeOf('x'.repeat(5000)).length).toBeLessThan(30);
  });
});

const header = [
  'OrderNo',
  'OrderDate',
  'Company',
  'First Name',
  'Last Name',
  'Street',
  'House No',
  'City',
  'State',
  'Zip',
  'Country',
  'Item',
  'Qty',
];
const row = (number: string, item: string, quantity: string): string[] => [
  number,
  '05/24/2026',
  '',
  'Mina',
  'Okafor',
  'Harbor Lane',
  '18',
  'Dayton',
  'OH',
  '45402',
  'USA',
  item,
  quantity,
];

describe('a proposal', () => {
  test('groups rows, splits heads from lines, joins what the payload keeps together, and says nothing it is not asked', () => {
    const { proposal, map, issues } = propose(header, [
      row('A-1', 'CAP', '2'),
      row('A-1', 'MUG', '1'),
      row('A-2', 'CAP', '3'),
    ]);
    expect(issues).toEqual([]);
    expect(proposal.document).toMatchObject({ key: 'OrderNo', isGrouped: true, keyDoubt: undefined });
    expect(map).toEqual({
      DateOrdered: { $from: 'OrderDate', $as: 'date', $format: 'MM/dd/yyyy' },
      ShipTo: {
        Name: { $first: ['Company', { $join: ['First Name', 'Last Name'] }] },
        Address1: { $join: ['Street', 'House No'] },
        City: 'City',
        StateOrProvince: 'State',
        PostalCode: 'Zip',
        CountryCode: { $from: 'Country', $table: 'countryCode' },
      },
      Items: { $each: 'lines', Sku: 'Item', Quantity: 'Qty' },
    });
    expect(proposal.tables).toEqual([{ name: 'countryCode', entries: [{ text: 'USA', value: 'US', isSure: true }] }]);
    expect(openQuestions(proposal)).toEqual({ todo: [], unsure: [] });
  });

  test('rows are still brought together when there are more documents than can be told apart', () => {
    const rows = Array.from({ length: 120_000 }, (_, index) => [
      `A-${Math.floor(index / 2)}`,
      'CAP',
      String(index % 9),
    ]);
    const { proposal } = propose(
      ['OrderNo', 'Item', 'Qty'],
      [...rows, ...rows.map(([number = '', ...rest]) => [`B${number}`, ...rest])],
    );
    expect(proposal.document).toMatchObject({ key: 'OrderNo', isGrouped: true });
  });

  test('what is required and in no column refuses files until it is settled, and says so', () => {
    const { text, issues, proposal } = propose(['OrderNo', 'Colour'], [['A-1', 'red']]);
    expect(issues.filter(isError)).toEqual([]);
    expect(openQuestions(proposal).todo).toEqual(['Items.Sku', 'Items.Quantity']);
    expect(text).toMatch(/Sku: \{ \$from: TODO Items Sku, \$required: true \} # TODO required: Product id/);
    expect(text).toContain('# no field reads: Colour');
  });

  test('days and months that could change places are marked with the other reading', () => {
    const { text } = propose(['OrderNo', 'OrderDate', 'Item', 'Qty'], [['A-1', '05/04/2026', 'CAP', '1']]);
    expect(text).toMatch(/DateOrdered: .*MM\/dd\/yyyy \} # sure\? or dd\/MM\/yyyy, which reads other days/);
  });

  test('values that mean nothing are offered as empty', () => {
    const { map } = propose(
      ['OrderNo', 'OrderDate', 'Item', 'Qty'],
      [
        ['A-1', '00000000', 'CAP', '1'],
        ['A-2', '20260504', 'CAP', '1'],
      ],
    );
    expect(map['DateOrdered']).toEqual({ $from: 'OrderDate', $empty: ['00000000'], $as: 'date', $format: 'yyyyMMdd' });
  });

  test('values no list of the provider has are not translated by guess', () => {
    const columns = [...header];
    const { text, proposal } = propose(columns, [
      row('A-1', 'CAP', '1').with(10, 'Utopia'),
      row('A-2', 'CAP', '1').with(10, 'Kanada'),
    ]);
    expect(text).toContain('# TODO countryCode: what is Utopia? Until it is here it is refused.');
    expect(text).toMatch(/\n {4}Kanada: CA\n/);
    expect(openQuestions(proposal).unsure).toEqual(['tables.countryCode']);
  });

  test('zeros that a spreadsheet took away are offered back, and a person must look', () => {
    const { text } = propose(header, [row('A-1', 'CAP', '1').with(9, '7102'), row('A-2', 'CAP', '1')]);
    expect(text).toMatch(/PostalCode: \{ \$from: Zip, \$padStart: \[5, '0'\] \} # sure\? did a spreadsheet/);
  });

  test('a column whose name means something in a mapping is read under another name', () => {
    const { proposal, text, issues } = propose(['OrderNo', 'Item', '{Qty}'], [['A-1', 'CAP', '1']]);
    expect([...proposal.aliases]).toEqual([['ItemsQuantity', '{Qty}']]);
    expect(text).toContain("columns: { aliases: { ItemsQuantity: ['{Qty}'] } }");
    expect(issues).toEqual([]);
  });

  test('of two columns that fit, the other is named', () => {
    const { text } = propose(['OrderNo', 'SKU', 'Item', 'Qty'], [['A-1', 'CAP', 'C-1', '1']]);
    expect(text).toMatch(/Sku: SKU # sure\? or Item/);
  });

  test('whatever a file holds, what is written passes the check', () => {
    const words = [
      'Order',
      'No',
      'Ship',
      'Bill',
      'Zip',
      'PLZ',
      'Item',
      'Qty',
      'Menge',
      'Name',
      'Date',
      'Country',
      'Lot',
      'Weight',
      'Unit',
      'ASN',
      'Email',
      'Description',
    ];
    const name = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 3 }).map((list) => list.join(' ')),
      },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          '{a}',
          '$from',
          'a: b',
          '# x',
          "it's",
          '"q"',
          '- a',
          '*',
          '&x',
          'a.b',
          '',
          'no',
          '1e3',
          'two\nlines',
          '@',
          '%',
          '!t',
          'null',
        ),
      },
    );
    const value = fc.oneof(
      fc.constantFrom(
        '',
        '1',
        '007',
        '1,5',
        '1.234,50',
        '05/04/2026',
        '24.12.2026',
        '20260504',
        '00000000',
        'true',
        'J',
        'N',
        'DE',
        'USA',
        'NULL',
        'x: y',
        '{x}',
        '# no',
        'a\nb',
        '\u0000',
        '-',
        '"',
      ),
      fc.string({ unit: 'binary', maxLength: 8 }),
    );
    const table = fc.record({
      columns: fc.uniqueArray(name, { minLength: 1, maxLength: 9, selector: (each) => each.trim().toLowerCase() }),
      rows: fc.array(fc.array(value, { minLength: 9, maxLength: 9 }), { minLength: 1, maxLength: 5 }),
      target: fc.constantFrom(
        ['order', 'order'],
        ['purchase-order', 'purchase-order'],
        ['asn', 'asn'],
        ['product-change', 'product'],
      ),
    });
    fc.assert(
      fc.property(table, ({ columns, rows, target: [schema = '', type = ''] }) => {
        const { issues, text } = propose(columns, rows, { schema, type });
        expect({ text, errors: issues.filter(isError) }).toMatchObject({ errors: [] });
      }),
      { numRuns: 80, seed: 3 },
    );
  });
});

describe('what a file says about numbers', () => {
  const columns = ['OrderNo', 'Sku', 'Menge', 'Preis'];

  test('one column with decimal commas tells how the others write numbers', () => {
    const { text } = propose(columns, [
      ['A1', 'X', '6', '1.234,50'],
      ['A1', 'Y', '12', '4,50'],
    ]);
    expect(text.replaceAll('"', "'")).toMatch(/\{ \$from: Menge, \$format: '?0\.000,00'? \}/);
  });

  test('an error of a formula is not proposed as an empty number', () => {
    const { text } = propose(columns, [
      ['A1', 'X', '6', '1.50'],
      ['A1', 'Y', '#N/A', '4.50'],
    ]);
    expect(text).not.toContain('#N/A');
  });

  test.each([
    ['SSCC', 'sscc'],
    ['Kunde', 'name'],
    ['Customer', 'name'],
    ['Empfänger', 'name'],
  ])('%s is %s', (name, concept) => {
    expect(understandName(name).concept).toBe(concept);
  });
});
