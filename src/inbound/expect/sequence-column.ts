import type { SequenceRule } from '../../core/flow-rules.ts';
import { createIssue, type Issue, type Place } from '../../core/issue.ts';
import type { DropFile } from '../../core/ledger.ts';
import type { DataRecord, ReadEvent } from '../../core/record.ts';
import { say } from '../../core/text.ts';
import { columnName, createCells, createControlCheck, type InboundMapping } from '../../mapping/index.ts';
import { baseName, type InboundFlow, type InboundParts } from '../flow.ts';
import { isInName, sequenceNumber } from './sequence-number.ts';

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
  const numbers = numberCells(rule, definition, name);
  const events = flow.format.read(parts.spool.read(file.spool), flow.readOptions(file.part), {
    file: name,
    limits: flow.limits,
  });
  let left = RECORDS;
  for await (const event of events) {
    if (event.kind === 'refused') return { isReturned: false, isRefused: true, cell: undefined };
    if (event.kind === 'header') {
      controls.header(file.part, event, event.type);
      numbers.header(event);
    }
    if (event.kind !== 'records') continue;
    controls.pass(event.records, file.part);
    const { isReturned } = controls;
    if (isReturned || isInName(rule)) return { isReturned, isRefused: false, cell: undefined };
    for (const record of event.records) {
      const [text] = numbers.read(record);
      if (text !== undefined) return { isReturned, isRefused: false, cell: { text, where: numbers.place(record) } };
    }
    left -= event.records.length;
    if (left <= 0) break;
  }
  return { isReturned: controls.isReturned, isRefused: false, cell: undefined };
}

type HeaderEvent = Extract<ReadEvent, { kind: 'header' }>;

interface NumberCells {
  header(event: HeaderEvent): void;
  /** What a record of the picked file says where the number stands; trees may say it several times. */
  read(record: DataRecord): readonly (string | undefined)[];
  place(record: DataRecord): Place;
}

function numberCells(rule: SequenceRule, definition: InboundMapping['definition'], file: string): NumberCells {
  const cells = createCells(definition);
  const column = columnName(rule.in, definition);
  return {
    header: (event) => cells.header('', event, event.type),
    read(record) {
      const seen = { part: '', record };
      const isOwner = column.owner === undefined || record.type === column.owner;
      return isOwner && cells.has(seen, column) ? (cells.read(seen, column) ?? []) : [];
    },
    place: ({ line }) => ({ file, line, column: column.column }),
  };
}

/** Watches the picked file go by for a second number: exports that were joined would count as their first. */
export interface NumberWatch {
  header(event: HeaderEvent): void;
  /** The first time another number comes, what is wrong with it. */
  pass(records: readonly DataRecord[]): Issue | undefined;
}

/** Undefined where there is nothing to watch: numbers stand in names, or the flow takes whatever number comes. */
export function createNumberWatch(
  rule: SequenceRule | undefined,
  definition: InboundMapping['definition'],
  file: string,
): NumberWatch | undefined {
  if (rule === undefined || isInName(rule) || rule.gap === 'accept') return undefined;
  const numbers = numberCells(rule, definition, file);
  let first: number | undefined;
  let isTold = false;
  return {
    header: (event) => numbers.header(event),
    pass(records) {
      if (isTold) return undefined;
      for (const record of records) {
        for (const text of numbers.read(record)) {
          const number = sequenceNumber(text ?? '', rule);
          first ??= number;
          if (number === undefined || number === first) continue;
          isTold = true;
          const severity = rule.gap === 'warn' ? 'warning' : 'error';
          const details = { expected: say`${first ?? 0} as in the rows above`, got: text ?? '', severity } as const;
          return createIssue('sequence-mixed', numbers.place(record), details);
        }
      }
      return undefined;
    },
  };
}
