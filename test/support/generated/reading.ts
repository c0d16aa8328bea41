import type { Bytes, FormatOptions, RejectRow } from '../../../src/core/format.ts';
import type { Issue } from '../../../src/core/issue.ts';
import { defaultLimits } from '../../../src/core/limits.ts';
import type { DataRecord, RawRecord, ReadEvent } from '../../../src/core/record.ts';
import { formats } from '../../../src/formats/index.ts';
import { pick, type Seed } from './content.ts';
import type { FormatName } from './generated-file.ts';

/** What a reader said of a file. */
export interface Reading {
  readonly columns: Readonly<Record<string, readonly string[]>>;
  readonly records: readonly DataRecord[];
  readonly passedOver: number;
  readonly notices: readonly Issue[];
  readonly refused: Issue | undefined;
  readonly events: readonly ReadEvent[];
}

/** What is read: bytes, and how. */
export interface Source {
  readonly format: FormatName;
  readonly options: FormatOptions;
  readonly bytes: Uint8Array;
}

const FILE = 'generated';
const context = { file: FILE, limits: defaultLimits };
const LONGEST_MS = 5000;
// Pieces of one byte of a large file would measure nothing but the loop around them.
const SIZES = [64 * 1024, 1, 7, 1000, 65_537, 333] as const;

async function* inPieces(bytes: Uint8Array, cuts: Seed): AsyncGenerator<Uint8Array, void, void> {
  let turn = 0;
  for (let from = 0; from < bytes.length;) {
    const drawn = pick(SIZES, cuts[turn++ % Math.max(cuts.length, 1)] ?? 0);
    const size = bytes.length > 20_000 ? Math.max(drawn, 900) : drawn;
    yield await Promise.resolve(bytes.subarray(from, from + size));
    from += size;
  }
}

export function formatOf(name: FormatName) {
  const format = formats.get(name);
  if (format === undefined) throw new Error(`no format ${name}`);
  return format;
}

export async function readFile({ format, options, bytes }: Source, cuts: Seed): Promise<Reading> {
  const events = await inTime(Array.fromAsync(formatOf(format).read(inPieces(bytes, cuts), options, context)));
  const issues = (kind: 'notice' | 'refused'): Issue[] =>
    events.flatMap((event) => (event.kind === kind ? [event.issue] : []));
  return {
    events,
    columns: Object.fromEntries(
      events.flatMap((event) => (event.kind === 'header' ? [[event.type ?? '', event.columns] as const] : [])),
    ),
    records: events.flatMap((event) => (event.kind === 'records' ? event.records : [])),
    passedOver: events.reduce((sum, event) => sum + (event.kind === 'ignored' ? event.records : 0), 0),
    notices: issues('notice'),
    refused: issues('refused')[0],
  };
}

export function readRaw({ format, options, bytes }: Source, cuts: Seed): Promise<RawRecord[]> {
  return inTime(Array.fromAsync(formatOf(format).readRaw(inPieces(bytes, cuts), options, context)));
}

const REASONS = ['dray_code', 'dray_column', 'dray_reason'] as const;

export async function writeRejects(
  { format, options }: Omit<Source, 'bytes'>,
  rows: readonly RejectRow[],
): Promise<Uint8Array> {
  return inTime(collect(formatOf(format).writeRejects(each(rows), options, REASONS)));
}

export async function writeFile(
  format: FormatName,
  rows: readonly (readonly string[])[],
  columns: readonly string[],
  options: FormatOptions,
): Promise<Uint8Array> {
  return inTime(collect(formatOf(format).write(each(rows), columns, options)));
}

async function collect(bytes: Bytes): Promise<Uint8Array> {
  return Buffer.concat(await Array.fromAsync(bytes));
}

async function* each<T>(values: readonly T[]): AsyncGenerator<T, void, void> {
  for (const value of values) yield await Promise.resolve(value);
}

/** A loop that never yields is ended from outside: see `watch.ts`. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  const startMs = performance.now();
  const answer = await work;
  const tookMs = performance.now() - startMs;
  if (tookMs > LONGEST_MS) throw new Error(`took ${Math.round(tookMs)} ms`);
  return answer;
}
