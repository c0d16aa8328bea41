import { relative } from 'node:path';
import process from 'node:process';
import type { Command } from 'commander';
import { purposeFor, schemaFor } from '../app/map-purpose.ts';
import { acceptTests } from '../app/init/accept.ts';
import { loadMapping } from '../app/load-mapping.ts';
import { testMapping } from '../app/mapping-tests.ts';
import type { Project } from '../app/project.ts';
import { describeConfigIssue, isError, type Issue } from '../core/issue.ts';
import type { MappingTestResult } from '../mapping/index.ts';
import type { Act } from './index.ts';
import { createOutput, exitCodes, type Output } from './output.ts';
import { openProject } from './project.ts';

interface TestFlags {
  provider?: string;
  operation?: string;
  accept?: boolean;
  json?: boolean;
}

interface Tally {
  passed: number;
  accepted?: number;
  failed: number;
  broken: number;
}

export function addTest(program: Command, act: Act): void {
  program
    .command('test')
    .description('run the tests inside mappings: those named, or all of the configuration')
    .argument('[files...]', 'mappings')
    .option('--provider <name>', 'provider of the operation')
    .option('--operation <name>', 'operation whose schema counts, when no flow uses the mapping')
    .option('--accept', 'write what failing tests got into the mapping as what they expect, and show the difference')
    .option('--json', 'one JSON object per test')
    .action(
      act(async (files: string[], flags: TestFlags) => {
        const output = createOutput(flags);
        const project = await openProject(program.opts<{ config: string }>().config, output);
        if (project === undefined) return exitCodes.usage;
        const tally: Tally = { passed: 0, failed: 0, broken: 0 };
        for (const file of files.length > 0 ? files : mappingsOf(project)) {
          await testFile(project, file, flags, output, tally);
        }
        const { passed, accepted = 0, failed, broken } = tally;
        output.tell(
          { event: 'end', ...tally },
          `${passed} passed, ${accepted > 0 ? `${accepted} accepted, ` : ''}${failed} failed${broken > 0 ? `, ${broken} mappings cannot be used` : ''}`,
        );
        if (broken > 0) return exitCodes.usage;
        return failed > 0 ? exitCodes.rejected : exitCodes.well;
      }),
    );
}

function mappingsOf({ config }: Project): readonly string[] {
  return [...new Set([...config.inbound.values(), ...config.outbound.values()].map(({ mapping }) => mapping))];
}

async function testFile(project: Project, path: string, flags: TestFlags, output: Output, tally: Tally): Promise<void> {
  const file = relative(process.cwd(), path);
  const tell = (issue: Issue): void => output.problem(describeConfigIssue(issue));
  const [schema, purpose] = [schemaFor(project, path, flags), purposeFor(project, path, flags)];
  const loaded = await loadMapping(path, file, schema, purpose);
  loaded.issues.forEach(tell);
  if (loaded.isMissing) output.problem(`dray: cannot read ${file}`);
  if (loaded.mapping === undefined || loaded.issues.some(isError)) {
    tally.broken++;
    return;
  }
  const results = await testMapping(loaded.mapping, path, file);
  const isTyped = loaded.mapping.kind === 'outbound' || schema !== undefined || Object.keys(purpose).length > 0;
  if (flags.accept === true && !isTyped) output.problem(`dray: ${file}: ${UNTYPED}`);
  const taken = flags.accept === true && isTyped ? await accept(path, file, results, output) : new Set<number>();
  for (const [index, result] of results.entries()) {
    const isAccepted = taken.has(index);
    if (isAccepted) tally.accepted = (tally.accepted ?? 0) + 1;
    else if (result.passed) tally.passed++;
    else tally.failed++;
    tellResult(file, result, isAccepted, output);
  }
}

const UNTYPED =
  'nothing is accepted, because no flow uses this mapping and so the types of its values are not known; name --provider and --operation';

function tellResult(
  file: string,
  { name, line, passed, difference }: MappingTestResult,
  isAccepted: boolean,
  output: Output,
): void {
  const isWell = passed || isAccepted;
  const told = isWell
    ? `${isAccepted ? 'accepted' : 'passed'} ${file}: ${name}`
    : `${file}:${line}:1 test-failed ${name}\n${difference ?? ''}`;
  const fields = { event: 'test', file, line, name, passed: isWell, difference };
  output.tell(isAccepted ? { ...fields, accepted: true } : fields, told);
}

/** Makes what failing tests got what they expect, and shows how the mapping changed. Answers which ones. */
async function accept(
  path: string,
  file: string,
  results: readonly MappingTestResult[],
  output: Output,
): Promise<ReadonlySet<number>> {
  const { changed, diff } = await acceptTests(path, results);
  for (const { sign, line, text } of diff)
    output.tell({ event: 'changed', file, line, sign, text }, `${file}:${line} ${sign} ${text}`);
  return new Set(changed);
}
