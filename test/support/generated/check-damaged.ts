import assert from 'node:assert/strict';
import { describeIssue, type Issue } from '../../../src/core/issue.ts';
import type { Seed } from './content.ts';
import { asExpected, checkInStep, checkRejects } from './check-sound.ts';
import type { Honest } from './honest.ts';
import { readFile, readRaw, type Reading, type Source } from './reading.ts';

/** Refusals of a file as a whole: it is something else, or its reading is wrong, and no line of it is to blame. */
const WHOLE = new Set([
  'not-text',
  'looks-like-html',
  'empty-file',
  'header-not-found',
  'not-a-workbook',
  'damaged-workbook',
  'workbook-too-large',
  'no-such-sheet',
]);

/** Refusals that need no proof: a likely mistake is asked about rather than read. */
const CAUTIOUS = new Set(['wrong-delimiter', 'not-text', 'looks-like-html']);

/** Reads a damaged file and compares with what an honest reader finds in the same bytes. */
export async function checkDamaged(source: Source, honest: Honest, cuts: Seed): Promise<void> {
  const reading = await readFile(source, cuts);
  checkLocated(reading);
  const raw = await readRaw(source, cuts);
  checkInStep(reading, raw);
  checkHonest(reading, honest, source);
  // In the sheet, U+FFFD stands as a question mark where the encoding has no such character.
  const isReplaced = reading.notices.some(({ code }) => code === 'bytes-replaced');
  if (reading.refused === undefined && !isReplaced) await checkRejects(source, soundOnly(reading), raw, cuts);
}

const soundOnly = ({ records }: Reading): Pick<Reading, 'records'> => ({
  records: records.filter(({ issues }) => issues === undefined),
});

/** Every finding says where it is. */
export function checkLocated({ refused, records, notices, events }: Reading): void {
  for (const { line, issues = [] } of records) {
    for (const issue of issues) {
      assert.ok(issue.where.file !== undefined && issue.where.line === line, `place of ${describeIssue(issue)}`);
    }
  }
  const others = events.flatMap((event) => (event.kind === 'ignored' ? [event.issue] : []));
  for (const issue of [...notices, ...others]) assert.ok(issue.where.file !== undefined, `file of ${issue.code}`);
  if (refused === undefined) return;
  assert.ok(refused.where.file !== undefined, `file of ${refused.code}`);
  assert.ok(WHOLE.has(refused.code) || hasLine(refused), `place of ${describeIssue(refused)}`);
}

function hasLine({ where: { line } }: Issue): boolean {
  return line !== undefined && line >= 1;
}

function checkHonest(reading: Reading, honest: Honest, { options }: Source): void {
  if (reading.refused !== undefined) {
    const { code } = reading.refused;
    const isCautious = CAUTIOUS.has(code) || (code === 'contains-nul' && options['onBad'] === 'replace');
    const isBound = code === 'line-too-long' && honest.refusal === undefined && honest.isOutOfBounds === true;
    assert.ok(honest.refusal !== undefined || isCautious || isBound, `refused for no reason: ${describeIssue(reading.refused)}`);
    return;
  }
  assert.equal(honest.refusal, undefined, 'not refused');
  if (honest.refusal !== undefined) return;
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
