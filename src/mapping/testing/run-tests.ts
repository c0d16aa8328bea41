import type { Format } from '../../core/format.ts';
import { describeFinding, isError, type Issue } from '../../core/issue.ts';
import { parseExact, type Json } from '../../core/json.ts';
import type { Limits } from '../../core/limits.ts';
import type { PositionedYaml } from '../../core/positioned-yaml.ts';
import { differenceOf } from './difference.ts';
import { groupRecords } from '../records/group-records.ts';
import { readGiven } from './read-given.ts';
import { countNames, growGroup, growthOf } from '../compile/growth.ts';
import type {
  InboundMapping,
  MappingTestResult,
  OutboundMapping,
  OutboundRow,
  YamlObject,
  YamlValue,
} from '../types.ts';
import { isYamlObject, yamlText } from '../definition/yaml-value.ts';

export interface TestContext {
  /** As `parseMapping` gave it: says on which line a test stands. */
  readonly yaml: PositionedYaml;
  readonly formats: ReadonlyMap<string, Format>;
  readonly limits: Limits;
}

/** Runs the tests a mapping carries. */
export async function runMappingTests(
  mapping: InboundMapping | OutboundMapping,
  context: TestContext,
): Promise<readonly MappingTestResult[]> {
  const results: MappingTestResult[] = [];
  for (const [index, test] of mapping.definition.tests.entries()) {
    const { difference, actual } = await (mapping.kind === 'inbound'
      ? runInbound(mapping, test, context)
      : runOutbound(mapping, test));
    const line = context.yaml.place(['tests', index]).line ?? 1;
    const result = { name: yamlText(test['name']), line, passed: difference === undefined, ...defined({ actual }) };
    results.push(difference === undefined ? result : { ...result, difference });
  }
  return results;
}

interface Ran {
  readonly difference: string | undefined;
  /** Undefined when nothing could be made that a test could expect. */
  readonly actual?: MappingTestResult['actual'];
}

function defined({ actual }: Pick<Ran, 'actual'>): Pick<MappingTestResult, 'actual'> {
  return actual === undefined ? {} : { actual };
}

async function runInbound(mapping: InboundMapping, test: YamlObject, context: TestContext): Promise<Ran> {
  const { payloads, issues } = await buildGiven(mapping, test, context);
  const wanted = test['issues'] as readonly ExpectedIssue[] | undefined;
  const actual = { expect: payloads, issues: expectable(wanted ?? [], issues) };
  const difference = compareIssues(wanted ?? [], issues);
  if (difference !== undefined) return { difference, actual };
  if (test['expect'] !== undefined) return { difference: differenceOf(test['expect'], payloads), actual };
  const isIdle = wanted === undefined ? 'the test expects nothing: add expect: or issues:' : undefined;
  return { difference: isIdle, actual };
}

/** What came as a test would expect it: in its own words where it did, every other error in full. */
function expectable(wanted: readonly ExpectedIssue[], issues: readonly Issue[]): readonly ExpectedIssue[] {
  const left = [...issues];
  const met = wanted.filter((each) => {
    const index = left.findIndex((issue) => fits(each, issue));
    if (index >= 0) left.splice(index, 1);
    return index >= 0;
  });
  return [...met, ...left.filter(isError).map(expectedIssue)];
}

function expectedIssue({ code, where: { line, column } }: Issue): ExpectedIssue {
  return { ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }), code };
}

async function buildGiven(
  mapping: InboundMapping,
  { given, operation, now }: YamlObject,
  { formats, limits }: TestContext,
): Promise<{ payloads: readonly Json[]; issues: readonly Issue[] }> {
  const format = formats.get(mapping.definition.read.format);
  if (format === undefined) return { payloads: [], issues: [] };
  const read = await readGiven(mapping, given, format, limits);
  if (read.isRefused) return { payloads: [], issues: read.issues };
  const { bound, issues } = mapping.bind(read.headers, read.files, read.lookUps, fixedClock(now));
  if (bound === undefined) return { payloads: [], issues: [...read.issues, ...issues] };
  const wanted = operation === undefined ? undefined : yamlText(operation);
  const groups = groupRecords(bound, read.records);
  const documents = await Promise.all(groups.map(async (records) => bound.build(records, wanted)));
  const totals = read.controls.findings(groups.length);
  // A file whose totals do not agree is refused whole.
  const payloads = totals.some(isError)
    ? []
    : documents.flatMap(({ payload }) => (payload === undefined ? [] : [payload]));
  const found = [...read.issues, ...issues, ...totals, ...documents.flatMap((document) => document.issues)];
  return { payloads, issues: found };
}

