import { access, constants } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Failure, systemCode } from '../core/failure.ts';
import { startSandbox, type Sandbox, type SandboxOptions } from '../sandbox/index.ts';
import type { Config } from '../config/index.ts';
import { sandboxStateBeside } from './beside-ledger.ts';

/** Starts a sandbox of its own. @throws Failure bad-usage when the port is taken or the state file cannot be used. */
export async function startLoneSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { stateFile } = options;
  try {
    // Rather now than when there is something to keep.
    if (stateFile !== undefined) await access(dirname(resolve(stateFile)), constants.W_OK);
    return await startSandbox(options);
  } catch (error) {
    throw new Failure('bad-usage', `the sandbox cannot start (${systemCode(error) ?? 'state file'})`, { cause: error });
  }
}

/** Starts the built-in sandbox when a provider uses it. Its state lies beside the ledger, so that both remember the same. */
export async function startOwnSandbox(config: Config): Promise<Sandbox | undefined> {
  if (![...config.providers.values()].some(({ baseUrl }) => baseUrl === 'sandbox')) return undefined;
  const { scale, seed } = config.sandbox;
  return startSandbox({ scale, seed, stateFile: sandboxStateBeside(config.ledger) });
}
