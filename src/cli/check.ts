import type { Command } from 'commander';
import { tryConnections } from '../app/connect/connect.ts';
import { inspectFile } from '../app/init/inspect.ts';
import { untranslated } from '../app/load-texts.ts';
import { loadProject, type Project } from '../app/project.ts';
import { Failure } from '../core/failure.ts';
import { describeConfigIssue, escapeControls, isError } from '../core/issue.ts';
import { showsWholeness, type InboundMapping } from '../mapping/index.ts';
import type { Act } from './index.ts';
import { tellInspection } from './inspection.ts';
import { createOutput, exitCodes, type ExitCode, type Output } from './output.ts';
import { issueFields } from './project.ts';

interface CheckOptions {
  readonly json?: boolean;
  readonly values?: boolean;
  readonly connect?: boolean;
}

export function addCheck(program: Command, act: Act): void {
  program
    .command('check')
    .description('check configuration, mappings and provider definitions: every finding as path:line:col code message')
    .argument('[file]', 'a data file: tells what it is, what is in it and how a mapping reads it')
    .option('--values', 'with a data file: show values, and not only what they look like')
    .option('--connect', 'also try every folder and provider: reachable, known, what may be done there')
    .option('--json', 'one JSON object per finding')
    .action(
      act(async (file: string | undefined, options: CheckOptions) => {
        const output = createOutput(options);
        if (file !== undefined) return checkFile(file, options.values === true, output);
        const { project, issues } = await loadProject(program.opts<{ config: string }>().config, true);
        // Editors and CI read the text form, so it is the default even when nobody looks.
        for (const issue of issues) {
          if (options.json === true) output.tell(issueFields(issue), '');
          else output.text(describeConfigIssue(issue));
        }
        if (options.json !== true && project !== undefined) {
          tellCertainty(project, output);
          tellTexts(project, output);
        }
        if (options.json !== true) output.text(summary(issues.filter(isError).length, issues.length, project));
        if (project === undefined) return exitCodes.usage;
        return options.connect === true ? connectAll(project, output, options.json === true) : exitCodes.well;
      }),
    );
}

/** One line for each folder and provider, as soon as it was tried. */
async function connectAll(project: Project, output: Output, isJson: boolean): Promise<ExitCode> {
  let isWell = true;
  for await (const { kind, name, ...found } of tryConnections(project)) {
    const code = found.code === undefined ? '' : ` ${found.code}`;
    if (isJson) output.tell({ event: 'connect', kind, name, ...found }, '');
    else output.text(escapeControls(`${kind} ${name}: ${found.isWell ? 'ok' : `not ok${code}`}: ${found.text}`));
    isWell &&= found.isWell;
  }
  return isWell ? exitCodes.well : exitCodes.unable;
}

async function checkFile(file: string, showsValues: boolean, output: Output): Promise<ExitCode> {
  if (/\.ya?ml$/i.test(file)) {
    throw new Failure(
      'bad-usage',
      `${file} looks like a mapping, not like data: dray test ${file} checks it, and dray check without a name checks all of the configuration`,
    );
  }
  return tellInspection(await inspectFile(file), showsValues, output);
}

/** How sure it is that a file is whole when it is taken. */
function tellCertainty({ config, inbound }: Project, output: Output): void {
  for (const [name, { folder, directory, pattern, marker }] of config.inbound) {
    const mapping = inbound.get(name);
    const certainty = certaintyOf(mapping?.definition, marker);
    output.text(
      `${name}: ${folder} ${directory === '' ? '' : `${directory}/`}${pattern}: completeness is ${certainty}`,
    );
  }
}

function certaintyOf(definition: InboundMapping['definition'] | undefined, marker: string | undefined): string {
  if (definition !== undefined && showsWholeness(definition))
    return 'certain: the totals it states say that the file is whole';
  if (marker === undefined)
    return 'strong: certain when its sender writes under a temporary name and renames, with a marker, or with controls.trailer in the mapping';
  const hasCompanions = definition !== undefined && Object.keys(definition.read.with).length > 0;
  const rest = hasCompanions ? '; that of a companion is strong, unless it has a marker of its own' : '';
  return `certain: its sender says with the marker ${marker} that the file is whole${rest}`;
}

/** How much of what answers say is translated. */
function tellTexts({ config, texts, definitions }: Project, output: Output): void {
  if (config.texts.length === 0) return;
  const left = untranslated(texts, definitions);
  const told = left === 0 ? 'all are translated' : `${left} are not translated and stay English`;
  output.text(`texts: ${told}`);
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
