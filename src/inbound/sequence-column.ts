import type { SequenceRule } from '../core/flow-rules.ts';
import type { Place } from '../core/issue.ts';
import type { DropFile } from '../core/ledger.ts';
import { columnName, createCells, createControlCheck } from '../mapping/index.ts';
import { baseName, type InboundFlow, type InboundParts } from './flow.ts';
import { isInName } from './sequence-number.ts';

/** What the beginning of a file says about its place in the sequence. */
export interface Beginning {
  /** Whether it is a reject sheet that comes back: no file of the sequence. */
  readonly isReturned: boolean;
  /** Whether the file cannot be read at all; reading it properly says why. */
  readonly isRefused: boolean;
  /** The number's text and its place; undefined when no record has one. */
  readonly cell: { readonly text: string; readonly where: Place } | undefined;
}

// The record that holds the number stands at the top; a file without it must not be read to its end twice.
const RECORDS = 1000;

/** Reads the picked file as far as its number. */
export async function readBeginning(
  file: DropFile,
  rule: SequenceRule,
  flow: InboundFlow,
  parts: InboundParts,
): Promise<Beginning> {
  const { definition } = flow.mapping;
  const name = baseName(file.path);
  const controls = createControlCheck(definition, () => name);
  const cells = createCells(definition);
  const column = columnName(rule.in, definition);
  const events = flow.format.read(parts.spool.read(file.spool), flow.readOptions(file.part), {
    file: name,
    limits: flow.limits,
  });
  let left = RECORDS;
  for await (const event of events) {
    if (event.kind === 'refused') return { isReturned: false, isRefused: true, cell: undefined };
    if (event.kind === 'header') {
      controls.header(file.part, event, event.type);
      cells.header(file.part, event, event.type);
    }
    if (event.kind !== 'records') continue;
    controls.pass(event.records, file.part);
    const { isReturned } = controls;
    if (isReturned || isInName(rule)) return { isReturned, isRefused: false, cell: undefined };
    for (const record of event.records) {
      const seen = { part: file.part, record };
      const isOwner = column.owner === undefined || record.type === column.owner;
      const [text] = isOwner && cells.has(seen, column) ? (cells.read(seen, column) ?? []) : [];
      const where = { file: name, line: record.line, column: column.column };
      if (text !== undefined) return { isReturned, isRefused: false, cell: { text, where } };
    }
    left -= event.records.length;
    if (left <= 0) break;
  }
  return { isReturned: controls.isReturned, isRefused: false, cell: undefined };
}
