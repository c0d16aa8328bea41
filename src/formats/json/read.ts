import type { Bytes, FormatOptions, ReadContext } from '../../core/format.ts';
import { createIssue, type Issue } from '../../core/issue.ts';
import { say } from '../../core/text.ts';
import type { DataRecord, RawRecord, RawSource, ReadEvent } from '../../core/record.ts';
import { cutFile, type Cutter, type Element } from './cut.ts';
import { causeOf, type Fault } from './faults.ts';
import { recordIssue } from './findings.ts';
import { VALUE_NAME, withoutReasons } from './reasons.ts';

/** What differs between one document and one document for each line. */
export interface Layout {
  /** What the format is called in messages. */
  readonly called: string;
  readonly cutter: (options: FormatOptions, context: ReadContext) => Cutter;
}

/** Reads trees: every record takes the next `seq`, also one that is no JSON. */
export async function* readTrees(
  { called, cutter }: Layout,
  bytes: Bytes,
  options: FormatOptions,
  context: ReadContext,
): AsyncGenerator<ReadEvent, void, void> {
  let seq = 0;
  let hasHeader = false;
  for await (const cut of cutFile(bytes, options, context, called, cutter(options, context))) {
    if (cut.kind === 'encoding') continue;
    if (cut.kind !== 'elements') {
      yield cut;
      if (cut.kind === 'refused') return;
      continue;
    }
    if (!hasHeader) yield { kind: 'header', columns: [], line: 1 };
    hasHeader = true;
    const first = seq;
    seq += cut.elements.length;
    yield { kind: 'records', records: cut.elements.map((element, index) => toRecord(element, first + index, context)) };
  }
  if (hasHeader) return;
  yield { kind: 'header', columns: [], line: 1 };
  const what = say`no records: the array is empty`;
  yield { kind: 'notice', issue: createIssue('no-records', { file: context.file }, { what }) };
}

function toRecord(element: Element, seq: number, context: ReadContext): DataRecord {
  const { line } = element.start;
  const { value } = element.parsed;
  const mended = value === undefined ? undefined : withoutReasons(value);
  const issues = issuesOf(element, mended?.wasWrapped === true, context);
  return {
    seq,
    line,
    ...(mended === undefined ? {} : { tree: mended.tree }),
    ...(mended === undefined || mended.tree === value ? {} : { isReturned: true }),
    ...(issues.length === 0 ? {} : { issues }),
  };
}

function issuesOf(element: Element, wasWrapped: boolean, context: ReadContext): readonly Issue[] {
  const { faults, fatal } = element.parsed;
  if (fatal === undefined && faults.length === 0) return [];
  const cause = fatal === undefined ? [] : [causeOf(fatal, faults)];
  const all = [...faults.slice(0, context.limits.issuesPerDocument), ...cause];
  return [...new Set(all)].map((fault) => recordIssue(wasWrapped ? unwrapped(fault) : fault, element, context));
}

function unwrapped(fault: Fault): Fault {
  const wrapper = `/${VALUE_NAME}`;
  return fault.pointer.startsWith(wrapper) ? { ...fault, pointer: fault.pointer.slice(wrapper.length) } : fault;
}

/** The same records as their texts stand in the file. Ends where reading is refused. */
export async function* readRawTrees(
  { called, cutter }: Layout,
  bytes: Bytes,
  options: FormatOptions,
  context: ReadContext,
): AsyncGenerator<RawRecord, void, void> {
  const cutting = cutter(options, context);
  let seq = 0;
  let source: RawSource | undefined;
  let encoding = '';
  let lead = '';
  for await (const cut of cutFile(bytes, options, context, called, cutting)) {
    if (cut.kind === 'encoding') ({ encoding, lead } = cut);
    if (cut.kind !== 'elements') continue;
    source ??= { encoding, lead: lead + cutting.opening };
    for (const { start, text, lineEnd } of cut.elements) yield { seq: seq++, line: start.line, text, lineEnd, source };
  }
}
