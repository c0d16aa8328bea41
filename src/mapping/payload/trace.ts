import type { Issue } from '../../core/issue.ts';
import type { Json } from '../../core/json.ts';
import type { Phrase } from '../../core/text.ts';
import type { Run } from '../run.ts';
import type { SourceCell } from '../types.ts';

/** Where values came from, kept while a document is made a second time or explained. */
export interface Trace {
  /** Names of the files by part. */
  readonly files: readonly string[];
  readonly issues: Issue[];
  readonly entries: TraceEntry[];
  /** Names and positions down to the value being made. */
  readonly path: (string | number)[];
  current: TraceEntry | undefined;
  /** Lists that nothing of the file came into. */
  readonly hollow: HollowList[];
  /** Objects that were not made for their `$when`, with the cells it asked for. */
  readonly skipped: TraceEntry[];
  /** Where the elements of `$each` stand in a tree, by depth. */
  readonly places: string[];
  /** Lines of the values all records share, by slot. */
  headLines: readonly number[];
}

/** A list of the payload that stayed empty, and why. */
export interface HollowList {
  readonly pointer: string;
  readonly finding: { readonly what?: Phrase; readonly expected: Phrase };
}

/** One value of the payload and its history. */
export interface TraceEntry {
  readonly pointer: string;
  value: Json | undefined;
  readonly sources: SourceCell[];
  readonly steps: string[];
  hasFailed: boolean;
}

export function createTrace(files: readonly string[]): Trace {
  return {
    files,
    issues: [],
    entries: [],
    path: [],
    current: undefined,
    hollow: [],
    skipped: [],
    places: [''],
    headLines: [],
  };
}

/** `name`: what is made when it is no property of the payload. */
export function beginEntry(trace: Trace, name = pointerOf(trace.path)): TraceEntry {
  const entry = entryAt(name);
  trace.entries.push(entry);
  trace.current = entry;
  return entry;
}

const entryAt = (pointer: string): TraceEntry => ({
  pointer,
  value: undefined,
  sources: [],
  steps: [],
  hasFailed: false,
});

/** Whether a condition holds; of one that does not, the cells it asked for are kept. */
export function traceCondition(trace: Trace, holds: () => boolean): boolean {
  const asked = entryAt(pointerOf(trace.path));
  const { current } = trace;
  trace.current = asked;
  const isHeld = holds();
  trace.current = current;
  if (!isHeld) trace.skipped.push(asked);
  return isHeld;
}

/** Notes what was read. Outside a value (conditions, counting) nothing is kept. */
export function noteSource(run: Run, column: string, text: string, part = run.part, line = run.line): string {
  const file = run.trace?.files[part] ?? '';
  run.trace?.current?.sources.push({ file, line, column, text });
  return text;
}

export function noteStep(run: Run, directive: string, before: string, after: string): void {
  run.trace?.current?.steps.push(`${directive}: "${before}" → "${after}"`);
}

export function pointerOf(path: readonly (string | number)[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
