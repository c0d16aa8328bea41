import { relative } from 'node:path';
import process from 'node:process';
import type { Command } from 'commander';
import { initMapping, type InitRequest, type InitResult } from '../app/init/init.ts';
import type { Act } from './index.ts';
import { createOutput, exitCodes, type Output } from './output.ts';
import { openProject } from './project.ts';

interface InitFlags {
  from: string;
  provider: string;
  operation: string;
  out?: string;
  json?: boolean;
}

export function addInit(program: Command, act: Act): void {
  program
    .command('init')
    .description('propose a mapping for a file nobody has mapped yet, with a test made of its first document')
    .requiredOption('--from <file>', 'a drop as its sender writes it')
    .requiredOption('--provider <name>', 'provider of the configuration')
    .requiredOption('--operation <name>', 'what its documents are submitted as')
    .option('--out <file>', 'the mapping to write; it must not exist (default: mappings/PROVIDER/NAME.yaml)')
    .option('--json', 'one JSON object per line')
    .action(
      act(async (flags: InitFlags) => {
        const output = createOutput(flags);
        const project = await openProject(program.opts<{ config: string }>().config, output);
        if (project === undefined) return exitCodes.usage;
        const { from: file, provider, operation, out } = flags;
        const request: InitRequest = { file, provider, operation, ...(out === undefined ? {} : { out }) };
        tellProposal(await initMapping(project, request), project.config.file, output);
        return exitCodes.well;
      }),
    );
}

function tellProposal(result: InitResult, config: string, output: Output): void {
  const { inspection, questions, proposal, flow, first } = result;
  const mapping = relative(process.cwd(), result.mapping);
  const { todo, unsure } = questions;
  const options = inspection.detection.points
    .filter(({ sureness }) => sureness === 'unsure')
    .map(({ option }) => `read.${option}`);
  const doubtful = [...options, ...unsure];
  const { type, key } = proposal.document;
  output.tell(
    {
      event: 'proposed',
      mapping,
      file: inspection.file,
      format: inspection.detection.format,
      records: inspection.records,
      document: { type, key },
      todo,
      unsure: doubtful,
      unread: proposal.unread,
      issues: first?.issues ?? [],
      flow: { [flow.name]: flow.flow },
    },
    `wrote ${mapping}: ${inspection.records} records of ${inspection.file} as ${type} by ${key}`,
  );
  if (!output.isForPeople) return;
  if (todo.length > 0) output.text(`required, and nothing in the file fits: ${todo.join(', ')}`);
  if (doubtful.length > 0) output.text(`not sure: ${doubtful.join(', ')}`);
  if (proposal.unread.length > 0) output.text(`read by nothing: ${proposal.unread.join(', ')}`);
  output.text(nextSteps(result, mapping, config, todo.length + doubtful.length > 0));
}

function nextSteps({ flow, submit }: InitResult, mapping: string, config: string, isOpen: boolean): string {
  const settle = isOpen ? [`settle every line of ${mapping} that says TODO or sure?`] : [];
  const steps = [
    ...settle,
    `npx dray test --accept ${mapping} --provider ${submit.provider} --operation ${submit.operation}\n       writes what the first document becomes into its test; read it`,
    `add under inbound: of ${config}\n${flow.text.replaceAll(/^/gm, '       ')}`,
    'npx dray check   and then   npx dray run',
  ];
  return ['next:', ...steps.map((step, index) => `  ${index + 1}. ${step}`)].join('\n');
}
