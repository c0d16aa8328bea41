import { InvalidArgumentError, type Command } from 'commander';
import { forgetFile } from '../app/forget.ts';
import { closeIncident, setNextNumber } from '../app/incidents.ts';
import { decideHeld, type Decision } from '../app/release.ts';
import type { Act } from './index.ts';
import { createOutput, exitCodes } from './output.ts';
import { openProject } from './project.ts';

/** What a person decides about held documents, and about files that should have come. */
export function addDecisions(ledger: Command, program: Command, act: Act): void {
  addForget(ledger, program, act);
  for (const decision of ['release', 'give-up'] as const) addDecision(ledger, program, act, decision);
  ledger
    .command('sequence')
    .description('say which number the next file of an inbound flow has: goes on without missing files, or begins anew')
    .argument('<flow>')
    .requiredOption('--next <number>', 'number of the next file', wholeNumber)
    .action(
      act(async (flow: string, { next }: { next: number }) => {
        const output = createOutput();
        const project = await openProject(program.opts<{ config: string }>().config, output);
        if (project === undefined) return exitCodes.usage;
        await setNextNumber(project.config, flow, next);
        output.tell({ event: 'sequence', flow, next }, `${flow}: the next file is number ${next}`);
        return exitCodes.well;
      }),
    );
  ledger
    .command('close')
    .description('say that a file that was expected will not come, or that a file of ours is not waited for any more')
    .argument('<incident>', 'its number in dray status', wholeNumber)
    .action(
      act(async (id: number) => {
        const output = createOutput();
        const project = await openProject(program.opts<{ config: string }>().config, output);
        if (project === undefined) return exitCodes.usage;
        const isClosed = await closeIncident(project.config, id);
        output.tell(
          { event: 'closed', incident: id, isClosed },
          `incident ${id}: ${isClosed ? 'closed' : 'is not open'}`,
        );
        return isClosed ? exitCodes.well : exitCodes.rejected;
      }),
    );
}

/** What a person decides about files that stay where they are. */
function addForget(ledger: Command, program: Command, act: Act): void {
  ledger
    .command('forget')
    .description('have a file taken once more that stays in its folder: the next look takes it as if it had just come')
    .argument('<folder>', 'its name in the configuration')
    .argument('<path>', 'path inside the folder, as dray status tells it')
    .action(
      act(async (folder: string, path: string) => {
        const output = createOutput();
        const project = await openProject(program.opts<{ config: string }>().config, output);
        if (project === undefined) return exitCodes.usage;
        const isKnown = await forgetFile(project.config, folder, path);
        const told = isKnown
          ? 'forgotten; the next look takes it'
          : 'is no file of this folder that was taken and left';
        output.tell({ event: 'forgotten', folder, path, isKnown }, `${path}: ${told}`);
        return isKnown ? exitCodes.well : exitCodes.rejected;
      }),
    );
}

const DECISIONS = {
  release: {
    description: 'send a held document again, after looking up whether the provider has it',
    event: 'released',
    tell: (count: number) => `${count} released; it is sent at the next turn`,
  },
  'give-up': {
    description: 'do not send a held document any more; those behind it with its key go on',
    event: 'given-up',
    tell: (count: number) => `${count} given up; what waits behind goes on at the next turn`,
  },
} as const satisfies Record<Decision, object>;

function addDecision(ledger: Command, program: Command, act: Act, decision: Decision): void {
  const { description, event, tell } = DECISIONS[decision];
  ledger
    .command(decision)
    .description(description)
    .argument('<key>')
    .action(
      act(async (key: string) => {
        const output = createOutput();
        const project = await openProject(program.opts<{ config: string }>().config, output);
        if (project === undefined) return exitCodes.usage;
        const submissions = await decideHeld(project.config, key, decision);
        output.tell({ event, key, submissions }, `${key}: ${tell(submissions)}`);
        return submissions > 0 ? exitCodes.well : exitCodes.rejected;
      }),
    );
}

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Write a whole number.');
  return Number(text);
}
