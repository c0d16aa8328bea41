import type { Config } from '../config/index.ts';
import { Failure } from '../core/failure.ts';
import { decide } from './incidents.ts';

/**
 * A person decided: a file that stays in its folder is to be taken once more. Answers false when it is not known.
 * @throws Failure bad-usage when no flow leaves its originals in that folder.
 */
export async function forgetFile(config: Config, folder: string, path: string): Promise<boolean> {
  const leaves = [...config.inbound.values()].some((flow) => flow.folder === folder && flow.original === 'leave');
  if (!leaves) throw new Failure('bad-usage', `no inbound flow leaves its originals in a folder ${folder}`);
  return (await decide(config, (ledger) => ledger.forgetFiles(folder, [path]))) > 0;
}
