import { defaultLimits, type Limits } from '../../../src/core/limits.ts';
import { describeIssue, type Issue } from '../../../src/core/issue.ts';
import type { FormatOptions, RejectRow } from '../../../src/core/format.ts';
import type { DataRecord, RawRecord, ReadEvent } from '../../../src/core/record.ts';
import { csv } from '../../../src/formats/csv/csv.ts';

export interface Reading {
  readonly events: readonly ReadEvent[];
  readonly columns: readonly string[] | undefined;
  readonly records: readonly DataRecord[];
  readonly cells: readonly (readonly string[] | undefined)[];
  readonly issues: readonly Issue[];
  readonly refused: Issue | undefined;
  /** Notices and ignored lines. */
  readonly notes: readonly Issue[];
}

export type Content = string | Uint8Array;

const toBytes = (content: Content): Uint8Array => (typeof content === 'string' ? Buffer.from(content) : content);

/** The content in pieces of a size. */
export async function* inPieces(content: Content, size = 64 * 1024): AsyncGenerator<Uint8Array, void, void> {
  const bytes = toBytes(content);
  for (let from = 0; from < bytes.length; from += size) yield await Promise.resolve(bytes.subarray(from, from + size));
}

export async function readCsv(
  content: Content,
  options: FormatOptions = {},
  limits: Partial<Limits> = {},
  size?: number,
): Promise<Reading> {
  const events: ReadEvent[] = [];
  const context = { file: 'orders.csv', limits: { ...defaultLimits, ...limits } };
  for await (const event of csv.read(inPieces(content, size), options, context)) events.push(event);
  const records = events.flatMap((event) => (event.kind === 'records' ? event.records : []));
  const header = events.find((event) => event.kind === 'header');
  return {
    events,
    columns: header?.columns,
    records,
    cells: records.map((record) => record.cells),
    issues: records.flatMap((record) => record.issues ?? []),
    refused: events.find((event) => event.kind === 'refused')?.issue,
    notes: events.flatMap((event) => (event.kind === 'notice' || event.kind === 'ignored' ? [event.issue] : [])),
  };
}

export async function readRaw(content: Content, options: FormatOptions = {}, size?: number): Promise<RawRecord[]> {
  const context = { file: 'orders.csv', limits: defaultLimits };
  return Array.fromAsync(csv.readRaw(inPieces(content, size), options, context));
}

export async function collect(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(bytes));
}

export async function* each<T>(values: readonly T[]): AsyncGenerator<T, void, void> {
  for (const value of values) yield await Promise.resolve(value);
}

/** The reject sheet of the records with the numbers given; the header comes along. */
export async function rejectSheet(
  content: Content,
  seqs: readonly number[],
  options: FormatOptions = {},
  reasons = ['E', 'bad-quote', 'why'],
): Promise<Buffer> {
  const kept: RejectRow[] = (await readRaw(content, options)).flatMap((raw): RejectRow[] => {
    if (raw.seq === -1) return [{ raw }];
    return seqs.includes(raw.seq) ? [{ raw, reasons }] : [];
  });
  return collect(csv.writeRejects(each(kept), options, ['dray column', 'dray code', 'dray message']));
}

export const said = (issue: Issue | undefined): string => (issue === undefined ? 'nothing' : describeIssue(issue));
