import type { Command } from 'commander';
import { loadProject } from '../app/project.ts';
import { describeConfigIssue, isError } from '../core/issue.ts';
import type { Act } from './index.ts';
import { createOutput, exitCodes } from './output.ts';
import { issueFields } from './project.ts';

export function addCheck(program: Command, act: Act): void {
  program
    .command('check')
    .description('check configuration, mappings and provider definitions: every finding as path:line:col code message')
    .option('--json', 'one JSON object per finding')
    .action(
      act(async (options: { json?: boolean }) => {
        const output = createOutput(options);
        const { project, issues } = await loadProject(program.opts<{ config: string }>().config);
        // Editors and CI read the text form, so it is the default even when nobody looks.
        for (const issue of issues) {
          if (options.json === true) output.tell(issueFields(issue), '');
          else output.text(describeConfigIssue(issue));
        }
        if (options.json !== true) output.text(summary(issues.filter(isError).length, issues.length, project));
        return project === undefined ? exitCodes.usage : exitCodes.well;
      }),
    );
}

function summary(errors: number, findings: number, project: { inbound: { size: number }; outbound: { size: number } } | undefined): string {
  if (project === undefined) return `${errors} ${errors === 1 ? 'error' : 'errors'}, ${findings - errors} other findings`;
  return `${project.inbound.size} inbound and ${project.outbound.size} outbound flows are sound`;
}
