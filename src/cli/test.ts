import { relative } from 'node:path';
import process from 'node:process';
import type { Command } from 'commander';
import { purposeFor, schemaFor } from '../app/dry-run.ts';
import { loadMapping } from '../app/load-mapping.ts';
import { testMapping } from '../app/mapping-tests.ts';
import type { Project } from '../app/project.ts';
import { describeConfigIssue, isError, type Issue } from '../core/issue.ts';
import type { Act } from './index.ts';
import { createOutput, exitCodes, type Output } from './output.ts';
import { openProject } from './project.ts';

interface TestFlags {
  provider?: string;
  operation?: string;
  json?: boolean;
}

interface Tally {
  passed: number;
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
        const { passed, failed, broken } = tally;
        output.tell(
          { event: 'end', ...tally },
          `${passed} passed, ${failed} failed${broken > 0 ? `, ${broken} mappings cannot be used` : ''}`,
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
  const loaded = await loadMapping(path, file, schemaFor(project, path, flags), purposeFor(project, path, flags));
  loaded.issues.forEach(tell);
  if (loaded.isMissing) output.problem(`dray: cannot read ${file}`);
  if (loaded.mapping === undefined || loaded.issues.some(isError)) {
    tally.broken++;
    return;
  }
  for (const { name, line, passed, difference } of await testMapping(loaded.mapping, path, file)) {
    if (passed) tally.passed++;
    else tally.failed++;
    const told = passed ? `passed ${file}: ${name}` : `${file}:${line}:1 test-failed ${name}\n${difference ?? ''}`;
    output.tell({ event: 'test', file, line, name, passed, difference }, told);
  }
}
