import type { Format, FormatOptions, RejectRow } from '../../../src/core/format.ts';
import { describeIssue, type Issue } from '../../../src/core/issue.ts';
import type { Json } from '../../../src/core/json.ts';
import { defaultLimits, type Limits } from '../../../src/core/limits.ts';
import type { DataRecord, RawRecord, ReadEvent } from '../../../src/core/record.ts';
import { collect, each, inPieces, type Content } from './csv-help.ts';

export interface TreeReading {
  readonly events: readonly ReadEvent[];
  readonly records: readonly DataRecord[];
  /** The trees as JSON text, numbers digit for digit. */
  readonly trees: readonly (string | undefined)[];
  readonly issues: readonly Issue[];
  readonly refused: Issue | undefined;
  readonly notes: readonly Issue[];
}

export interface Reading {
  readonly options?: FormatOptions;
  readonly limits?: Partial<Limits>;
  /** Bytes in a piece. */
  readonly size?: number;
}

export async function readTrees(
  format: Format,
  content: Content | AsyncIterable<Uint8Array>,
  { options = {}, limits = {}, size }: Reading = {},
): Promise<TreeReading> {
  const bytes = typeof content === 'string' || content instanceof Uint8Array ? inPieces(content, size) : content;
  const context = { file: `orders.${format.extension}`, limits: { ...defaultLimits, ...limits } };
  const events = await Array.fromAsync(format.read(bytes, options, context));
  const records = events.flatMap((event) => (event.kind === 'records' ? event.records : []));
  return {
    events,
    records,
    trees: records.map(({ tree }) => textOf(tree)),
    issues: records.flatMap((record) => record.issues ?? []),
    refused: events.find((event) => event.kind === 'refused')?.issue,
    notes: events.flatMap((event) => (event.kind === 'notice' ? [event.issue] : [])),
  };
}

function textOf(tree: Json | undefined): string | undefined {
  return tree === undefined ? undefined : JSON.stringify(tree);
}

export async function readRawTrees(
  format: Format,
  content: Content,
  { options = {}, size }: Reading = {},
): Promise<RawRecord[]> {
  const context = { file: `orders.${format.extension}`, limits: defaultLimits };
  return Array.fromAsync(format.readRaw(inPieces(content, size), options, context));
}

export const REASONS = ['dray_code', 'dray_column', 'dray_reason'];

/** The reject sheet of the records with the numbers given. */
export async function sheetOf(
  format: Format,
  content: Content,
  seqs: readonly number[],
  options: FormatOptions = {},
  reasons: readonly string[] = ['too-long', '/Sku', 'why'],
): Promise<Buffer> {
  const raw = await readRawTrees(format, content, { options });
  const rows = raw.filter(({ seq }) => seqs.includes(seq)).map((record): RejectRow => ({ raw: record, reasons }));
  return collect(format.writeRejects(each(rows), options, REASONS));
}

export const described = (issues: readonly Issue[]): string[] => issues.map(describeIssue);

/** `line:character code` of an issue. */
export const brief = ({ code, where }: Issue): string =>
  `${where.line ?? '-'}:${where.character ?? '-'} ${code}${where.column === undefined ? '' : ` ${where.column}`}`;
