import { openDryRun } from '../../../src/app/dry-run.ts';
import { loadMapping } from '../../../src/app/load-mapping.ts';
import { testMapping } from '../../../src/app/mapping-tests.ts';
import { describeConfigIssue, describeIssue, isError } from '../../../src/core/issue.ts';
import type { Bytes } from '../../../src/core/format.ts';
import type { Json, JsonSchema } from '../../../src/core/json.ts';
import { formats } from '../../../src/formats/index.ts';
import type { InboundMapping, MappingTestResult, OutboundMapping } from '../../../src/mapping/index.ts';
import type { Example } from './examples.ts';
import { mistakesOf, type Mistake } from './mistakes.ts';

export interface RanExample extends Example {
  /** What is wrong with it, in words. */
  readonly problems: readonly string[];
  /** Of an inbound one: what its tests say is refused. */
  readonly mistakes: readonly Mistake[];
  /** Of an outbound one: the file that the rows of its first test become. */
  readonly written?: Uint8Array;
}

/** Checks an example as `dray check` does, runs its tests, reads its drop, writes its file. */
export async function runExample(example: Example, schema?: JsonSchema): Promise<RanExample> {
  return { ...example, ...(await run(example, schema)) };
}

type Ran = Pick<RanExample, 'problems' | 'mistakes' | 'written'>;

async function run(example: Example, schema: JsonSchema | undefined): Promise<Ran> {
  const { name, path } = example;
  const { mapping, issues } = await loadMapping(path, `${name}.yaml`, schema);
  const findings = issues.map(describeConfigIssue);
  if (mapping === undefined) return { problems: [...findings, `${name}: cannot be loaded`], mistakes: [] };
  const results = await testMapping(mapping, path, `${name}.yaml`);
  const problems = [...findings, ...testProblems(name, results), ...(await dropProblems(example, mapping, results))];
  if (mapping.kind === 'inbound') return { problems, mistakes: await mistakesOf(mapping, path) };
  return problems.length > 0 ? { problems, mistakes: [] } : writeFirst(name, mapping, results);
}

function testProblems(name: string, results: readonly MappingTestResult[]): readonly string[] {
  if (results.length === 0) return [`${name}: has no tests`];
  return results
    .filter(({ passed }) => !passed)
    .map((result) => `${name}:${result.line} ${result.name}\n${result.difference ?? ''}`);
}

/** The drop beside an example must become what its first test expects. */
async function dropProblems(
  { name, drop }: Example,
  mapping: InboundMapping | OutboundMapping,
  results: readonly MappingTestResult[],
): Promise<readonly string[]> {
  if (drop === undefined) return [];
  if (mapping.kind === 'outbound') return [`${name}: has a drop, and writes files`];
  const read = await openDryRun(mapping, drop);
  const problems = read.issues.filter(isError).map((issue) => `${name}: ${describeIssue(issue)}`);
  const payloads: string[] = [];
  for await (const { payload } of read.documents()) if (payload !== undefined) payloads.push(payload);
  await read.close();
  const expected = JSON.stringify(results[0]?.actual?.expect);
  const actual = `[${payloads.join(',')}]`;
  return expected === actual ? problems : [...problems, `${name}: the drop becomes ${actual}; expected ${expected}`];
}

async function writeFirst(name: string, mapping: OutboundMapping, results: readonly MappingTestResult[]): Promise<Ran> {
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of bytesOf(mapping, results[0]?.actual?.expect ?? []) ?? []) pieces.push(piece);
    return { problems: [], mistakes: [], written: Buffer.concat(pieces) };
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    return { problems: [`${name}: the file cannot be written: ${why}`], mistakes: [] };
  }
}

type Row = Readonly<Record<string, string>>;

function bytesOf({ columns, types, definition }: OutboundMapping, expected: readonly Json[]): Bytes | undefined {
  const { format, options } = definition.write;
  const cellsOf = (names: readonly string[], row: Row): readonly string[] => names.map((column) => row[column] ?? '');
  if (types === undefined) {
    const rows = (expected as readonly Row[]).map((row) => cellsOf(columns, row));
    return formats.get(format)?.write(each(rows), columns, options);
  }
  const rows = (expected as readonly Readonly<Record<string, Row>>[]).flatMap((group) =>
    Object.entries(group).map(([type, row]) => ({ type, cells: cellsOf(types.get(type) ?? [], row) })),
  );
  return formats.get(format)?.mixed?.write(each(rows), types, options);
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
