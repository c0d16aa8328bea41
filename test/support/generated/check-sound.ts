import assert from 'node:assert/strict';
import type { RejectRow } from '../../../src/core/format.ts';
import { describeIssue } from '../../../src/core/issue.ts';
import type { DataRecord, RawRecord } from '../../../src/core/record.ts';
import { diceOf, type Seed } from './content.ts';
import { canonical, type Expected, type GeneratedFile } from './generated-file.ts';
import { isMistakable } from './honest.ts';
import { formatOf, readFile, readRaw, writeRejects, type Reading } from './reading.ts';

/** A sound file is read to its records, in their order, without an issue; what else is said of it is what must be said. */
export async function checkSound(file: GeneratedFile, cuts: Seed): Promise<void> {
  const reading = await readFile(file, cuts);
  if (isMistakable(file)) {
    assert.equal(reading.refused?.code, 'invalid-encoding', 'refused');
    return;
  }
  assert.deepEqual(reading.refused === undefined ? [] : [describeIssue(reading.refused)], [], 'refused');
  assert.deepEqual(issuesOf(reading), [], 'issues');
  assert.deepEqual(reading.columns, file.columns, 'columns');
  assert.deepEqual(reading.records.map(asExpected), file.records, 'records');
  assert.deepEqual(reading.notices.map(({ code }) => code).sort(), file.notices, 'notices');
  assert.equal(reading.passedOver, file.passedOver, 'lines passed over');
  checkEnding(file);
  const raw = await readRaw(file, cuts);
  checkInStep(reading, raw);
  await checkRejects(file, reading, raw, cuts);
}

function checkEnding({ format, bytes, options, notices }: GeneratedFile): void {
  // Without line ends the size of a file tells only bytes, and none of them may be a byte order mark.
  if (
    options['lineEnds'] === 'none' &&
    (options['unit'] === 'characters' || bytes[0] === 0xef || bytes[0] === 0xfe || bytes[0] === 0xff)
  )
    return;
  const ending = formatOf(format).ending(bytes.subarray(-64), bytes.length, options);
  assert.equal(ending, notices.includes('no-final-newline') ? 'open' : 'complete', 'ending');
}

export function asExpected({ line, type, cells, tree }: DataRecord): Expected {
  return {
    line,
    ...(type === undefined ? {} : { type }),
    ...(cells === undefined ? {} : { cells }),
    ...(tree === undefined ? {} : { tree: canonical(tree) }),
  };
}

function issuesOf({ records }: Pick<Reading, 'records'>): readonly string[] {
  return records.flatMap(({ issues = [] }) => issues.map(describeIssue));
}

/** Raw records are numbered from 0, and are those that were read or passed over. */
export function checkInStep(reading: Reading, raw: readonly RawRecord[]): void {
  const own = raw.filter(({ seq }) => seq >= 0);
  assert.deepEqual(
    own.map(({ seq }) => seq),
    own.map((_, index) => index),
    'numbers of raw records',
  );
  for (const { seq, line } of reading.records) {
    // Where the file is refused, either may have stopped first.
    if (reading.refused !== undefined && own[seq] === undefined) continue;
    assert.equal(own[seq]?.line, line, `line of the raw record ${seq}`);
  }
  const numbers = reading.records.map(({ seq }) => seq);
  assert.deepEqual(
    numbers,
    [...new Set(numbers)].sort((a, b) => a - b),
    'numbers of records rise',
  );
  if (reading.refused !== undefined) return;
  const passed = own.length - reading.records.length;
  assert.ok(
    passed >= 0 && passed <= reading.passedOver,
    `${passed} raw records more, ${reading.passedOver} passed over`,
  );
}

const WHYS = ['too long', 'say "no", or | leave;\r\nit', '=1+1', "it's #dray too-long|A|", 'é 東 ☃', '|'] as const;

