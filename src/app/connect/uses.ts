import type { Config } from '../../config/index.ts';
import type { Original } from '../../core/ledger.ts';

/**
 * Every directory of a folder that a flow uses. Of those that drops arrive in what becomes of the originals, as far as that
 * is anything but `work`: files come and go.
 */
export function usesOf(folder: string, { inbound, outbound }: Config): ReadonlyMap<string, Original | 'work'> {
  const uses = new Map<string, Original | 'work'>();
  for (const flow of inbound.values()) if (flow.folder === folder) uses.set(flow.directory, flow.original);
  for (const flow of inbound.values()) {
    const filed = flow.folder === folder ? [flow.done, flow.failed] : [];
    const answered = flow.resultsFolder === folder ? [flow.results] : [];
    for (const directory of [...filed, ...answered]) if (directory !== '') uses.set(directory, 'work');
  }
  for (const flow of outbound.values()) {
    const end = flow.file.lastIndexOf('/');
    // A directory that a template names is made when its first file is.
    const directory = end > 0 && !flow.file.slice(0, end).includes('{') ? flow.file.slice(0, end) : undefined;
    if (flow.folder === folder && directory !== undefined) uses.set(directory, 'work');
  }
  return uses;
}

/** What was found to be allowed where, and what for. */
export function describeRights(uses: ReadonlyMap<string, Original | 'work'>): string {
  const of = (...wanted: readonly string[]): string[] =>
    [...uses].filter(([, use]) => wanted.includes(use)).map(([directory]) => directory);
  const worked = of('move', 'work').length;
  const places = worked === 1 ? '1 directory' : `${worked} directories`;
  return [
    ...(worked > 0 ? [`can list, read, write and rename in ${places}`] : []),
    ...of('delete').map((directory) => `can list, read, rename and delete in ${directory} (original: delete)`),
    ...of('leave').map((directory) => `can list and read in ${directory}, which is enough there (original: leave)`),
  ].join('; ');
}
