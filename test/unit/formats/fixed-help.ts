import type { Format, FormatOptions, RejectRow } from '../../../src/core/format.ts';
import { describeIssue, type Issue } from '../../../src/core/issue.ts';
import { defaultLimits, type Limits } from '../../../src/core/limits.ts';
import type { DataRecord, RawRecord, ReadEvent } from '../../../src/core/record.ts';
import { fixed } from '../../../src/formats/fixed/fixed.ts';

export type Content = string | Uint8Array;

export interface Reading {
  readonly events: readonly ReadEvent[];
  /** Columns by record type; under '' where there are none. */
  readonly columns: Readonly<Record<string, readonly string[]>>;
  readonly records: readonly DataRecord[];
  /** `line code column`, of issues of records. */
  readonly issues: readonly string[];
  readonly refused: Issue | undefined;
  /** Notices and ignored lines. */
  readonly notes: readonly Issue[];
}

/** The content in pieces of a size. */
async function* inPieces(content: Content, size = 64 * 1024): AsyncGenerator<Uint8Array, void, void> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  for (let from = 0; from < bytes.length; from += size) yield await Promise.resolve(bytes.subarray(from, from + size));
}

export async function read(
  content: Content | AsyncIterable<Uint8Array>,
  options: FormatOptions,
  limits: Partial<Limits> = {},
  format: Format = fixed,
): Promise<Reading> {
  const context = { file: 'orders.txt', limits: { ...defaultLimits, ...limits } };
  const bytes = typeof content === 'string' || content instanceof Uint8Array ? inPieces(content) : content;
  const events = await Array.fromAsync(format.read(bytes, options, context));
  const records = events.flatMap((event) => (event.kind === 'records' ? event.records : []));
  return {
    events,
    columns: Object.fromEntries(
      events.flatMap((event) => (event.kind === 'header' ? [[event.type ?? '', event.columns] as const] : [])),
    ),
    records,
    issues: records.flatMap(({ issues = [] }) =>
      issues.map(({ where, code }) => [where.line, code, where.column].filter((part) => part !== undefined).join(' ')),
    ),
    refused: events.find((event) => event.kind === 'refused')?.issue,
    notes: events.flatMap((event) => (event.kind === 'notice' || event.kind === 'ignored' ? [event.issue] : [])),
  };
}

/** Values by column as the mapping sees them: outer blanks are no part of them. */
export function valuesOf({ records, columns }: Reading): readonly Readonly<Record<string, string>>[] {
  return records.map(({ type = '', cells = [] }) =>
    Object.fromEntries((columns[type] ?? []).map((column, index) => [column, (cells[index] ?? '').trim()])),
  );
}

export async function readRaw(content: Content, options: FormatOptions): Promise<RawRecord[]> {
  return Array.fromAsync(fixed.readRaw(inPieces(content), options, { file: 'orders.txt', limits: defaultLimits }));
}

async function collect(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(bytes));
}

async function* each<T>(values: readonly T[]): AsyncGenerator<T, void, void> {
  for (const value of values) yield await Promise.resolve(value);
}

/** The reject sheet of the records with the numbers given. */
export async function rejectSheet(
  content: Content,
  seqs: readonly number[],
  options: FormatOptions,
  reasons: readonly string[] = ['not-a-number', 'Qty', 'not a number'],
): Promise<Buffer> {
  const rows: RejectRow[] = (await readRaw(content, options))
    .filter(({ seq }) => seqs.includes(seq))
    .map((raw) => ({ raw, reasons }));
  return collect(fixed.writeRejects(each(rows), options, ['dray_code', 'dray_column', 'dray_reason']));
}

export async function write(
  rows: readonly (readonly string[])[],
  columns: readonly string[],
  options: FormatOptions,
): Promise<Buffer> {
  return collect(fixed.write(each(rows), columns, options));
}

export const said = (issue: Issue | undefined): string => (issue === undefined ? 'nothing' : describeIssue(issue));
