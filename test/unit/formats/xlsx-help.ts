import { describeIssue, type Issue } from '../../../src/core/issue.ts';
import type { CellMark, FormatOptions, RandomAccess } from '../../../src/core/format.ts';
import { defaultLimits, type Limits } from '../../../src/core/limits.ts';
import type { DataRecord, RawRecord, ReadEvent } from '../../../src/core/record.ts';
import { xlsx } from '../../../src/formats/xlsx/xlsx.ts';

export interface Reading {
  readonly events: readonly ReadEvent[];
  readonly header: Extract<ReadEvent, { kind: 'header' }> | undefined;
  readonly columns: readonly string[] | undefined;
  readonly records: readonly DataRecord[];
  readonly cells: readonly (readonly string[] | undefined)[];
  /** Of records, as people read them. */
  readonly issues: readonly string[];
  readonly refused: Issue | undefined;
  /** Notices and rows passed over, as people read them. */
  readonly notes: readonly string[];
}

export async function readWorkbook(
  bytes: Uint8Array,
  options: FormatOptions = {},
  limits: Partial<Limits> = {},
): Promise<Reading> {
  const context = { file: 'orders.xlsx', limits: { ...defaultLimits, ...limits } };
  const events = await Array.fromAsync(xlsx.read(inPieces(bytes), options, context));
  const records = events.flatMap((event) => (event.kind === 'records' ? event.records : []));
  const header = events.find((event) => event.kind === 'header');
  return {
    events,
    header,
    columns: header?.columns,
    records,
    cells: records.map((record) => record.cells),
    issues: records.flatMap((record) => record.issues ?? []).map(describeIssue),
    refused: events.find((event) => event.kind === 'refused')?.issue,
    notes: events.flatMap((event) =>
      event.kind === 'notice' || event.kind === 'ignored' ? [describeIssue(event.issue)] : [],
    ),
  };
}

export async function readRaw(bytes: Uint8Array, options: FormatOptions = {}): Promise<RawRecord[]> {
  const context = { file: 'orders.xlsx', limits: defaultLimits };
  return Array.fromAsync(xlsx.readRaw(inPieces(bytes), options, context));
}

export async function* inPieces(bytes: Uint8Array, size = 64 * 1024): AsyncGenerator<Uint8Array, void, void> {
  for (let from = 0; from < bytes.length; from += size) yield await Promise.resolve(bytes.subarray(from, from + size));
}

export async function* each<T>(values: readonly T[]): AsyncGenerator<T, void, void> {
  for (const value of values) yield await Promise.resolve(value);
}

export async function collect(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(bytes));
}

export const REASONS = ['dray_code', 'dray_column', 'dray_reason'] as const;

/** The reject workbook of the records with the numbers given. */
export async function rejectWorkbook(
  bytes: Uint8Array,
  seqs: readonly number[],
  options: FormatOptions = {},
  marks: readonly CellMark[] = [],
): Promise<Buffer> {
  const rows = (await readRaw(bytes, options)).flatMap((raw) => {
    if (raw.seq === -1) return [{ raw }];
    return seqs.includes(raw.seq) ? [{ raw, reasons: ['not-a-number', 'Qty', 'why'], marks }] : [];
  });
  return collect(xlsx.writeRejects(each(rows), options, REASONS));
}

export async function writeWorkbook(
  rows: readonly (readonly string[])[],
  columns: readonly string[],
  options: FormatOptions = {},
): Promise<Buffer> {
  return collect(xlsx.write(each(rows), columns, options));
}

/** Random access to bytes that says whether it was closed. */
export function accessTo(bytes: Uint8Array): RandomAccess & { readonly closed: () => boolean } {
  let isClosed = false;
  return {
    size: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
    close() {
      isClosed = true;
      return Promise.resolve();
    },
    closed: () => isClosed,
  };
}
