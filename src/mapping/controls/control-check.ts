import { createIssue, type Issue } from '../../core/issue.ts';
import type { DataRecord } from '../../core/record.ts';
import { PICKED_PART, type Header, type InboundDefinition } from '../types.ts';
import { createCells, type Cells, type Seen } from './cells.ts';
import type { Counting } from './tally.ts';
import { isTrailerOf, watchBatchTrailer, watchFileTrailer, watchSubtotals } from './trailer.ts';
import { missingColumns } from './control-columns.ts';
import { watchColumns, watchHeaderRecord } from './header.ts';
import type { Watch, WatchContext } from './watch.ts';

/** Checks what a drop states about itself, so that a file that was cut off is refused before anything of it is sent. */
export interface ControlCheck {
  /** Whether the file is a reject sheet that comes back: totals of the first file are not those of its refused part. */
  readonly isReturned: boolean;
  /** Notes the columns of a file, or of a record type of the picked one, before its records. */
  header(part: string, header: Header & { readonly isReturned?: boolean }, type?: string): void;
  /** Takes records in the order of the drop; answers those that are no plain trailers. */
  pass(records: readonly DataRecord[], part?: string): readonly DataRecord[];
  /** At the end of the drop: what does not agree. Errors refuse it. */
  findings(documents: number): readonly Issue[];
}

type Definition = Pick<InboundDefinition, 'read' | 'document' | 'controls'>;

// A file of many batches, each wrong, must not become as many messages.
const MOST_FINDINGS = 200;

/** `fileName`: name shown in issues, by part. */
export function createControlCheck(definition: Definition, fileName: (part: string) => string): ControlCheck {
  const cells = createCells(definition);
  const context = createContext(definition, cells, fileName);
  const watches = createWatches(definition, context);
  let isReturned = false;
  let isBegun = false;
  const see = (seen: Seen): void => {
    for (const watch of watches) watch.see(seen);
  };
  /** The line of column names is a line of the file too. */
  const begin = (first: DataRecord): void => {
    isBegun = true;
    const line = cells.headerLine(PICKED_PART);
    if (line !== undefined && line < first.line) see({ part: PICKED_PART, record: { seq: HEADER_SEQ, line } });
  };
  return {
    get isReturned() {
      return isReturned;
    },
    header(part, header, type) {
      cells.header(part, header, type);
      isReturned ||= header.isReturned === true || header.columns.some((name) => REASON.test(name.trim()));
    },
    pass(records, part = PICKED_PART) {
      const [first] = records;
      isReturned ||= records.some((record) => record.isReturned === true);
      if (watches.length === 0) return records;
      if (first !== undefined && part === PICKED_PART && !isBegun) begin(first);
      return records.filter((record) => {
        const seen = { part, record };
        see(seen);
        // Trailers of a type of their own are told apart by it.
        return record.type !== undefined || !context.isTrailer(seen);
      });
    },
    findings(documents) {
      if (watches.length === 0) return [];
      if (isReturned) return [createIssue('totals-unchecked', { file: context.file })];
      const missing = missingColumns(definition, cells, context.file);
      return missing.length > 0
        ? missing
        : watches.flatMap((watch) => watch.findings(documents)).slice(0, MOST_FINDINGS);
    },
  };
}

/** Number of the header line among the records. */
const HEADER_SEQ = -1;
const REASON = /^dray_code$/i;

/** Whether the controls show for certain that the end of the file is not missing. */
export function showsWholeness({ controls = {} }: Pick<Definition, 'controls'>): boolean {
  const trailers = [controls.trailer ?? []].flat();
  const headers = [controls.header ?? []].flat();
  // Between two batches a file may end and every batch in it be whole.
  return trailers.some(({ since }) => since === undefined) || headers.some(({ record }) => record === undefined);
}

function createContext(definition: Definition, cells: Cells, fileName: (part: string) => string): WatchContext {
  const { read, document, controls = {} } = definition;
  const trailers = [controls.trailer ?? []].flat();
  const roleOf = ({ record }: Seen): string => read.records.get(record.type ?? '')?.role ?? 'part';
  const isTrailer = (seen: Seen): boolean =>
    roleOf(seen) === 'trailer' || trailers.some((rule) => isTrailerOf(rule, seen));
  const { begins } = document;
  const counting: Counting = {
    cells,
    fileName,
    isPart: (seen) =>
      seen.part === PICKED_PART && seen.record.seq !== HEADER_SEQ && roleOf(seen) === 'part' && !isTrailer(seen),
    begins: begins === undefined ? undefined : ({ record }) => record.type === begins,
  };
  return {
    definition,
    counting,
    file: fileName(PICKED_PART),
    isTrailer,
    batchOf: (seen) => trailers.find((rule) => isTrailerOf(rule, seen))?.since,
  };
}

function createWatches({ controls = {} }: Definition, context: WatchContext): readonly Watch[] {
  const trailers = [controls.trailer ?? []].flat();
  const headers = [controls.header ?? []].flat();
  return [
    ...trailers.map((rule) => {
      const { since, record } = rule;
      if (since === undefined) return watchFileTrailer(rule, context);
      return since === record ? watchSubtotals(rule, context) : watchBatchTrailer(rule, since, context);
    }),
    ...headers.map((rule) => {
      const { record } = rule;
      if (record === undefined) return watchColumns(rule, context);
      const isBatch = trailers.some(({ since }) => since === record);
      return watchHeaderRecord(rule, record, isBatch, context);
    }),
  ];
}
