import { createIssue, type Issue } from '../../core/issue.ts';
import type { Json } from '../../core/json.ts';
import { say } from '../../core/text.ts';
import { createTrace, type Trace } from '../payload/trace.ts';
import { createRun, report, type Run } from '../run.ts';
import type { OutboundDefinition, OutboundMapping, OutboundRow, OutboundRows } from '../types.ts';
import { compileRecords } from './compile-records.ts';
import type { Compiler, Scope } from './compiler.ts';
import { compileCondition } from './condition.ts';
import type { Answer } from './expression.ts';
import { binding, compileCells, countedFact } from './row-cells.ts';
import { compileLevels, eachElement, type RowLevels } from './row-levels.ts';
import { compileTemplate } from './source.ts';

/** What rows, or groups of records, are made of. */
interface Sheet extends Pick<RowLevels, 'paths'> {
  when(run: Run): boolean;
  make(run: Run): OutboundRow;
}

export function compileOutbound(definition: OutboundDefinition, compiler: Compiler): OutboundMapping {
  const { levels, paths } = compileLevels(definition.rows, ['rows'], compiler);
  const scope: Scope = { levels, isRequired: false };
  const fact = compileTemplate(definition.fact, scope, ['fact'], compiler).bind(binding);
  const requireFact = (run: Run): string => {
    const text = fact(run);
    if (text === '')
      report(run, 'no-key', { what: say`the row has no identity`, hint: say`Mend fact: in the mapping.` });
    return text;
  };
  const { columns, types, make } = compileMaking(definition, scope, compiler, requireFact);
  const when =
    definition.when === undefined ? undefined : compileCondition(definition.when, scope, ['when'], compiler)(binding);
  const sheet: Sheet = { paths, make, when: (run) => when === undefined || when(run) };
  const isAsync = compiler.expressions > 0;
  return {
    kind: 'outbound',
    definition,
    columns,
    ...(types === undefined ? {} : { types }),
    rows: (item) =>
      isAsync
        ? askAll(item, sheet).then((answers) => makeRows(item, sheet, answers))
        : makeRows(item, sheet, new Map()),
  };
}

type Making = Pick<OutboundMapping, 'columns' | 'types'> & Pick<Sheet, 'make'>;

function compileMaking(
  { map, records }: OutboundDefinition,
  scope: Scope,
  compiler: Compiler,
  fact: (run: Run) => string,
): Making {
  if (records === undefined) {
    const row = compileCells(map, scope, ['map'], compiler);
    return {
      columns: row.columns,
      make(run) {
        const own = fact(run);
        const made = row.make(run);
        return { fact: [own, ...countedFact(made)].join('/'), ...made };
      },
    };
  }
  const group = compileRecords(records, scope.levels, compiler);
  return {
    columns: [],
    types: group.types,
    make(run) {
      const own = fact(run);
      const { records: made, counted } = group.make(run);
      return { fact: counted === '' ? own : `${own}/${counted}`, cells: [], records: made };
    },
  };
}

/** Every row, quickly; those with a finding are made once more with a trace to learn what and where. */
function makeRows(item: Json, sheet: Sheet, answers: ReadonlyMap<string, Answer>): OutboundRows {
  const rows: OutboundRow[] = [];
  const failed = new Set<string>();
  const quick = createRun({ parts: [], root: item, answers });
  walk(quick, sheet, () => {
    quick.hasFindings = false;
    const row = sheet.make(quick);
    // A group of which nothing is to be written is none.
    if (quick.hasFindings) failed.add(placeOf(quick, sheet));
    else if (row.records?.length !== 0) rows.push(row);
  });
  return { rows, issues: failed.size === 0 ? [] : findIssues(item, sheet, answers, failed) };
}

/** Positions behind those of the levels are where the records of a group before stood. */
function placeOf({ positions }: Run, { paths }: Sheet): string {
  return positions.slice(0, paths.length).join('.');
}

function walk(run: Run, sheet: Sheet, visit: () => void, depth = 0): void {
  const path = sheet.paths[depth];
  if (path === undefined) {
    if (sheet.when(run)) visit();
    return;
  }
  eachElement(run, path, depth, () => walk(run, sheet, visit, depth + 1));
}

function findIssues(
  item: Json,
  sheet: Sheet,
  answers: ReadonlyMap<string, Answer>,
  failed: ReadonlySet<string>,
): readonly Issue[] {
  const { issues, ...rest }: Trace = createTrace([]);
  const run = createRun({ parts: [], root: item, trace: { ...rest, issues }, answers });
  walk(run, sheet, () => {
    if (!failed.has(placeOf(run, sheet))) return;
    const before = issues.length;
    sheet.make(run);
    if (issues.length === before) issues.push(createIssue('breaks-rule', {}, { what: say`the row cannot be made` }));
  });
  return issues;
}

async function askAll(item: Json, sheet: Sheet): Promise<ReadonlyMap<string, Answer>> {
  const answers = new Map<string, Answer>();
  for (let round = 0; round < 8; round++) {
    const run = createRun({ parts: [], root: item, answers });
    walk(run, sheet, () => void sheet.make(run));
    const open = run.asks.filter(({ key }) => !answers.has(key));
    if (open.length === 0) break;
    for (const ask of open) answers.set(ask.key, await ask.answer());
  }
  return answers;
}
