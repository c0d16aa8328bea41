import process from 'node:process';
import { Command, CommanderError } from 'commander';
import { Failure, systemCode } from '../core/failure.ts';
import { addCheck } from './check.ts';
import { addInit } from './init.ts';
import { addLedger } from './ledger.ts';
import { addMap } from './map.ts';
import { exitCodes, type ExitCode } from './output.ts';
import { addRun } from './run.ts';
import { addSandbox } from './sandbox.ts';
import { addSchema } from './schema.ts';
import { addStatus } from './status.ts';
import { addTest } from './test.ts';
import { version } from './version.ts';
import { addWhatIf } from './whatif.ts';

/** Adds a command; its action answers the exit code. */
export type Act = <Arguments extends unknown[]>(
  action: (...given: Arguments) => Promise<ExitCode>,
) => (...given: Arguments) => Promise<void>;

/** Runs one command line. Answers the exit code; never throws. */
export async function runCommand(argv: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = exitCodes.well;
  const act: Act =
    (action) =>
    async (...given) => {
      code = await action(...given);
    };
  const program = new Command('dray')
    .description("Carries goods' paperwork between systems that speak files and logistics providers that speak HTTP.")
    .version(version)
    .option('--config <file>', 'configuration', 'config.yaml')
    .showHelpAfterError()
    .exitOverride();
  for (const add of [
    addRun,
    addCheck,
    addMap,
    addTest,
    addInit,
    addWhatIf,
    addStatus,
    addLedger,
    addSandbox,
    addSchema,
  ])
    add(program, act);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    return exitCodeOf(error);
  }
}

function exitCodeOf(error: unknown): ExitCode {
  // Help and version were asked for; anything else commander stops at is wrong usage, and it has said so.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.well : exitCodes.usage;
  if (error instanceof Failure) {
    process.stderr.write(`dray: ${error.code}: ${error.message}\n`);
    return error.code === 'bad-config' || error.code === 'bad-usage' ? exitCodes.usage : exitCodes.unable;
  }
  // A bug: where it happened helps, what it said may hold data of a file.
  const stack =
    error instanceof Error ? (error.stack ?? error.name).split('\n').filter((line) => /^\s+at /.test(line)) : [];
  const name = error instanceof Error ? error.name : 'error';
  process.stderr.write(
    `dray: unexpected ${[name, systemCode(error)].filter(Boolean).join(' ')}\n${stack.slice(0, 8).join('\n')}\n`,
  );
  return exitCodes.unable;
}
