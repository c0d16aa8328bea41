import assert from 'node:assert/strict';
import { describeIssue } from '../../../src/core/issue.ts';
import type { RawRecord } from '../../../src/core/record.ts';
import type { Seed } from './content.ts';
import { asExpected, checkInStep, checkRejects } from './check-sound.ts';
import { isMistakable, type Honest } from './honest.ts';
import { readFile, readRaw, type Reading, type Source } from './reading.ts';

/**
 * Refusals of a file as a whole: it is something else, or what its reading needs is not there, and no line is to blame.
 * Every other refusal names its line.
 */
const WHOLE = new Set<string>([
  'not-text',
  'looks-like-html',
  'empty-file',
  'header-not-found',
  'not-a-workbook',
  'damaged-workbook',
  'archive-bomb',
  'no-such-sheet',
]);

/** Refusals that need no proof: a likely mistake is asked about rather than read. */
const CAUTIOUS = new Set<string>(['wrong-delimiter', 'not-text', 'looks-like-html']);

/** How what was read is compared with the bytes. */
export type Comparison = (reading: Reading, raw: readonly RawRecord[]) => void;

/** Reads a damaged file: every finding has its place, raw records are in step, and what was read is honest. */
export async function checkDamaged(source: Source, cuts: Seed, compare: Comparison): Promise<Reading> {
  const reading = await readFile(source, cuts);
  checkLocated(reading, source);
  const raw = await readRaw(source, cuts);
  checkInStep(reading, raw);
  compare(reading, raw);
  // In the sheet, U+FFFD stands as a question mark where the encoding has no such character.
  const isReplaced = reading.notices.some(({ code }) => code === 'bytes-replaced');
  const sound = reading.records.filter(({ issues }) => issues === undefined);
  if (reading.refused === undefined && !isReplaced) await checkRejects(source, { records: sound }, raw, cuts);
  return reading;
}

/** Every finding says in which file it is, every one of a record on which line, every refusal as well as it can. */
function checkLocated({ refused, records, notices, events }: Reading, { options }: Source): void {
  for (const { line, issues = [] } of records) {
    for (const issue of issues) {
      assert.ok(issue.where.file !== undefined && issue.where.line === line, `place of ${describeIssue(issue)}`);
    }
  }
  const passed = events.flatMap((event) => (event.kind === 'ignored' ? [event.issue] : []));
  for (const issue of [...notices, ...passed]) assert.ok(issue.where.file !== undefined, `file of ${issue.code}`);
  const last = events.findIndex(({ kind }) => kind === 'refused');
  assert.ok(last === -1 || last === events.length - 1, 'something follows the refusal');
  if (refused === undefined) return;
  const { file, line } = refused.where;
  const hasLine = line !== undefined && line >= 1;
  // A file that is no EBCDIC at all has no first bad byte.
  const isOther = refused.code === 'invalid-encoding' && String(options['encoding']).startsWith('ebcdic');
  const isWhole = WHOLE.has(refused.code) || isOther;
  assert.ok(file !== undefined && (hasLine || isWhole), `place of ${describeIssue(refused)}`);
}

/** Compares a table with what an honest reader finds in the same bytes. */
export function checkTable(honest: Honest, source: Source): Comparison {
  return (reading) => {
    if (reading.refused !== undefined) checkRefusal(reading.refused, honest, source);
    else if (honest.refusal !== undefined) assert.fail(`not refused: ${honest.refusal}`);
    else checkRecords(reading, honest);
  };
}

function checkRefusal(refused: NonNullable<Reading['refused']>, honest: Honest, source: Source): void {
  if (honest.refusal !== undefined || isOtherEncoding(refused, source)) return;
  const { code } = refused;
  const isBound = code === 'line-too-long' && honest.isOutOfBounds === true;
  const isCut = code === 'file-cut-off' && honest.isCutOff;
  // Where most records do not fit, the layout is wrong and not the records.
  const isMisfit = code === 'wrong-length' && honest.records.filter(({ isBad }) => isBad).length > 10;
  const isExcused = CAUTIOUS.has(code) || isBound || isCut || isMisfit;
  assert.ok(isExcused, `refused for no reason: ${describeIssue(refused)}`);
}

/** Whether a refusal says that the file is in another encoding than the declared one, and it may well be. */
export function isOtherEncoding({ code }: NonNullable<Reading['refused']>, source: Source): boolean {
  const { options, bytes } = source;
  // A byte order mark tells more than what was declared.
  const isMarked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  if (code === 'invalid-encoding' && isMarked) return true;
  if (code === 'invalid-encoding') return isMistakable(source) || String(options['encoding']).startsWith('ebcdic');
  // Of a text in UTF-16 that was declared as something else, every second character would have to be replaced.
  return code === 'contains-nul' && options['onBad'] === 'replace';
}

function checkRecords(reading: Reading, honest: Extract<Honest, { refusal: undefined }>): void {
  assert.deepEqual(reading.columns, honest.columns, 'columns');
  const found = reading.records.map((record) => {
    const isBad = record.issues !== undefined;
    return isBad ? { line: record.line, isBad } : { ...asExpected(record), isBad };
  });
  const expected = honest.records.map((record) => (record.isBad ? { line: record.line, isBad: true } : record));
  assert.deepEqual(found, expected, 'records');
  assert.equal(reading.passedOver, honest.passedOver, 'lines passed over');
  const codes = new Set<string>(reading.notices.map(({ code }) => code));
  for (const code of honest.notices) assert.ok(codes.has(code), `no notice ${code}`);
}
