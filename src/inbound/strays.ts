import type { Clock } from '../core/clock.ts';
import type { FileEntry, NoFile } from '../core/folder.ts';
import type { Log } from '../core/log.ts';
import { headName } from '../mapping/index.ts';
import { baseName, type WatchedFlow } from './flow.ts';
import type { Waiting } from './scan.ts';

/** Names what is in a directory and what nobody is going to take. */
export interface Strays {
  /**
   * `isHurried`: companions are named at once and not only when their picked file never came. `isWatching`: files that none
   * of the flows picks are named too. `noFiles`: what is no file at all.
   */
  find(
    entries: ReadonlyMap<string, FileEntry>,
    isHurried: boolean,
    isWatching: boolean,
    noFiles?: readonly NoFile[],
  ): readonly Waiting[];
}

const NO_FILE = {
  directory: 'a directory; only files of the inbound directory itself are taken',
  link: 'a symbolic link; links are not followed',
  other: 'a pipe, a socket or a device',
} as const satisfies Record<NoFile['kind'], string>;

/** How many quiet times a companion is given before its picked file counts as missing. */
const LONE_QUIET_TIMES = 10;
const MOST_NAMED = 20;

/** `flows`: those that pick from the directory. */
export function createStrays(
  flows: readonly WatchedFlow[],
  clock: Pick<Clock, 'monotonic'>,
  log?: Pick<Log, 'warn'>,
): Strays {
  const since = new Map<string, number>();
  let logged: ReadonlySet<string> = new Set();
  return {
    find(entries, isHurried, isWatching, noFiles = []) {
      const found: Waiting[] = [];
      const strays: Waiting[] = [];
      const lonely = new Set<string>();
      const claimed = claimedNames(flows, entries);
      for (const [name, { path }] of entries) {
        const flow = flows.find(({ mapping }) => headName(mapping.definition, name) !== undefined);
        if (flow !== undefined && !isHead(name, flows)) {
          if (claimed.has(name)) continue;
          lonely.add(path);
          if (!since.has(path)) since.set(path, clock.monotonic());
          const waitedMs = clock.monotonic() - (since.get(path) ?? 0);
          if (!isHurried && waitedMs < flow.quietMs * LONE_QUIET_TIMES) continue;
          const head = headName(flow.mapping.definition, name) ?? '';
          found.push({ flow: flow.name, path, why: `belongs to ${head}, which has not come` });
        } else if (isWatching && !flows.some((each) => each.picks(name))) {
          strays.push({ flow: flows[0]?.name ?? '', path, why: 'no flow picks a file of this name', isStray: true });
        }
      }
      for (const path of since.keys()) if (!lonely.has(path)) since.delete(path);
      const untakable = noFiles.flatMap((entry) => untaken(entry, flows, isWatching));
      for (const { path, flow } of untakable)
        if (!logged.has(path)) log?.warn({ flow, path, code: 'not-a-file' }, 'not taken: it is no regular file');
      logged = new Set(untakable.map(({ path }) => path));
      return [...found, ...fewOf(strays), ...fewOf(untakable, 'that are no regular files')];
    },
  };
}

/** Directories that dray itself works in belong there. */
function untaken({ path, kind }: NoFile, flows: readonly WatchedFlow[], isWatching: boolean): Waiting[] {
  const picking = flows.find(({ picks }) => picks(baseName(path)));
  if (picking === undefined && !isWatching) return [];
  if (kind === 'directory' && flows.some(({ isOwnDirectory }) => isOwnDirectory?.(path) === true)) return [];
  const flow = (picking ?? flows[0])?.name ?? '';
  return [{ flow, path, why: `not-a-file: ${NO_FILE[kind]}`, isStray: true }];
}

/** Whether a flow takes it as the picked file. */
function isHead(name: string, flows: readonly WatchedFlow[]): boolean {
  return flows.some(({ picks, mapping }) => picks(name) && mapping.companions(name) !== undefined);
}

/** Names of companions whose picked files are there. */
function claimedNames(flows: readonly WatchedFlow[], entries: ReadonlyMap<string, FileEntry>): ReadonlySet<string> {
  const claimed = new Set<string>();
  for (const { picks, mapping } of flows) {
    if (Object.keys(mapping.definition.read.with).length === 0) continue;
    for (const name of entries.keys()) {
      if (picks(name)) for (const companion of mapping.companions(name)?.values() ?? []) claimed.add(companion);
    }
  }
  return claimed;
}

function fewOf(strays: readonly Waiting[], which = 'that no flow picks'): readonly Waiting[] {
  const more = strays.length - MOST_NAMED;
  const last = strays[MOST_NAMED];
  if (last === undefined) return strays;
  const directory = last.path.slice(0, last.path.lastIndexOf('/') + 1) || './';
  const why = `${more} more files ${which}`;
  return [...strays.slice(0, MOST_NAMED), { ...last, path: directory, why }];
}
