import { relative } from 'node:path';
import process from 'node:process';
import type { Command } from 'commander';
import { openDryRun, type DryRun } from '../app/dry-run.ts';
import { loadMapping } from '../app/load-mapping.ts';
import { purposeFor, schemaFor } from '../app/map-purpose.ts';
import { Failure } from '../core/failure.ts';
import { describeConfigIssue, describeIssue, isError, type Issue } from '../core/issue.ts';
import type { Explanation, InboundMapping } from '../mapping/index.ts';
import type { Act } from './index.ts';
import { createOutput, exitCodes, type ExitCode, type Output } from './output.ts';
import { openProject } from './project.ts';

interface MapFlags {
  mapping: string;
  explain?: string;
  provider?: string;
  operation?: string;
}

export function addMap(program: Command, act: Act): void {
  program
    .command('map')
    .description('dry run: payloads to standard output, issues to standard error; no network, no ledger')
    .argument('<file>', 'a drop')
    .requiredOption('--mapping <file>', 'the mapping to read it with')
    .option('--explain <key>', 'for one document: source cell → steps → field')
    .option('--provider <name>', 'provider of the operation')
    .option('--operation <name>', 'operation whose schema counts, when no flow uses the mapping')
    .action(
      act(async (file: string, flags: MapFlags) => {
        const output = createOutput({ json: true });
        const mapping = await openMapping(program.opts<{ config: string }>().config, flags, output);
        return mapping === undefined ? exitCodes.usage : dryRun(mapping, file, flags, output);
      }),
    );
}

async function openMapping(config: string, flags: MapFlags, output: Output): Promise<InboundMapping | undefined> {
  const project = await openProject(config, output);
  if (project === undefined) return undefined;
  const schema = schemaFor(project, flags.mapping, flags);
  const purpose = purposeFor(project, flags.mapping, flags);
  if (schema === undefined && purpose.operation === undefined && purpose.purposes === undefined)
    output.problem(
      'dray: no flow uses this mapping and no --operation is named: types are not known and nothing is checked',
    );
  const loaded = await loadMapping(flags.mapping, relative(process.cwd(), flags.mapping), schema, purpose);
  for (const issue of loaded.issues) output.problem(describeConfigIssue(issue));
  if (loaded.isMissing) throw new Failure('bad-usage', `cannot read ${flags.mapping}`);
  if (loaded.mapping?.kind === 'outbound')
    throw new Failure('bad-usage', 'this mapping writes files; dray map reads them');
  return loaded.issues.some(isError) ? undefined : loaded.mapping;
}

async function dryRun(mapping: InboundMapping, file: string, flags: MapFlags, output: Output): Promise<ExitCode> {
  let errors = 0;
  const tell = (issue: Issue): void => {
    if (isError(issue)) errors++;
    output.problem(describeIssue(issue));
  };
  const run = await openDryRun(mapping, file);
  try {
    run.issues.forEach(tell);
    if (run.isRefused) return exitCodes.rejected;
    if (flags.explain === undefined) await printPayloads(run, tell, output);
    else await printExplanations(run, flags.explain, tell, output);
  } finally {
    await run.close();
  }
  return errors > 0 ? exitCodes.rejected : exitCodes.well;
}

async function printPayloads(run: DryRun, tell: (issue: Issue) => void, output: Output): Promise<void> {
  for await (const { payload, issues } of run.documents()) {
    issues.forEach(tell);
    if (payload !== undefined) output.text(payload);
  }
}

async function printExplanations(
  run: DryRun,
  key: string,
  tell: (issue: Issue) => void,
  output: Output,
): Promise<void> {
  let found = 0;
  for await (const { values, issues } of run.explain(key)) {
    found++;
    for (const value of values) output.text(describeExplanation(value));
    issues.forEach(tell);
  }
  if (found === 0) throw new Failure('bad-usage', `no document of this file has the key ${key}`);
}

/** `/Items/0/Quantity = 2 ← orders.csv line 3 column Qty "2" (number)`. */
function describeExplanation({ pointer, value, sources, steps }: Explanation): string {
  const cells = sources.map(
    (cell) => `${cell.file} line ${cell.line} column ${cell.column} ${JSON.stringify(cell.text)}`,
  );
  const from = cells.length === 0 ? '' : ` ← ${cells.join(', ')}`;
  return `${pointer} = ${value === undefined ? 'absent' : JSON.stringify(value)}${from}${steps.length === 0 ? '' : ` (${steps.join(' → ')})`}`;
}
