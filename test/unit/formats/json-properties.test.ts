import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Json } from '../../../src/core/json.ts';
import { json } from '../../../src/formats/json/json.ts';
import { ndjson } from '../../../src/formats/json/ndjson.ts';
import { collect, each } from './csv-help.ts';
import { readRawTrees, readTrees, REASONS, sheetOf } from './json-help.ts';

const RUNS = { numRuns: 400 };

const word = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }).filter((text) => text.isWellFormed()),
  fc.constantFrom('__proto__', 'constructor', '', '\\', '"', '\u2028', 'é', '{', ']', '\\"'),
);
const value: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    word,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(word, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;
const blanks = fc.array(fc.constantFrom('', ' ', '\n', '\r\n', '\t', '\r', '   \n'), { minLength: 1, maxLength: 12 });

/** JSON with blanks between all its tokens. */
function spread(text: string, between: readonly string[]): string {
  let count = 0;
  const blank = (): string => between[count++ % between.length] ?? '';
  return text.replaceAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g, (token) => blank() + token + blank());
}

async function* cutAt(bytes: Uint8Array, places: readonly number[]): AsyncGenerator<Uint8Array, void, void> {
  const sorted = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  let from = 0;
  for (const to of [...sorted, bytes.length]) {
    yield await Promise.resolve(bytes.subarray(from, to));
    from = to;
  }
}

