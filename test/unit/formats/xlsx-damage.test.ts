import * as fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { unzip, zip } from '../../support/workbook.ts';
import { readRaw, readWorkbook, rejectWorkbook } from './xlsx-help.ts';

const directory = join(import.meta.dirname, '../../support/testdata/xlsx');
const workbooks = readdirSync(directory).map((name) => readFileSync(join(directory, name)));
const sound = await Promise.all(workbooks.map(async (bytes) => (await readWorkbook(bytes)).events));

const any = fc.integer({ min: 0, max: workbooks.length - 1 });
const places = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), fc.nat(255)), {
  minLength: 1,
  maxLength: 4,
});

function damage(bytes: Uint8Array, changes: readonly (readonly [number, number])[]): Buffer {
  const copy = Buffer.from(bytes);
  for (const [place, byte] of changes) copy[Math.floor(place * copy.length)] = byte;
  return copy;
}

test('damaged bytes are refused or do not matter: never is another value read', async () => {
  await fc.assert(
    fc.asyncProperty(any, places, async (index, changes) => {
      const { events, refused } = await readWorkbook(damage(workbooks[index] ?? Buffer.alloc(0), changes));
      if (refused === undefined) expect(events).toEqual(sound[index]);
      else expect(events.at(-1)?.kind).toBe('refused');
    }),
    { numRuns: 400 },
  );
});

test('bytes that are missing or too many are refused', async () => {
  await fc.assert(
    fc.asyncProperty(
      any,
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      fc.uint8Array({ maxLength: 8 }),
      async (index, at, more) => {
        const bytes = workbooks[index] ?? Buffer.alloc(0);
        const cut = Buffer.concat([bytes.subarray(0, Math.floor(at * bytes.length)), more]);
        expect((await readWorkbook(cut)).refused).toBeDefined();
      },
    ),
    { numRuns: 150 },
  );
});

test('parts with damaged XML inside a sound archive end in records or a refusal, and never in anything else', async () => {
  const unpacked = await Promise.all(workbooks.map(unzip));
  const options = fc.constantFrom({}, { merged: 'fill' }, { hidden: 'skip' }, { columns: { names: ['A'] } });
  await fc.assert(
    fc.asyncProperty(any, fc.nat(20), places, options, async (index, which, changes, given) => {
      const parts = unpacked[index] ?? {};
      const names = Object.keys(parts).filter((name) => /\.(xml|rels)$/.test(name));
      const name = names[which % names.length] ?? '';
      const broken = await zip({ ...parts, [name]: damage(Buffer.from(parts[name] ?? ''), changes) }, false);
      const { events } = await readWorkbook(broken, given);
      expect(events.findIndex(({ kind }) => kind === 'refused')).toBeOneOf([-1, events.length - 1]);
      const raw = await readRaw(broken, given);
      await rejectWorkbook(
        broken,
        raw.map(({ seq }) => seq),
        given,
      );
    }),
    { numRuns: 250 },
  );
});
