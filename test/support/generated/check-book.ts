import assert from 'node:assert/strict';
import { canonical } from './generated-file.ts';
import { asExpected } from './check-sound.ts';
import type { Reading } from './reading.ts';
import type { GeneratedBook } from './xlsx-file.ts';

/** Check sums keep what an archive holds: damaged from outside it is refused, or says what it said. */
export function checkArchive(book: GeneratedBook, reading: Reading): void {
  if (reading.refused !== undefined) return;
  assert.deepEqual(reading.columns, book.columns, 'columns');
  assert.deepEqual(reading.records.map(asExpected), book.records, 'records');
  assert.deepEqual(reading.notices.map(({ code }) => code).sort(), book.notices, 'notices');
  assert.equal(reading.passedOver, book.passedOver, 'lines passed over');
}

/**
 * A sheet that was damaged before it was packed: only records whose rows were touched may say something else. Where the row
 * of the header was, the columns show it.
 */
export function checkSheet(book: GeneratedBook, sheet: Uint8Array, reading: Reading): void {
  if (reading.refused !== undefined || canonical(reading.columns) !== canonical(book.columns)) return;
  const { from, to } = touched(book.sheet, sheet);
  const isTouched = (line: number): boolean =>
    book.rows.some((row) => row.line === line && row.from < to && row.to > from);
  // Where the row of the header was touched, another one with the same names may stand in for it.
  const head = book.records[0]?.line ?? Infinity;
  const records = book.rows.some(({ line }) => line < head && isTouched(line)) ? [] : book.records;
  const untouched = records.filter(({ line }) => !isTouched(line)).map(({ cells }) => JSON.stringify(cells));
  // In their order; others may stand between them where the damage is.
  let at = 0;
  for (const { cells, issues } of reading.records) {
    if (issues === undefined && at < untouched.length && JSON.stringify(cells) === untouched[at]) at++;
  }
  assert.equal(at, untouched.length, `a record is missing or changed that was not touched: ${untouched[at] ?? ''}`);
  const most =
    book.records.length + book.passedOver + Math.max(Math.ceil((sheet.length - book.sheet.length) / 5), 0) + 1;
  assert.ok(reading.records.length <= most, `${reading.records.length} records of ${book.records.length}`);
}

/** The part of the undamaged bytes that is not in the damaged ones; of an insertion the two bytes around it. */
function touched(before: Uint8Array, after: Uint8Array): { from: number; to: number } {
  const shorter = Math.min(before.length, after.length);
  let from = 0;
  while (from < shorter && before[from] === after[from]) from++;
  let end = 0;
  while (end < shorter - from && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { from: from - 1, to: before.length - end + 1 };
}
