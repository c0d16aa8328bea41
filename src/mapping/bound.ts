import { createIssue, isError, type Issue } from '../core/issue.ts';
import { rawNumber, type Json } from '../core/json.ts';
import type { DataRecord } from '../core/record.ts';
import { say } from '../core/text.ts';
import type { Answer } from './compile/expression.ts';
import {
  capped,
  evaluate,
  fileAt,
  findIssues,
  type Answers,
  type BoundParts,
  type Making,
  type RecordsByPart,
} from './compile/making.ts';
import { unjoined } from './records/joined-files.ts';
import { strayRecords } from './near.ts';
import { broken, hasErrors, headless, oversized, repeated } from './records/refused.ts';
import { settleNumbers, type Run } from './run.ts';
import { createSorting } from './records/sorting.ts';
import type { BoundTarget } from './compile/targets.ts';
import { createTrace, type Trace } from './payload/trace.ts';
import type { BoundMapping, BuiltDocument, Explanation, SourceRecord } from './types.ts';

const noAnswers: Answers = new Map();
const noIssues: readonly Issue[] = [];

export function createBound(bound: BoundParts): BoundMapping {
  return {
    isAsync: bound.isAsync,
    startSorting: () =>
      createSorting(bound.sorting, (source) => ({ ...fileAt(bound, bound.partOf(source)), line: source.record.line })),
    build(sources, wanted) {
      const records = splitParts(sources, bound).map((part, at) => unjoined(part, fileAt(bound, at)));
      if (!bound.isAsync) return build({ bound, records, answers: noAnswers, wanted });
      const few = records.map((list) => list.slice(0, bound.limits.linesPerDocument));
      return askAll({ bound, records: few, answers: noAnswers, wanted }).then((answers) =>
        build({ bound, records, answers, wanted }),
      );
    },
    async explain(sources) {
      const making: Making = { bound, records: splitParts(sources, bound), answers: noAnswers, wanted: undefined };
      const trace = createTrace(bound.files);
      evaluate({ ...making, answers: bound.isAsync ? await askAll(making) : noAnswers }, trace);
      return trace.entries.map(explanation);
    },
  };
}

function build(making: Making): BuiltDocument {
  const { bound, records } = making;
  if (records.some(({ length }) => length > bound.limits.linesPerDocument)) return oversized(making);
  if (records[0]?.length === 0) return headless(records, bound);
  if (bound.sorting.types.size > 0 && (records[0]?.length ?? 0) > 1) return repeated(making, build);
  if (records.some((part) => part.some(hasErrors))) return broken(making);
  const built = buildSound(making);
  const notes = records.flatMap((part) => part.flatMap(({ issues }) => issues ?? noIssues));
  return notes.length === 0 ? built : { ...built, issues: capped([...notes, ...built.issues], bound.limits) };
}

/** Envelopes are parts as well: those that stand above the beginning of the document. */
function splitParts(sources: readonly SourceRecord[], { parts, partOf, sorting }: BoundParts): RecordsByPart {
  const mixesTypes = sorting.types.size > 0;
  if (parts.length === 1 && !mixesTypes) return [sources.map(({ record }) => record)];
  const lists = Array.from({ length: parts.length + (mixesTypes ? 1 : 0) }, (): DataRecord[] => []);
  for (const source of sources) {
    lists[partOf(source)]?.push(source.record);
    for (const record of source.above ?? []) {
      const list = lists[partOf({ part: source.part, record })];
      // After a round through the ledger it is no longer the same object.
      if (list?.every(({ seq }) => seq !== record.seq) === true) list.push(record);
    }
  }
  return lists;
}

/** The quick way; only when something is wrong, once more with a trace to learn what and where. */
function buildSound(making: Making): BuiltDocument {
  const { bound } = making;
  const { run, target, payload } = evaluate(making);
  const strays = target === undefined || target.nestings.length === 0 ? noIssues : strayIssues(making, target);
  const isSound = !run.hasFindings && strays.length === 0 && target?.check?.errors(payload, bound.now) === undefined;
  if (isSound) {
    settleNumbers(run, rawNumber);
    return documentOf(making, run, target, payload, noIssues);
  }
  const traced = findIssues(making);
  const issues = capped([...strays, ...traced.issues], bound.limits);
  return documentOf(making, run, target, issues.some(isError) ? undefined : traced.payload, issues);
}

function documentOf(
  { bound }: Making,
  { key, line }: Run,
  target: BoundTarget | undefined,
  payload: Json | undefined,
  issues: readonly Issue[],
): BuiltDocument {
  const { type } = bound;
  const document = payload === undefined ? { key, type, line, issues } : { key, type, line, payload, issues };
  return target?.operation === undefined ? document : { ...document, operation: target.operation };
}

/** Records that no walk of the mapping comes by, because what they belong to stands behind them. */
function strayIssues({ records, bound }: Making, { nestings }: BoundTarget): readonly Issue[] {
  return nestings.flatMap((chain) => {
    const [outer = '', inner = ''] = chain.slice(-2).map((part) => bound.parts[part]?.name);
    const what = say`a record of type "${inner}" before the first of type "${outer}" it could belong to`;
    return strayRecords(records, chain).map(({ line }) =>
      createIssue('no-head', { ...fileAt(bound, 0), line }, { what }),
    );
  });
}

// An expression may depend on the answer of another through $first; deeper chains cannot be written.
const ROUNDS = 8;

async function askAll(making: Making): Promise<Answers> {
  const answers = new Map<string, Answer>();
  for (let round = 0; round < ROUNDS; round++) {
    const { run } = evaluate({ ...making, answers });
    const open = run.asks.filter(({ key }) => !answers.has(key));
    if (open.length === 0) break;
    for (const ask of open) answers.set(ask.key, await ask.answer());
  }
  return answers;
}

function explanation({ pointer, value, sources, steps }: Trace['entries'][number]): Explanation {
  return { pointer, ...(value === undefined ? {} : { value }), sources, steps };
}
