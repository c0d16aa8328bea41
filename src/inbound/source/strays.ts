import type { Clock } from '../../core/clock.ts';
import type { FileEntry, NoFile } from '../../core/folder.ts';
import type { Log } from '../../core/log.ts';
import { headName } from '../../mapping/index.ts';
import { baseName, isMarker, isPicked, markerOf, type WatchedFlow } from '../flow.ts';
import type { Waiting } from './scan.ts';

/** Names what is in a directory and what nobody is going to take. */
export interface Strays {
  /**
   * `isHurried`: companions and markers are named at once and not only when their file never came. `isWatching`: files that none
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

/** How many quiet times a companion or a marker is given before its file counts as missing. */
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
      const markers = markerNames(flows, entries);
      for (const [name, { path }] of entries) {
        if (claimed.has(name) || markers.has(name)) continue;
        const owner = ownerOf(name, flows);
        if (owner !== undefined) {
          lonely.add(path);
          if (!since.has(path)) since.set(path, clock.monotonic());
          const waitedMs = clock.monotonic() - (since.get(path) ?? 0);
          if (!isHurried && waitedMs < owner.flow.quietMs * LONE_QUIET_TIMES) continue;
          found.push({ flow: owner.flow.name, path, why: owner.why });
        } else if (isWatching && !flows.some((each) => isPicked(each, name))) {
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

/** The flow that a companion or a marker belongs to, and what is said of it alone; undefined for any other file. */
function ownerOf(name: string, flows: readonly WatchedFlow[]): { flow: WatchedFlow; why: string } | undefined {
  if (isHead(name, flows)) return undefined;
  for (const flow of flows) {
    const head = headName(flow.mapping.definition, name);
    if (head !== undefined) return { flow, why: `belongs to ${head}, which has not come` };
    if (isMarker(flow.marker, name)) return { flow, why: 'a marker whose file has not come' };
  }
  return undefined;
}

/** Names of the markers whose files are there, companions among them. */
function markerNames(flows: readonly WatchedFlow[], entries: ReadonlyMap<string, unknown>): ReadonlySet<string> {
  const names = new Set<string>();
  for (const flow of flows) {
    const { marker, mapping } = flow;
    if (marker === undefined) continue;
    for (const name of entries.keys()) {
      const isOfDrop = isPicked(flow, name) || headName(mapping.definition, name) !== undefined;
      if (isOfDrop && !isMarker(marker, name)) names.add(markerOf(marker, name));
    }
  }
  return names;
}

/** Whether a flow takes it as the picked file. */
function isHead(name: string, flows: readonly WatchedFlow[]): boolean {
  return flows.some((flow) => isPicked(flow, name) && flow.mapping.companions(name) !== undefined);
}

/** Names of companions whose picked files are there. */
function claimedNames(flows: readonly WatchedFlow[], entries: ReadonlyMap<string, FileEntry>): ReadonlySet<string> {
  const claimed = new Set<string>();
  for (const flow of flows) {
    const { mapping } = flow;
    if (Object.keys(mapping.definition.read.with).length === 0) continue;
    for (const name of entries.keys()) {
      if (isPicked(flow, name))
        for (const companion of mapping.companions(name)?.values() ?? []) claimed.add(companion);
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
