import { isAscii, isUtf8 } from 'node:buffer';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import type { FormatOptions } from '../../../src/core/format.ts';
import { createTextWriter } from '../../../src/formats/text/encodings.ts';
import { read, rejectSheet, valuesOf, write } from './fixed-help.ts';

const ALPHABETS: Readonly<Record<string, string>> = {
  'utf-8': 'aZ9 .-#|,"äß€東😀',
  'utf-16le': 'aZ9 .-#|,"äß€東😀',
  'windows-1252': 'aZ9 .-#|,"äß€',
  cp850: 'aZ9 .-#|,"äß',
  shift_jis: 'aZ9 .-#|,"東ｱ',
  gb18030: 'aZ9 .-#|,"東ä😀',
  'ebcdic-037': 'aZ9 .-#|,"äß¢',
  'ebcdic-500': 'aZ9 .-#|,"äß¢',
};

const writers = new Map(Object.keys(ALPHABETS).map((encoding) => [encoding, createTextWriter(encoding)]));

interface Field {
  readonly gap: number;
  readonly length: number;
  readonly pad: ' ' | '0' | 'x';
  readonly align: 'left' | 'right';
}
interface Layout {
  readonly encoding: string;
  readonly unit: 'characters' | 'bytes';
  readonly lineEnd: 'lf' | 'crlf' | 'cr' | 'none';
  readonly fields: readonly Field[];
  readonly rows: readonly (readonly string[])[];
}

const field: fc.Arbitrary<Field> = fc
  .record({
    gap: fc.nat(3),
    length: fc.integer({ min: 4, max: 12 }),
    pad: fc.constantFrom(' ', '0', 'x'),
    align: fc.constantFrom('left', 'right'),
  })
  .map((given) => (given.pad === '0' ? { ...given, align: 'right' } : given));

const layout: fc.Arbitrary<Layout> = fc
  .record({
    // The tables of double-byte encodings take their time.
    encoding: fc.oneof(
      {
        weight: 12,
        arbitrary: fc.constantFrom('utf-8', 'utf-16le', 'windows-1252', 'cp850', 'ebcdic-037', 'ebcdic-500'),
      },
      { weight: 1, arbitrary: fc.constantFrom('shift_jis', 'gb18030') },
    ),
    unit: fc.constantFrom('characters', 'bytes'),
    lineEnd: fc.constantFrom('lf', 'crlf', 'cr', 'none'),
    fields: fc.array(field, { minLength: 1, maxLength: 6 }),
  })
  .map((shape) => ({ ...shape, fields: shape.fields.map((each) => widened(each, shape)) }))
  .chain((shape) =>
    fc
      .array(fc.tuple(...shape.fields.map((each, index) => valueOf(each, index, shape))), {
        minLength: 1,
        maxLength: 12,
      })
      .map((rows) => ({ ...shape, rows })),
  );

/** In UTF-16 a character takes two bytes. */
function widened(each: Field, { encoding, unit }: Pick<Layout, 'encoding' | 'unit'>): Field {
  const isWide = unit === 'bytes' && encoding === 'utf-16le';
  return isWide ? { ...each, gap: each.gap * 2, length: each.length * 2 } : each;
}

/** A value that the field holds whole, and that is not all padding; the first of a row is not empty. */
function valueOf({ length, pad }: Field, index: number, shape: Omit<Layout, 'rows'>): fc.Arbitrary<string> {
  if (pad === '0') return fc.integer({ min: -999, max: 9999 }).map(String);
  const { encoding, unit } = shape;
  const measure = (text: string): number =>
    unit === 'bytes' ? (writers.get(encoding)?.(text, () => '?').length ?? 0) : Array.from(text).length;
  const letter = fc.constantFrom(...Array.from(ALPHABETS[encoding] ?? 'a'));
  return fc.array(letter, { maxLength: 12 }).map((letters) => {
    let text = index === 0 ? 'A' : '';
    for (const each of letters) if (measure(text + each) <= length) text += each;
    return text.trim();
  });
}

const columnsOf = ({ fields }: Layout): readonly string[] => fields.map((_, index) => `column${index}`);

function placed({ fields }: Layout): readonly (readonly [string, object])[] {
  let at = 1;
  return fields.map(({ gap, length, pad, align }, index) => {
    at += gap;
    const place = { at, length, pad, align };
    at += length;
    return [`column${index}`, place];
  });
}

