import { describe, expect, test } from 'vitest';

import { fixed } from '../../../src/formats/fixed/fixed.ts';
import { read, valuesOf, write } from './fixed-help.ts';

const columns = ['OrderNo', 'Qty', 'Name'];
const fields = { OrderNo: 6, Qty: { length: 5, pad: '0' }, Name: { length: 6 } };

describe('records', () => {
  test('have every value at its position and their full length', async () => {
    const bytes = await write(
      [
        ['A1', '12', 'Zoe'],
        ['A2', '', ''],
      ],
      columns,
      { fields },
    );
    expect(bytes.toString()).toBe('A1    00012Zoe   \r\nA2    00000      \r\n');
  });

  test('have their positions as they are read, gaps and the rest blank', async () => {
    const placed = { Qty: [10, 4], OrderNo: [1, 6], Name: { at: 15, length: 4, align: 'right', pad: '*' } };
    const bytes = await write([['A1', '12', 'Z']], columns, { fields: placed, length: 22, lineEnd: 'lf' });
    expect(bytes.toString()).toBe('A1       12   ***Z    \n');
  });

  test('take their values from the columns by name', async () => {
    const bytes = await write([['12', 'A1']], ['Qty', 'OrderNo'], { fields: { OrderNo: 3, Qty: 3 }, lineEnd: 'lf' });
    expect(bytes.toString()).toBe('A1 12 \n');
  });

  test('have the sign of a number before its zeros', async () => {
    const bytes = await write([['-12'], ['+3'], ['-0.5']], ['Qty'], {
      fields: { Qty: { length: 6, pad: '0' } },
      lineEnd: 'lf',
    });
    expect(bytes.toString()).toBe('-00012\n+00003\n-000.5\n');
  });

  test('may follow one another without line ends', async () => {
    const options = { fields, lineEnd: 'none', encoding: 'ebcdic-037', length: 20 };
    const bytes = await write(
      [
        ['A1', '1', 'Zoe'],
        ['A2', '2', 'Max'],
      ],
      columns,
      options,
    );
    expect(bytes).toHaveLength(40);
    const reading = await read(bytes, {
      fields: { OrderNo: [1, 6], Qty: { at: 7, length: 5, pad: '0' }, Name: [12, 6] },
      lineEnds: 'none',
      length: 20,
      encoding: 'ebcdic-037',
    });
    expect(valuesOf(reading).map((record) => Object.values(record).join(' '))).toEqual(['A1 1 Zoe', 'A2 2 Max']);
  });

  test('are counted in bytes where positions are', async () => {
    const bytes = await write([['Zoë', '1']], ['Name', 'Qty'], {
      fields: { Name: 6, Qty: 2 },
      unit: 'bytes',
      lineEnd: 'lf',
    });
    expect(bytes).toEqual(Buffer.from('Zoë  1 \n'));
    expect(bytes).toHaveLength(9);
  });

  test('of none are an empty file', async () => {
    expect(await write([], columns, { fields })).toHaveLength(0);
    expect(await write([], columns, { fields, bom: true })).toEqual(Buffer.from('\ufeff'));
  });

  test('come in batches, and the source is closed when nobody wants more', async () => {
    let isClosed = false;
    async function* rows(): AsyncGenerator<readonly string[], void, void> {
      try {
        for (;;) yield await Promise.resolve(['A1', '1', 'Zoe']);
      } finally {
        isClosed = true;
      }
    }
    let pieces = 0;
    for await (const piece of fixed.write(rows(), columns, { fields })) {
      expect(piece).toHaveLength(500 * 19);
      if (++pieces === 3) break;
    }
    expect(isClosed).toBe(true);
  });
});

describe('what does not fit', () => {
  test('stops the file, by column and length and without the value', async () => {
    await expect(write([['A1', '1', 'Aleksandra']], columns, { fields })).rejects.toThrow(
      'a value of the column Name takes 10 characters and its field has 6; make the field longer, or set overflow: cut',
    );
    await expect(write([['A1', '1', 'Zoë Zoë']], columns, { fields, unit: 'bytes' })).rejects.toMatchObject({
      code: 'bad-config',
      message: expect.not.stringContaining('Zo') as string,
    });
  });

  test('is cut where that is declared, at whole characters', async () => {
    const cut = { Name: { length: 5, overflow: 'cut' }, Qty: 1 };
    const options = { fields: cut, lineEnd: 'lf' };
    expect((await write([['Aleksandra', '1']], ['Name', 'Qty'], options)).toString()).toBe('Aleks1\n');
    expect((await write([['Zoë😀xyz', '1']], ['Name', 'Qty'], options)).toString()).toBe('Zoë😀x1\n');
    expect((await write([['abcdé', '1']], ['Name', 'Qty'], { ...options, unit: 'bytes' })).toString()).toBe('abcd 1\n');
  });

  test('in a line stops the file, or becomes a blank', async () => {
    for (const value of ['a\nb', 'a\rb', 'a\tb', 'a\u0085b', 'a\u0000b', 'a\u001ab']) {
      await expect(write([[value]], ['Name'], { fields: { Name: 5 } })).rejects.toThrow(
        /the column Name holds a line break/,
      );
      const bytes = await write([[value]], ['Name'], { fields: { Name: 5 }, lineBreaks: 'blank', lineEnd: 'lf' });
      expect(bytes.toString()).toBe('a b  \n');
    }
  });

  test('in the encoding stops the file, or is replaced where that is declared', async () => {
    const options = { fields: { Name: 5 }, encoding: 'ebcdic-037', lineEnd: 'nel' };
    await expect(write([['Zoe→']], ['Name'], options)).rejects.toThrow(/U\+2192 cannot be written in ebcdic-037/);
    expect((await write([['Zoe→']], ['Name'], { ...options, replacement: '?' })).at(3)).toBe(0x6f);
    expect((await write([['Zoe']], ['Name'], options)).at(-1)).toBe(0x15);
  });

  test('columns and fields that do not agree stop it before anything is written', async () => {
    await expect(write([], columns, { fields: { OrderNo: 6, Qty: 5 } })).rejects.toThrow(
      'no field for the column Name',
    );
    await expect(write([], ['OrderNo'], { fields: { OrderNo: 6, Qty: 5 } })).rejects.toThrow('fills the field Qty');
  });
});
