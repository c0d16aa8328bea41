import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import type { Dialect } from '../../../src/formats/csv/options.ts';
import { Splitter, type Chunk } from '../../../src/formats/csv/split.ts';

const commas: Dialect = { delimiter: ',', quote: '"', escape: '"', comment: undefined, trim: false };

interface Cut {
  readonly text: string;
  readonly end: string;
  readonly line: number;
}

function records(chunk: Chunk): Cut[] {
  return chunk.starts.map((start, index) => {
    const end = chunk.ends[index] ?? 0;
    return {
      text: chunk.source.slice(start, end),
      end: chunk.source.slice(end, chunk.nexts[index]),
      line: chunk.lines[index] ?? 0,
    };
  });
}

function split(
  pieces: readonly string[],
  dialect: Dialect = commas,
): { cuts: Cut[]; body: string; openQuote: number | undefined } {
  const splitter = new Splitter(dialect);
  const chunks = [...pieces.map((piece) => splitter.push(piece)), splitter.finish()];
  return {
    cuts: chunks.flatMap(records),
    body: chunks.map(({ body }) => body).join(''),
    openQuote: splitter.pending().openQuote,
  };
}

test('CRLF, LF and CR all end a record, and each keeps its own', () => {
  expect(split(['a\r\nb\nc\rd']).cuts).toEqual([
    { text: 'a', end: '\r\n', line: 1 },
    { text: 'b', end: '\n', line: 2 },
    { text: 'c', end: '\r', line: 3 },
    { text: 'd', end: '', line: 4 },
  ]);
});

test('blank lines are no records but count as lines', () => {
  expect(split(['\r\na\n\n \t \nb\r\rc\n\n']).cuts.map(({ text, line }) => [text, line])).toEqual([
    ['a', 2],
    ['b', 5],
    ['c', 7],
  ]);
});

test('a line of tabs is a record where tabs delimit', () => {
  expect(split(['a\tb\n\t\n']).cuts).toHaveLength(1);
  expect(split(['a\tb\n\t\n'], { ...commas, delimiter: '\t' }).cuts).toHaveLength(2);
});

test('line ends inside quotes belong to the value and count as lines', () => {
  expect(split(['"a\r\nb\rc\nd",e\nf\n']).cuts.map(({ text, line }) => [text, line])).toEqual([
    ['"a\r\nb\rc\nd",e', 1],
    ['f', 5],
  ]);
});

test('a quote opens only where a value starts', () => {
  expect(split(['5" pipe,6" pipe\nb\n']).cuts.map(({ text }) => text)).toEqual(['5" pipe,6" pipe', 'b']);
  expect(split(['"a"b,"c\nd"\ne\n']).cuts.map(({ text }) => text)).toEqual(['"a"b,"c\nd"', 'e']);
});

test('an escape that is not the quote hides the next character', () => {
  const dialect = { ...commas, escape: '\\' };
  expect(split([String.raw`"a\"` + '\n' + String.raw`b\\"` + '\nc\n'], dialect).cuts.map(({ text }) => text)).toEqual([
    String.raw`"a\"` + '\n' + String.raw`b\\"`,
    'c',
  ]);
});

test('without a quote character every line is a record', () => {
  expect(split(['"a\nb"\n'], { ...commas, quote: undefined }).cuts).toHaveLength(2);
});

test('a final Ctrl-Z is dropped', () => {
  expect(split(['a\r\n\u001a']).cuts).toHaveLength(1);
  expect(split(['a\u001a']).cuts).toEqual([{ text: 'a', end: '', line: 1 }]);
});

test('an open quote is known by its place', () => {
  expect(split(['a,"b\nc']).openQuote).toBe(2);
});

const alphabet = fc.constantFrom('a', ',', '"', '\r', '\n', '\r\n', ' ', '\\', '""', 'é', '\u001a');
const texts = fc.array(alphabet, { maxLength: 60 }).map((parts) => parts.join(''));
const escapes = fc.constantFrom('"', '\\');

test('however the text is cut, the records are the same', () => {
  fc.assert(
    fc.property(texts, escapes, fc.array(fc.nat(8), { maxLength: 70 }), (text, escape, sizes) => {
      const dialect = { ...commas, escape };
      const whole = split([text], dialect);
      expect(
        split(
          Array.from({ length: text.length }, (_, index) => text.charAt(index)),
          dialect,
        ),
      ).toEqual(whole);
      const pieces: string[] = [];
      let from = 0;
      for (const size of sizes) pieces.push(text.slice(from, (from += size)));
      expect(split([...pieces, text.slice(from)], dialect)).toEqual(whole);
    }),
    { numRuns: 500 },
  );
});

test('nothing but blank lines is lost, and every line number is where the record stands', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const { cuts, body } = split([text]);
      expect(cuts.map((cut) => cut.text + cut.end).join('')).toBe(body);
      let from = 0;
      for (const cut of cuts) {
        const at = text.indexOf(cut.text + cut.end, from);
        expect(text.slice(from, at).replaceAll('\u001a', '').trim()).toBe('');
        expect(text.slice(0, at).split(/\r\n|\r|\n/)).toHaveLength(cut.line);
        from = at + cut.text.length + cut.end.length;
      }
    }),
    { numRuns: 500 },
  );
});