function options(given: Layout): { read: FormatOptions; write: FormatOptions } {
  const fields = Object.fromEntries(placed(given));
  const { encoding, unit, lineEnd } = given;
  return {
    write: { fields, encoding, unit, lineEnd },
    read: { fields, encoding, unit, ...(lineEnd === 'none' ? { lineEnds: 'none' } : {}) },
  };
}

const shown = (rows: Awaited<ReturnType<typeof read>>): readonly (readonly string[])[] =>
  valuesOf(rows).map((record) => Object.values(record));

test('what is written is read again, whatever the layout, the encoding and the content', async () => {
  await fc.assert(
    fc.asyncProperty(layout, async (given) => {
      const { read: how, write: written } = options(given);
      const bytes = await write(given.rows, columnsOf(given), written);
      // Two odd characters of windows-1252 can be one of UTF-8: no file of orders is made of them alone.
      fc.pre(how['encoding'] === undefined || how['encoding'] === 'utf-8' || isAscii(bytes) || !isUtf8(bytes));
      const reading = await read(bytes, how);
      expect([reading.refused, reading.issues, reading.notes]).toEqual([undefined, [], []]);
      expect(shown(reading)).toEqual(given.rows);
    }),
    { numRuns: 200 },
  );
});

test('a reject sheet of all records says what they said', async () => {
  await fc.assert(
    fc.asyncProperty(layout, fc.string(), async (given, reason) => {
      const { read: how, write: written } = options(given);
      const bytes = await write(given.rows, columnsOf(given), written);
      const all = given.rows.map((_, index) => index);
      const sheet = await rejectSheet(bytes, all, how, ['too-long', 'column0', reason]);
      expect(shown(await read(sheet, how))).toEqual(given.rows);
    }),
    { numRuns: 100 },
  );
});

test('a file cut off anywhere has no record without an issue that was not in the whole', async () => {
  await fc.assert(
    fc.asyncProperty(layout, fc.double({ min: 0, max: 1, noNaN: true }), async (given, share) => {
      const { read: how, write: written } = options(given);
      const bytes = await write(given.rows, columnsOf(given), written);
      const reading = await read(bytes.subarray(0, Math.floor(bytes.length * share)), how);
      const sound = shown(reading).filter((_, index) => reading.records[index]?.issues === undefined);
      expect(sound).toEqual(given.rows.slice(0, sound.length));
      expect(reading.records.length - sound.length).toBeLessThanOrEqual(1);
    }),
    { numRuns: 200 },
  );
});

test('one character too many or too few in a line is an issue of that line and of no other', async () => {
  const rows = fc.array(fc.stringMatching(/^[a-z]{3}[1-9]{4}[A-Z]{5}$/), { minLength: 2, maxLength: 8 });
  const how = { fields: { Sku: [1, 3], Qty: { at: 4, length: 4, align: 'right' }, Name: [8, 5] }, short: 'reject' };
  await fc.assert(
    fc.asyncProperty(rows, fc.nat(), fc.nat(11), fc.boolean(), async (lines, which, at, isMore) => {
      const target = which % lines.length;
      const damaged = lines.map((line, index) => {
        if (index !== target) return line;
        return line.slice(0, at) + (isMore ? 'q' : '') + line.slice(isMore ? at : at + 1);
      });
      expect((await read(`${damaged.join('\n')}\n`, how)).issues).toEqual([`${target + 1} wrong-length`]);
    }),
    { numRuns: 200 },
  );
});

test('damaged bytes give located issues and never throw', async () => {
  const edits = fc.array(fc.record({ at: fc.nat(), cut: fc.nat(8), put: fc.uint8Array({ maxLength: 6 }) }), {
    minLength: 1,
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(layout, edits, async (given, damage) => {
      const { read: how, write: written } = options(given);
      let bytes: Uint8Array = await write(given.rows, columnsOf(given), written);
      for (const { at, cut, put } of damage) {
        const start = at % (bytes.length + 1);
        bytes = Buffer.concat([bytes.subarray(0, start), put, bytes.subarray(start + cut)]);
      }
      const { events, records, refused } = await read(bytes, how);
      expect(events.findIndex(({ kind }) => kind === 'refused')).toBeOneOf([-1, events.length - 1]);
      for (const { where } of records.flatMap(({ issues = [] }) => issues)) {
        expect(where.line).toBeGreaterThan(0);
        expect(where.file).toBe('orders.txt');
      }
      expect(refused?.where.file ?? 'orders.txt').toBe('orders.txt');
      expect(records.map(({ seq }) => seq)).toEqual([...records.keys()]);
    }),
    { numRuns: 200 },
  );
});
