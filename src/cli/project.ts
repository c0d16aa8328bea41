import { loadProject, type Project } from '../app/project.ts';
import { describeConfigIssue, type Issue } from '../core/issue.ts';
import type { Output } from './output.ts';

/** Loads the project; tells every finding. Undefined when there are errors. */
export async function openProject(config: string, output: Output): Promise<Project | undefined> {
  const { project, issues } = await loadProject(config);
  for (const issue of issues) output.problem(describeConfigIssue(issue));
  return project;
}

export function issueFields(issue: Issue): Readonly<Record<string, unknown>> {
  const { where, ...finding } = issue;
  return { ...where, ...finding };
}
