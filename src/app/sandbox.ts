import { dirname, join } from 'node:path';
import { startSandbox, type Sandbox } from '../sandbox/index.ts';
import type { Config } from '../config/index.ts';

export { startSandbox } from '../sandbox/index.ts';

/** Starts the built-in sandbox when a provider uses it. Its state lies beside the ledger, so that both remember the same. */
export async function startOwnSandbox(config: Config): Promise<Sandbox | undefined> {
  if (![...config.providers.values()].some(({ baseUrl }) => baseUrl === 'sandbox')) return undefined;
  const { scale, seed } = config.sandbox;
  return startSandbox({ scale, seed, stateFile: join(dirname(config.ledger), 'sandbox.json') });
}