/** Some of the records, refused and dropped again as they are, twice: they say what they said. */
export async function checkRejects(
  file: Pick<GeneratedFile, 'format' | 'options'>,
  reading: Pick<Reading, 'records'>,
  raw: readonly RawRecord[],
  cuts: Seed,
): Promise<void> {
  const dice = diceOf(cuts);
  const chosen = reading.records.filter(() => dice(3) < 2);
  if (chosen.length === 0) return;
  const once = await sheetOf(file, chosen, raw, cuts);
  const first = await checkSheet(file, once, chosen, cuts);
  if (first === undefined) return;
  const again = await readRaw({ ...file, bytes: once }, cuts);
  await checkSheet(file, await sheetOf(file, first, again, cuts), chosen, cuts);
}

async function sheetOf(
  file: Pick<GeneratedFile, 'format' | 'options'>,
  chosen: readonly DataRecord[],
  raw: readonly RawRecord[],
  cuts: Seed,
): Promise<Uint8Array> {
  const dice = diceOf(cuts);
  const numbers = new Set(chosen.map(({ seq }) => seq));
  const rows = raw.flatMap((record): RejectRow[] => {
    if (record.seq === -1) return [{ raw: record }];
    const reasons = ['too-long', 'A', WHYS[dice(WHYS.length)] ?? ''];
    return numbers.has(record.seq) ? [{ raw: record, reasons, marks: [{ column: 'A', message: 'too long' }] }] : [];
  });
  return writeRejects(file, rows);
}

/** Reads a reject sheet and compares it with the records it was made of. */
async function checkSheet(
  file: Pick<GeneratedFile, 'format' | 'options'>,
  sheet: Uint8Array,
  chosen: readonly DataRecord[],
  cuts: Seed,
): Promise<readonly DataRecord[] | undefined> {
  const reading = await readFile({ ...file, bytes: sheet }, cuts);
  // A few records may be UTF-8 where the whole file was not.
  if (isMistakable({ ...file, bytes: sheet })) return undefined;
  const refused = reading.refused === undefined ? [] : [describeIssue(reading.refused)];
  assert.deepEqual(refused, [], `reject sheet refused: ${Buffer.from(sheet).toString('latin1').slice(0, 300)}`);
  const found = reading.records.map((record, index) => withoutReasons(record, chosen[index]));
  const isFilledUp = file.format === 'fixed';
  const alike = (values: Omit<Expected, 'line'>): Omit<Expected, 'line'> =>
    isFilledUp ? withoutBlanks(values) : values;
  assert.deepEqual(found.map(alike), chosen.map(valuesOf).map(alike), 'records of the reject sheet');
  const wasSound = chosen.every(({ issues }) => issues === undefined);
  if (wasSound) assert.deepEqual(issuesOf(reading), [], 'issues of the reject sheet');
  return reading.records;
}

function valuesOf({ type, cells, tree }: DataRecord): Omit<Expected, 'line'> {
  const { line: _, ...values } = asExpected({
    seq: 0,
    line: 0,
    ...(type === undefined ? {} : { type }),
    ...(cells === undefined ? {} : { cells }),
    ...(tree === undefined ? {} : { tree }),
  });
  return values;
}

/** Short lines are filled up with blanks before their reasons; a mapping does not see them. */
function withoutBlanks(values: Omit<Expected, 'line'>): Omit<Expected, 'line'> {
  return values.cells === undefined ? values : { ...values, cells: values.cells.map((cell) => cell.trimEnd()) };
}

/** The columns of the reasons are the last, where a header names them or nobody knows how many a record has. */
function withoutReasons(record: DataRecord, before: DataRecord | undefined): Omit<Expected, 'line'> {
  const values = valuesOf(record);
  const width = before?.cells?.length ?? 0;
  const surplus = (values.cells?.length ?? 0) - width;
  return surplus === REASONS_COUNT ? { ...values, cells: values.cells?.slice(0, width) ?? [] } : values;
}

const REASONS_COUNT = 3;
