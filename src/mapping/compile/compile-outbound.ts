import { createIssue, type Issue } from '../../core/issue.ts';
import { scalarText, type Json } from '../../core/json.ts';
import { parsePath, type JsonPath } from '../../core/path.ts';
import { say } from '../../core/text.ts';
import { compileGrowth, countOf, isGrowth, type ReadGrowth } from './compile-growth.ts';
import { compileNode } from './compile-node.ts';
import type { Binding, Compiler, Level, Scope } from './compiler.ts';
import { problem } from './compiler.ts';
import { compileCondition } from './condition.ts';
import type { Answer } from './expression.ts';
import { pointerText } from './reference.ts';
import { createRun, report, type Evaluate, type Read, type Run, type Test } from '../run.ts';
import { compileTemplate } from './source.ts';
import { createTrace, type Trace } from '../payload/trace.ts';
import { elementsOf } from '../testing/tree-text.ts';
import type { OutboundDefinition, OutboundMapping, OutboundRow, OutboundRows, YamlValue } from '../types.ts';

/** Feed items need no columns: what is bound is bound at once. */
const binding: Binding = { indexes: new Map(), names: () => [], headSlot: () => 0 };

interface Sheet {
  readonly columns: readonly string[];
  readonly paths: readonly JsonPath[];
  readonly cells: readonly Evaluate[];
  readonly fact: Read;
  readonly growth: ReadGrowth | undefined;
  readonly when: Test | undefined;
}

export function compileOutbound(definition: OutboundDefinition, compiler: Compiler): OutboundMapping {
  const { levels, paths } = compileLevels(definition.rows, compiler);
  const scope: Scope = { levels, isRequired: false };
  const columns = orderedColumns(definition, compiler);
  const sheet: Sheet = {
    columns,
    paths,
    cells: columns.map((name) => compileCell(definition.map[name] ?? null, name, scope, compiler)),
    fact: compileTemplate(definition.fact, scope, ['fact'], compiler).bind(binding),
    growth: compileGrowth(definition.map, columns, scope, binding, compiler),
    when:
      definition.when === undefined ? undefined : compileCondition(definition.when, scope, ['when'], compiler)(binding),
  };
  const isAsync = compiler.expressions > 0;
  return {
    kind: 'outbound',
    definition,
    columns,
    rows: (item) =>
      isAsync
        ? askAll(item, sheet).then((answers) => makeRows(item, sheet, answers))
        : makeRows(item, sheet, new Map()),
  };
}

/** In the order of the file: JavaScript moves names that look like numbers to the front. */
function orderedColumns({ map }: OutboundDefinition, compiler: Compiler): readonly string[] {
  const place = (name: string): number => {
    const { line = 0, character = 0 } = compiler.yaml.keyPlace(['map', name]);
    return line * 100_000 + character;
  };
  return Object.keys(map).sort((a, b) => place(a) - place(b));
}

function compileCell(node: YamlValue, name: string, scope: Scope, compiler: Compiler): Evaluate {
  const path = ['map', name];
  const isPlural =
    typeof node === 'object' &&
    node !== null &&
    (Array.isArray(node) || Object.keys(node).every((key) => !key.startsWith('$')));
  if (isPlural) {
    problem(compiler, 'wrong-type', path, {
      what: 'a cell holds one value, not a list or an object',
      hint: 'Use $join for several values.',
    });
    return () => undefined;
  }
  const value = isGrowth(node) ? countOf(node, path, compiler) : node;
  return compileNode(value, undefined, scope, path, compiler).bind(binding);
}

/** `Shipments[].Packages[]` as the levels Shipments and Packages, each with the path from the one before. */
function compileLevels(
  rows: string | undefined,
  compiler: Compiler,
): { levels: readonly Level[]; paths: readonly JsonPath[] } {
  if (rows === undefined) return { levels: [], paths: [] };
  const levels: Level[] = [];
  const paths: JsonPath[] = [];
  let steps: JsonPath['steps'][number][] = [];
  for (const step of parsePath(rows)?.steps ?? []) {
    if (step.kind !== 'each') {
      steps.push(step);
      continue;
    }
    const name = steps.findLast((own) => own.kind === 'name')?.name ?? '';
    levels.push({ name, kind: 'elements', part: 0 });
    paths.push({ text: name, steps });
    steps = [];
  }
  if (levels.length === 0 || steps.length > 0) {
    problem(compiler, 'wrong-value', ['rows'], {
      what: 'this does not say what one row is',
      hint: 'End it with []: Shipments[].Packages[].',
    });
  }
  return { levels, paths };
}

/** Every row, quickly; a row with a finding is made once more with a trace to learn what and where. */
function makeRows(item: Json, sheet: Sheet, answers: ReadonlyMap<string, Answer>): OutboundRows {
  const rows: OutboundRow[] = [];
  const issues: Issue[] = [];
  const quick = createRun({ parts: [], root: item, answers });
  walk(quick, sheet, () => {
    quick.hasFindings = false;
    const row = makeRow(quick, sheet);
    if (!quick.hasFindings) rows.push(row);
    else issues.push(...findIssues(quick, sheet, answers));
  });
  return { rows, issues };
}

function walk(run: Run, sheet: Sheet, visit: () => void, depth = 0): void {
  const path = sheet.paths[depth];
  if (path === undefined) {
    if (sheet.when === undefined || sheet.when(run)) visit();
    return;
  }
  const pointer = pointerText(path);
  for (const [index, element] of elementsOf(run.nodes[depth], path).entries()) {
    run.nodes[depth + 1] = element;
    run.positions[depth] = index + 1;
    if (run.trace !== undefined) run.trace.places[depth + 1] = `${run.trace.places[depth] ?? ''}${pointer}/${index}`;
    walk(run, sheet, visit, depth + 1);
  }
}

function makeRow(run: Run, sheet: Sheet): OutboundRow {
  const { trace } = run;
  const fact = sheet.fact(run);
  if (fact === '') report(run, 'no-key', { what: say`the row has no identity`, hint: say`Mend fact: in the mapping.` });
  const cells = sheet.cells.map((evaluate, index) => {
    trace?.path.push(sheet.columns[index] ?? '');
    const value = evaluate(run);
    trace?.path.pop();
    return scalarText(value) ?? '';
  });
  const growth = sheet.growth?.(run);
  if (growth === undefined) return { fact, cells };
  // What the row states is how far the counts have come: the same line comes again with higher ones.
  const counts = growth.columns.map((column) => cells[column] ?? '');
  return { fact: [fact, growth.key, ...counts].join('/'), cells, growth };
}

function findIssues(at: Run, sheet: Sheet, answers: ReadonlyMap<string, Answer>): readonly Issue[] {
  const trace: Trace = createTrace([]);
  const run = createRun({ parts: [], root: at.nodes[0] ?? null, trace, answers });
  const wanted = at.positions.join('.');
  walk(run, sheet, () => {
    if (run.positions.join('.') === wanted) makeRow(run, sheet);
  });
  return trace.issues.length > 0
    ? trace.issues
    : [createIssue('breaks-rule', {}, { what: say`the row cannot be made` })];
}

async function askAll(item: Json, sheet: Sheet): Promise<ReadonlyMap<string, Answer>> {
  const answers = new Map<string, Answer>();
  for (let round = 0; round < 8; round++) {
    const run = createRun({ parts: [], root: item, answers });
    walk(run, sheet, () => void makeRow(run, sheet));
    const open = run.asks.filter(({ key }) => !answers.has(key));
    if (open.length === 0) break;
    for (const ask of open) answers.set(ask.key, await ask.answer());
  }
  return answers;
}
