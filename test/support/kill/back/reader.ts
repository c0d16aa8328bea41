import { existsSync, mkdirSync, readdirSync, readFileSync, unlinkSync, watch } from 'node:fs';
import { basename, join } from 'node:path';
import type { SeenFile } from '../consumer.ts';
import { hashOf } from '../workload.ts';
import { backFlows, type BackFlow } from './project.ts';

/** Takes and deletes files as soon as they may be taken: where there are markers, when one says so. */
export interface Reader {
  readonly taken: readonly SeenFile[];
  /** What no reader should meet. */
  readonly problems: readonly string[];
  look(): void;
  stop(): void;
}

/** The system tells at once when a name appears; this is the net below it. */
const POLL_MS = 20;

export function startReader(root: string): Reader {
  const taken: SeenFile[] = [];
  const problems: string[] = [];
  const take = (path: string): void => {
    const bytes = readFileSync(join(root, path));
    unlinkSync(join(root, path));
    taken.push({ path, hash: hashOf(bytes), content: bytes.toString('utf8') });
  };
  const empty = ({ directory, hasMarker }: BackFlow): void => {
    for (const name of readdirSync(join(root, directory))) {
      if (name.startsWith('.') || name.endsWith('.ok') !== hasMarker) continue;
      const path = join(directory, hasMarker ? markedBy(name) : name);
      if (existsSync(join(root, path))) take(path);
      else problems.push(`${directory}/${name} is there without ${basename(path)}`);
      // Last, as readers do: while it is there, nobody may touch what it marks.
      if (hasMarker) unlinkSync(join(root, directory, name));
    }
  };
  const flows = Object.values<BackFlow>(backFlows).filter(({ isTaken }) => isTaken);
  const watchers = flows.map((flow) => {
    mkdirSync(join(root, flow.directory), { recursive: true });
    return watch(join(root, flow.directory), () => empty(flow));
  });
  const look = (): void => flows.forEach(empty);
  const timer = setInterval(look, POLL_MS);
  return {
    taken,
    problems,
    look,
    stop() {
      clearInterval(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}

/** Markers are called after the whole name or after its stem. */
function markedBy(marker: string): string {
  const stem = marker.slice(0, -'.ok'.length);
  return stem.endsWith('.csv') ? stem : `${stem}.csv`;
}
