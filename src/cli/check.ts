import type { Command } from 'commander';
import { loadProject, type Project } from '../app/project.ts';
import { describeConfigIssue, isError } from '../core/issue.ts';
import type { Act } from './index.ts';
import { createOutput, exitCodes, type Output } from './output.ts';
import { issueFields } from './project.ts';

export function addCheck(program: Command, act: Act): void {
  program
    .command('check')
    .description('check configuration, mappings and provider definitions: every finding as path:line:col code message')
    .option('--json', 'one JSON object per finding')
    .action(
      act(async (options: { json?: boolean }) => {
        const output = createOutput(options);
        const { project, issues } = await loadProject(program.opts<{ config: string }>().config, true);
        // Editors and CI read the text form, so it is the default even when nobody looks.
        for (const issue of issues) {
          if (options.json === true) output.tell(issueFields(issue), '');
          else output.text(describeConfigIssue(issue));
        }
        if (options.json !== true && project !== undefined) tellCertainty(project, output);
        if (options.json !== true) output.text(summary(issues.filter(isError).length, issues.length, project));
        return project === undefined ? exitCodes.usage : exitCodes.well;
      }),
    );
}

/** How sure it is that a file is whole when it is taken. */
function tellCertainty({ config, inbound }: Project, output: Output): void {
  for (const [name, { folder, directory, pattern }] of config.inbound) {
    const hasTrailer = inbound.get(name)?.definition.controls?.trailer !== undefined;
    const certainty = hasTrailer
      ? 'certain: the trailer says that the file is whole'
      : 'strong: certain when its sender writes under a temporary name and renames, or with controls.trailer in the mapping';
    output.text(`${name}: ${folder} ${directory}/${pattern}: completeness is ${certainty}`);
  }
}

function summary(
  errors: number,
  findings: number,
  project: { inbound: { size: number }; outbound: { size: number } } | undefined,
): string {
  if (project === undefined)
    return `${errors} ${errors === 1 ? 'error' : 'errors'}, ${findings - errors} other findings`;
  return `${project.inbound.size} inbound and ${project.outbound.size} outbound flows are sound`;
}
