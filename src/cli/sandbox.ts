import { once } from 'node:events';
import process from 'node:process';
import type { Command } from 'commander';
import { startLoneSandbox } from '../app/sandbox.ts';
import { Failure } from '../core/failure.ts';
import type { Act } from './index.ts';
import { createOutput, exitCodes } from './output.ts';

interface SandboxFlags {
  port: string;
  scale: string;
  seed: string;
  state?: string;
  json?: boolean;
}

export function addSandbox(program: Command, act: Act): void {
  program
    .command('sandbox')
    .description('the stand-in for the providers, on a loopback port')
    .option('--port <number>', 'port; 0 takes a free one', '0')
    .option('--scale <number>', 'sandbox seconds per real second', '1')
    .option('--seed <number>', 'decides every choice', '1')
    .option('--state <file>', 'keep the state over restarts')
    .option('--json', 'one JSON object per line')
    .action(
      act(async (flags: SandboxFlags) => {
        const output = createOutput(flags);
        const stateFile = flags.state === undefined ? {} : { stateFile: flags.state };
        const sandbox = await startLoneSandbox({
          port: port(flags.port),
          scale: number(flags.scale),
          seed: number(flags.seed),
          ...stateFile,
        });
        output.tell(
          { event: 'start', url: sandbox.url },
          `sandbox on ${sandbox.url}: CTL under /ctl, administration under /__admin`,
        );
        await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
        await sandbox.close();
        return exitCodes.well;
      }),
    );
}

function port(text: string): number {
  const value = number(text);
  if (!Number.isInteger(value) || value > 65_535) throw new Failure('bad-usage', `${text} is not a port`);
  return value;
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new Failure('bad-usage', `${text} is not a number`);
  return value;
}
