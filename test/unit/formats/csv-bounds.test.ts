import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';

import type { FormatOptions } from '../../../src/core/format.ts';
import { defaultLimits } from '../../../src/core/limits.ts';
import type { ReadEvent } from '../../../src/core/record.ts';
import { csv } from '../../../src/formats/csv/csv.ts';
import { said } from './csv-help.ts';

const BLOCK = 64 * 1024;
const GIGABYTE = 1024 ** 3;
const { recordCharacters } = defaultLimits;

interface Reading {
  readonly events: readonly ReadEvent[];
  /** Bytes that were asked for. */
  readonly taken: number;
  readonly tookMs: number;
}

/** Reads a head and then a gigabyte of one thing, in blocks that are always the same bytes. */
async function readEndless(head: Uint8Array, filling: Uint8Array, options: FormatOptions = {}): Promise<Reading> {
  let taken = 0;
  async function* source(): AsyncGenerator<Uint8Array, void, void> {
    yield head;
    for (; taken < GIGABYTE; taken += filling.length) yield await Promise.resolve(filling);
  }
  const startMs = performance.now();
  const events = await Array.fromAsync(csv.read(source(), options, { file: 'orders.csv', limits: defaultLimits }));
  return { events, taken, tookMs: performance.now() - startMs };
}

const fill = (text: string, encoding = 'utf-8'): Buffer => {
  const unit = iconv.encode(text, encoding);
  return Buffer.alloc(Math.floor(BLOCK / unit.length) * unit.length, unit);
};

describe('a gigabyte without an end is refused where the bound is reached', () => {
  const head = Buffer.from('OrderNo,Qty,Note\nA1,2,x\nA2,3,');
  const line = 'orders.csv line 3: the record is longer than the limit; expected at most 1048576 characters.';
  const quote = 'orders.csv line 3 column Note: a quote is opened here and not closed within 1048576 characters.';

  test.each([
    ['a line of values', head, fill(','), {}, line],
    ['a value', head, fill('x'), {}, line],
    ['a quoted value', Buffer.concat([head, Buffer.from('"')]), fill('x'), {}, quote],
    ['a quoted value of lines', Buffer.concat([head, Buffer.from('"')]), fill('a,b\r\n'), {}, quote],
    ['doubled quotes', Buffer.concat([head, Buffer.from('"')]), fill('""'), {}, quote],
    ['escaped quotes', Buffer.concat([head, Buffer.from('"')]), fill(String.raw`\"`), { escape: '\\' }, quote],
    ['quotes inside a value', head, fill('x"'), {}, line],
    ['blanks before a quote', head, fill(' '), { trim: true }, line],
    ['blanks and quotes', head, fill('  "'), { trim: true }, /line 3|within 1048576/],
    ['a comment', Buffer.from('A,B\n1,2\n#'), fill('x'), { comment: '#' }, line],
    ['a blank line', Buffer.from('A,B\n1,2\n'), fill(' '), {}, line],
    ['an end mark', Buffer.from('A,B\n1,2\n'), fill('\u001a'), {}, line],
    ['title rows', Buffer.from('Report\n'), fill('x\n'), { header: { line: 9_999_999 } }, /rows that are no records/],
    ['rows to skip', Buffer.from('A,B\n'), fill('x\n'), { skip: 9_999_999 }, /rows that are no records/],
    ['bytes that are no text', head, Buffer.alloc(BLOCK, 0xe9), { onBad: 'replace' }, line],
  ] as const)('%s', async (_name, start, filling, options, message) => {
    const { events, taken, tookMs } = await readEndless(start, filling, options);
    const last = events.at(-1);
    expect(last?.kind).toBe('refused');
    const text = said(last?.kind === 'refused' ? last.issue : undefined);
    if (typeof message === 'string') expect(text).toContain(message);
    else expect(text).toMatch(message);
    // What is asked for beyond the bound is at most the block that reaches it and the one that is being cut off it.
    expect(taken).toBeLessThanOrEqual(recordCharacters + 2 * BLOCK);
    // A gigabyte takes far longer, and a busy machine less.
    expect(tookMs).toBeLessThan(5000);
  });

  test.each(['utf-16le', 'ebcdic-037'])('in %s', async (encoding) => {
    const isWide = encoding === 'utf-16le';
    const start = isWide ? iconv.encode('A,B\n1,2\n', encoding) : Buffer.from([0xc1, 0x6b, 0xc2, 0x15]);
    const filling = isWide ? fill('x', encoding) : Buffer.alloc(BLOCK, 0xa7);
    const { events, taken } = await readEndless(start, filling, { encoding });
    expect(events.at(-1)).toMatchObject({ kind: 'refused', issue: { code: 'line-too-long' } });
    expect(taken).toBeLessThanOrEqual((isWide ? 2 : 1) * recordCharacters + 2 * BLOCK);
  });
});

test('a bad byte at the head of a gigabyte is refused without reading it all', async () => {
  const start = Buffer.concat([Buffer.from('A,B\n1,Ren'), Buffer.from([0xe9]), Buffer.from('\n')]);
  const { events, taken } = await readEndless(start, fill('1,2\n'));
  const last = events.at(-1);
  expect(said(last?.kind === 'refused' ? last.issue : undefined)).toContain('It looks like windows-1252 ("René")');
  expect(taken).toBeLessThan(32 * 1024 * 1024);
});
