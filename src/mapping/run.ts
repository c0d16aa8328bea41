import type { IssueCode } from '../core/issue-catalogue.ts';
import { createIssue, type IssueDetails, type Place } from '../core/issue.ts';
import type { Json } from '../core/json.ts';
import type { DataRecord } from '../core/record.ts';
import type { Answer, Ask } from './compile/expression.ts';
import type { Trace } from './payload/trace.ts';
import type { LookUps, SourceCell } from './types.ts';

/** One evaluation of a mapping over one document or one feed item. Lives as long as that. */
export interface Run {
  key: string;
  /** Records by part; the picked file's first. */
  readonly parts: readonly (readonly DataRecord[])[];
  /** Values all records of the document share, by slot. */
  head: readonly string[];
  /** Cells of the record `$each` stands at. */
  cells: readonly string[];
  line: number;
  part: number;
  /** Records `$each` stands at, by depth from 1; of a group its first. */
  readonly records: DataRecord[];
  /** Records of the groups `$each` stands at, by depth. */
  readonly rows: (readonly DataRecord[])[];
  /** By depth: number of the first record of the walk, and of the record at which what follows the current one ends. */
  readonly firsts: number[];
  readonly ends: number[];
  /** Files of the drop that are looked up. */
  readonly lookUps: LookUps | undefined;
  /** Elements `$each` stands at, by depth; the first is the root of a tree. */
  readonly nodes: (Json | undefined)[];
  /** Their positions, from 1. */
  readonly positions: number[];
  /** Present when somebody asked where things come from; the quick way runs without. */
  readonly trace: Trace | undefined;
  /** Something was wrong: run again with a trace to learn what. */
  hasFindings: boolean;
  /** Whether a value came from the file since the enclosing object began. */
  isFromFile: boolean;
  /** The last number's exact text, when JavaScript would write it differently. */
  exactText: string | undefined;
  /** Where exact numbers go once the payload has been validated with plain ones. */
  readonly exactNumbers: ExactNumber[];
  /** Answers of `$expr` so far, and what is still to be asked. */
  readonly answers: ReadonlyMap<string, Answer>;
  readonly asks: Ask[];
}

interface ExactNumber {
  readonly holder: Record<string | number, Json>;
  readonly name: string | number;
  readonly text: string;
}

/** Text of a source; empty when there is none. */
export type Read = (run: Run) => string;
export type Evaluate = (run: Run) => Json | undefined;
export type Test = (run: Run) => boolean;

export interface RunInput {
  readonly parts: readonly (readonly DataRecord[])[];
  readonly root?: Json;
  readonly trace?: Trace | undefined;
  readonly answers: ReadonlyMap<string, Answer>;
  readonly lookUps?: LookUps | undefined;
}

export function createRun({ parts, root, trace, answers, lookUps }: RunInput): Run {
  return {
    key: '',
    parts,
    head: [],
    cells: [],
    line: 0,
    part: 0,
    records: [],
    rows: [],
    firsts: [],
    ends: [],
    lookUps,
    nodes: [root],
    positions: [],
    trace,
    hasFindings: false,
    isFromFile: false,
    exactText: undefined,
    exactNumbers: [],
    answers,
    asks: [],
  };
}

/** Notes a finding at the source of the value being made. Without a trace only that there is one. */
export function report(run: Run, code: IssueCode, details: IssueDetails = {}): undefined {
  return reportAt(run, toldSource(run), code, details);
}

/** The same at a cell of its own. */
export function reportAt(
  run: Run,
  source: SourceCell | undefined,
  code: IssueCode,
  details: IssueDetails = {},
): undefined {
  run.hasFindings = true;
  const { trace } = run;
  if (trace === undefined) return undefined;
  const issue = createIssue(code, placeOf(run, trace, source), details);
  trace.issues.push(issue);
  if (trace.current !== undefined && issue.severity === 'error') trace.current.hasFailed = true;
  return undefined;
}

/** The cell the current value was read from; of several, the last that was not empty. */
function toldSource({ trace }: Run): SourceCell | undefined {
  const sources = trace?.current?.sources ?? [];
  return sources.findLast(({ text }) => text !== '') ?? sources[0];
}

function placeOf(run: Run, trace: Trace, source: SourceCell | undefined): Place {
  if (source === undefined) return placeIn(trace.files[run.part], run.line);
  return { ...placeIn(source.file, source.line), column: source.column };
}

// Feed items stand in no file and on no line.
function placeIn(file: string | undefined, line: number): Place {
  return { ...(file === undefined || file === '' ? {} : { file }), ...(line === 0 ? {} : { line }) };
}

/** Puts the exact numbers where the plain ones stood during validation. */
export function settleNumbers(run: Run, exact: (text: string) => Json): void {
  for (const { holder, name, text } of run.exactNumbers) holder[name] = exact(text);
}

/** Remembers that the number about to be put into `holder` has to be written as its source wrote it. */
export function keepExact(run: Run, holder: Record<string | number, Json>, name: string | number): void {
  if (run.exactText !== undefined) run.exactNumbers.push({ holder, name, text: run.exactText });
  run.exactText = undefined;
}