describe('any JSON', () => {
  test('with any blanks, cut anywhere, reads to the same values', async () => {
    const cuts = fc.array(fc.nat(), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.array(value, { maxLength: 6 }), blanks, cuts, async (elements, between, places) => {
        const text = spread(JSON.stringify(elements), between);
        const { trees, issues, refused } = await readTrees(json, cutAt(Buffer.from(text), places));
        expect([issues, refused]).toEqual([[], undefined]);
        expect(trees).toEqual(elements.map((element) => JSON.stringify(element)));
      }),
      RUNS,
    );
  });

  test('under a path, beside anything else, reads to the same values', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(value, { maxLength: 4 }), value, blanks, async (elements, beside, between) => {
        const whole = JSON.stringify({ a: beside, data: { b: beside, orders: elements, c: beside }, d: beside });
        const reading = await readTrees(json, spread(whole, between), { options: { path: 'data.orders' }, size: 13 });
        expect([reading.issues, reading.refused]).toEqual([[], undefined]);
        expect(reading.trees).toEqual(elements.map((element) => JSON.stringify(element)));
      }),
      RUNS,
    );
  });

  test('one on each line, reads to the same values', async () => {
    const lineEnd = fc.constantFrom('\n', '\r\n', '\r', '\n \n');
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 6 }), lineEnd, async (elements, end) => {
        const lines = elements.map((element) => ` ${JSON.stringify(element)}${end}`).join('');
        const { trees, issues } = await readTrees(ndjson, lines, { size: 7 });
        expect(issues).toEqual([]);
        expect(trees).toEqual(elements.map((element) => JSON.stringify(element)));
      }),
      RUNS,
    );
  });

  test('refused and dropped again, twice, reads to the same values', async () => {
    const content = fc.tuple(fc.array(value, { minLength: 1, maxLength: 4 }), blanks);
    await fc.assert(
      fc.asyncProperty(content, async ([elements, between]) => {
        const all = elements.map((_, index) => index);
        const lines = elements.map((element) => `${JSON.stringify(element)}\n`).join('');
        for (const [format, text] of [
          [json, spread(JSON.stringify(elements), between)],
          [ndjson, lines],
        ] as const) {
          const once = await sheetOf(format, text, all);
          const twice = await sheetOf(format, once, all, {}, ['other', '', 'say "no"\r\n\\']);
          const { trees, issues, refused } = await readTrees(format, twice);
          expect([issues, refused]).toEqual([[], undefined]);
          expect(trees).toEqual(elements.map((element) => JSON.stringify(element)));
          expect(twice.toString().split(`"${REASONS[0] ?? ''}"`)).toHaveLength(elements.length + 1);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('written from rows of text, reads to the same texts', async () => {
    const columns = ['A', 'b.c', '1', '__proto__', 'é "x"'];
    const rows = fc.array(fc.tuple(word, word, word, word, word), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(rows, fc.constantFrom('utf-8', 'utf-16le', 'ebcdic-500'), async (all, encoding) => {
        for (const format of [json, ndjson]) {
          const bytes = await collect(format.write(each(all), columns, { encoding }));
          const { records, refused } = await readTrees(format, bytes, { options: { encoding } });
          expect(refused?.code).toBe(format === ndjson && all.length === 0 ? 'empty-file' : undefined);
          const read = records.map(({ tree }) => columns.map((name) => (tree as Record<string, Json>)[name]));
          expect(read).toEqual(all);
        }
      }),
      { numRuns: 150 },
    );
  });
});

/** Rules of ours that JSON.parse does not have. */
const STRICTER = new Set([
  'duplicate-key',
  'lone-surrogate',
  'too-deep',
  'wrong-root',
  'no-records',
  'not-text',
  'contains-nul',
]);
const damage = fc.array(
  fc.record({
    at: fc.nat(),
    kind: fc.constantFrom('replace', 'insert', 'delete', 'swap'),
    byte: fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(...Buffer.from('"\\{}[],:0-.eEtfn \n\r\t'))),
  }),
  { minLength: 1, maxLength: 3 },
);

function damaged(bytes: Uint8Array, edits: readonly { at: number; kind: string; byte: number }[]): Buffer {
  let all = [...bytes];
  for (const { at, kind, byte } of edits) {
    const place = at % (all.length + 1);
    if (kind === 'insert') all.splice(place, 0, byte);
    else if (kind === 'delete') all.splice(place, 1);
    else if (kind === 'swap') all = [...all.slice(place), ...all.slice(0, place)];
    else if (place < all.length) all[place] = byte;
  }
  return Buffer.from(all);
}

function parsed(bytes: Uint8Array): { value: unknown } | undefined {
  try {
    // The end mark of DOS is no fault.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/[\u001a \t\r\n]+$/, '');
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

describe('damaged JSON', () => {
  test('is read as the engine reads it, or refused with a place, and never more leniently', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(value, { maxLength: 4 }), blanks, damage, async (elements, between, edits) => {
        const bytes = damaged(Buffer.from(spread(JSON.stringify(elements), between)), edits);
        const { records, issues, refused } = await readTrees(json, bytes, { size: 11 });
        const found = [...issues, ...(refused === undefined ? [] : [refused])];
        for (const { code, where } of found) if (code !== 'empty-file') expect(where.line).toBeGreaterThan(0);
        const engine = parsed(bytes);
        if (engine === undefined) expect(found).not.toEqual([]);
        else if (found.length > 0) expect(found.filter(({ code }) => !STRICTER.has(code))).toEqual([]);
        else {
          const trees = records.map(({ tree }) => JSON.parse(JSON.stringify(tree)) as unknown);
          expect(trees).toEqual(Array.isArray(engine.value) ? engine.value : [engine.value]);
        }
        await readRawTrees(json, bytes);
      }),
      { numRuns: 40000 },
    );
  });

  test('on one line leaves the other lines alone', async () => {
    await fc.assert(
      fc.asyncProperty(value, damage, async (middle, edits) => {
        const bad = damaged(Buffer.from(JSON.stringify(middle)), edits);
        const isLine = !bad.includes(10) && !bad.includes(13) && !bad.includes(0);
        fc.pre(isLine && parsed(Buffer.concat([Buffer.from('['), bad, Buffer.from(']')])) === undefined);
        const { trees, issues, refused } = await readTrees(
          ndjson,
          Buffer.concat([Buffer.from('{"a":1}\n'), bad, Buffer.from('\n{"b":2}\n')]),
        );
        if (refused !== undefined) expect(refused.code).toBe('invalid-encoding');
        else if (bad.toString().trim() !== '') {
          expect([trees[0], trees.at(-1)]).toEqual(['{"a":1}', '{"b":2}']);
          // Several whole values on a line are several records.
          if (trees.length === 3) expect(issues).not.toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
  });
});
