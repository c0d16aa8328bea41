import type { Clock } from '../core/clock.ts';
import type { FileEntry } from '../core/folder.ts';
import { headName } from '../mapping/index.ts';
import type { WatchedFlow } from './flow.ts';
import type { Waiting } from './scan.ts';

/** Names the files of a directory that nobody is going to take. */
export interface Strays {
  /**
   * `isHurried`: companions are named at once and not only when their picked file never came. `isWatching`: files that none
   * of the flows picks are named too.
   */
  find(entries: ReadonlyMap<string, FileEntry>, isHurried: boolean, isWatching: boolean): readonly Waiting[];
}

/** How many quiet times a companion is given before its picked file counts as missing. */
const LONE_QUIET_TIMES = 10;
const MOST_NAMED = 20;

/** `flows`: those that pick from the directory. */
export function createStrays(flows: readonly WatchedFlow[], clock: Pick<Clock, 'monotonic'>): Strays {
  const since = new Map<string, number>();
  return {
    find(entries, isHurried, isWatching) {
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
      return [...found, ...fewOf(strays)];
    },
  };
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

function fewOf(strays: readonly Waiting[]): readonly Waiting[] {
  const more = strays.length - MOST_NAMED;
  const last = strays[MOST_NAMED];
  if (last === undefined) return strays;
  const directory = last.path.slice(0, last.path.lastIndexOf('/') + 1) || './';
  const why = `${more} more files that no flow picks`;
  return [...strays.slice(0, MOST_NAMED), { ...last, path: directory, why }];
}
