import { InvalidArgumentError, type Command } from 'commander';
import { closeIncident, setNextNumber } from '../app/incidents.ts';
import type { Act } from './index.ts';
import { createOutput, exitCodes } from './output.ts';
import { openProject } from './project.ts';

/** What a person decides about files that should have come. */
export function addDecisions(ledger: Command, program: Command, act: Act): void {
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
    .description('say that a file that was expected will not come')
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

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Write a whole number.');
  return Number(text);
}
