import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Bytes, Format, FormatOptions } from '../../src/core/format.ts';
import { defaultLimits } from '../../src/core/limits.ts';
import type { DataRecord, RawRecord, ReadEvent } from '../../src/core/record.ts';

export interface FormatCase {
  readonly format: Format;
  readonly options: FormatOptions;
  /** A complete file of at least two records, one of them bad if the format can say so of a single record. */
  readonly sample: Uint8Array;
  /** A file that is refused. */
  readonly refused: Uint8Array;
  /** What of a record's text a reject sheet leaves in one piece, where reasons stand inside it. Left out: all of it. */
  readonly unbroken?: (text: string) => string;
  /** A file is one record, which a reject sheet repeats whole. */
  readonly isWhole?: true;
  /** The text of a reject sheet that is no text, records as {@link Format.readRaw} tells them. */
  readonly sheetText?: (sheet: Uint8Array) => Promise<string>;
}

const context = { file: 'sample', limits: defaultLimits };
const reasons = ['dray column', 'dray code', 'dray message'];

/** What every format promises to the rest of the program. */
export function describeFormat(formatCase: FormatCase): void {
  const { format, options, sample, refused, unbroken = (text) => text, isWhole } = formatCase;
  const { sheetText = (sheet) => Promise.resolve(Buffer.from(sheet).toString()) } = formatCase;
  const read = async (bytes: Uint8Array, size?: number): Promise<ReadEvent[]> =>
    Array.fromAsync(format.read(pieces(bytes, size), options, context));
  const readRaw = async (bytes: Uint8Array): Promise<RawRecord[]> =>
    Array.fromAsync(format.readRaw(pieces(bytes), options, context));

  describe(`format ${format.name}`, () => {
    test('its options are JSON Schemas that accept none, and these', () => {
      const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
      expect(ajv.validate(format.readOptions, {})).toBe(true);
      expect(ajv.validate(format.readOptions, options)).toBe(true);
      expect(ajv.validate(format.writeOptions, {})).toBe(true);
      for (const schema of [format.readOptions, format.writeOptions]) {
        const properties = schema['properties'] as Record<string, { description?: string }>;
        for (const [name, property] of Object.entries(properties)) expect(property.description, name).toMatch(/\.$/);
      }
    });

    test('a file says the same in whatever pieces it comes', async () => {
      const whole = flatten(await read(sample));
      expect(flatten(await read(sample, 1))).toEqual(whole);
      expect(flatten(await read(sample, 7))).toEqual(whole);
    });

    test('records are numbered from 0 in the order of their lines, raw records alike', async () => {
      const records = recordsOf(await read(sample));
      expect(records.length).toBeGreaterThanOrEqual(isWhole ? 1 : 2);
      expect(records.map(({ seq }) => seq)).toEqual(records.map((_, index) => index));
      const raw = (await readRaw(sample)).filter(({ seq }) => seq >= 0);
      expect(raw.map(({ seq, line }) => [seq, line])).toEqual(records.map(({ seq, line }) => [seq, line]));
    });

    test('a refusal is the last word', async () => {
      const events = await read(refused);
      expect(events.filter(({ kind }) => kind === 'refused')).toHaveLength(1);
      expect(events.at(-1)?.kind).toBe('refused');
    });

    test('no bytes throw', async () => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
          for (const content of [bytes, Buffer.concat([sample.subarray(0, sample.length / 2), bytes])]) {
            const events = await read(content);
            expect(events.findIndex(({ kind }) => kind === 'refused')).toBeOneOf([-1, events.length - 1]);
            await readRaw(content);
          }
        }),
        { numRuns: 200 },
      );
    });

    test('a finished file is complete, a cut one open, one without bytes empty', () => {
      const ending = (bytes: Uint8Array): string => format.ending(bytes.subarray(-64), bytes.length, options);
      expect(ending(sample)).toBe('complete');
      expect(ending(sample.subarray(0, -3))).toBe('open');
      expect(ending(new Uint8Array())).toBe('empty');
    });

    test('the source is closed when its reader stops early', async () => {
      let isClosed = false;
      async function* source(): Bytes {
        try {
          for (;;) yield await Promise.resolve(sample);
        } finally {
          isClosed = true;
        }
      }
      for await (const event of format.read(source(), options, context))
        if (event.kind === (isWhole ? 'header' : 'records')) break;
      expect(isClosed).toBe(true);
    });

    test('a reject sheet holds the refused records as they came, and no others', async () => {
      const raw = await readRaw(sample);
      const last = raw.at(-1);
      const rows = raw.flatMap((record) => (record.seq === -1 ? [{ raw: record }] : []));
      const kept = last === undefined ? rows : [...rows, { raw: last, reasons: ['a', 'too-long', 'b'] }];
      const sheet = Buffer.concat(await Array.fromAsync(format.writeRejects(each(kept), options, reasons)));
      if (isWhole) return expect(sheet).toEqual(Buffer.from(sample));
      const text = await sheetText(sheet);
      expect(text).toContain(unbroken(last?.text ?? 'nothing'));
      expect(text).not.toContain(unbroken(raw.at(-2)?.text ?? ''));
    });
  });

  async function* each<T>(values: readonly T[]): AsyncGenerator<T, void, void> {
    for (const value of values) yield await Promise.resolve(value);
  }
}

async function* pieces(bytes: Uint8Array, size = 64 * 1024): Bytes {
  for (let from = 0; from < bytes.length; from += size) yield await Promise.resolve(bytes.subarray(from, from + size));
}

function recordsOf(events: readonly ReadEvent[]): DataRecord[] {
  return events.flatMap((event) => (event.kind === 'records' ? event.records : []));
}

/** Batches of records are joined: where they are cut is nobody's business. */
function flatten(events: readonly ReadEvent[]): unknown[] {
  return events.flatMap((event): unknown[] => (event.kind === 'records' ? [...event.records] : [event]));
}