/** A test that says when it happens is true for ever, whatever its schema demands of dates. */
function fixedClock(now: YamlValue | undefined): (() => number) | undefined {
  const instant = typeof now === 'string' ? Date.parse(now) : Number.NaN;
  return Number.isNaN(instant) ? undefined : () => instant;
}

interface ExpectedIssue {
  readonly line?: number;
  readonly column?: string;
  readonly code: string;
}

/** Every expected issue must come, and every error that came must be expected; warnings may go unsaid. */
function compareIssues(expected: readonly ExpectedIssue[], actual: readonly Issue[]): string | undefined {
  const left = [...actual];
  const missing = expected.filter((wanted) => {
    const index = left.findIndex((issue) => fits(wanted, issue));
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
  const surplus = left.filter(isError);
  if (missing.length === 0 && surplus.length === 0) return undefined;
  return [
    ...missing.map((wanted) => `expected ${describe(wanted.code, wanted.line, wanted.column)}, and it did not come`),
    ...surplus.map(
      (issue) =>
        `not expected: ${describe(issue.code, issue.where.line, issue.where.column)}: ${describeFinding(issue)}`,
    ),
  ].join('\n');
}

function fits({ line, column, code }: ExpectedIssue, issue: Issue): boolean {
  if (code !== issue.code) return false;
  return (line === undefined || line === issue.where.line) && (column === undefined || column === issue.where.column);
}

function describe(code: string, line: number | undefined, column: string | undefined): string {
  return `${code}${line === undefined ? '' : ` at line ${line}`}${column === undefined ? '' : ` column ${column}`}`;
}

async function runOutbound(mapping: OutboundMapping, test: YamlObject): Promise<Ran> {
  const items = outboundItems(test['given']);
  if (items === undefined) return { difference: 'given: is not a JSON list of feed items' };
  const rows: Json[] = [];
  const written = new Map<string, string>();
  for (const item of items) {
    const made = await mapping.rows(item);
    const [issue] = made.issues;
    if (issue !== undefined) {
      const what = `${describe(issue.code, undefined, issue.where.column)}: ${describeFinding(issue)}`;
      return { difference: `a row cannot be made: ${what}` };
    }
    for (const row of made.rows) rows.push(...shownRows(row, mapping, written));
  }
  return { difference: differenceOf(asTexts(test['expect']), rows), actual: { expect: rows, issues: [] } };
}

/** A row, or the records of a group, as a file would have them; none where counts have not grown since the items before. */
function shownRows(row: OutboundRow, mapping: OutboundMapping, written: Map<string, string>): readonly Json[] {
  const grow = (made: Pick<OutboundRow, 'cells' | 'growth'>, type: string): readonly string[] | undefined => {
    const place = (name: string): string => JSON.stringify([made.growth?.key, name]);
    const growth = growthOf(made, countNames(mapping, type), (name) => written.get(place(name)) ?? '');
    if (growth.kind === 'none' || growth.kind === 'lower') return undefined;
    for (const { name, count } of growth.counts) written.set(place(name), count);
    return growth.cells;
  };
  if (row.records !== undefined) {
    return growGroup(row.records, (record) => grow(record, record.type)).map(({ type, cells }) => ({
      [type]: asObject(mapping.types?.get(type) ?? [], cells),
    }));
  }
  const cells = row.growth === undefined ? row.cells : grow(row, '');
  return cells === undefined ? [] : [asObject(mapping.columns, cells)];
}

function outboundItems(given: YamlValue | undefined): readonly Json[] | undefined {
  if (typeof given !== 'string') return given as readonly Json[];
  try {
    const items = parseExact(given);
    return Array.isArray(items) ? (items as readonly Json[]) : undefined;
  } catch {
    return undefined;
  }
}

/** Empty cells may go unsaid in a test: both sides leave them out. */
function asObject(columns: readonly string[], cells: readonly string[]): Json {
  return Object.fromEntries(columns.map((name, index) => [name, cells[index] ?? '']).filter(([, text]) => text !== ''));
}

function asTexts(expected: YamlValue | undefined): Json {
  return ((expected ?? []) as readonly YamlObject[]).map(rowTexts);
}

function rowTexts(row: YamlObject): Json {
  return Object.fromEntries(
    Object.entries(row)
      .map(([name, value]) => [name, isYamlObject(value) ? rowTexts(value) : yamlText(value)] as const)
      .filter(([, text]) => text !== ''),
  );
}
