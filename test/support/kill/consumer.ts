import { mkdirSync, readdirSync, readFileSync, unlinkSync, watch } from 'node:fs';
import { join } from 'node:path';
import { hashOf } from './workload.ts';

/** An outbound file as its reader saw it. */
export interface SeenFile {
  /** Path inside the folder. */
  readonly path: string;
  readonly hash: string;
  readonly content: string;
}

/** The reader of outbound files. */
export interface Consumer {
  /** Everything taken so far, in order. */
  readonly taken: readonly SeenFile[];
  /** Takes what is there now. */
  look(): void;
  stop(): void;
}

/** The system tells at once when a name appears; this is the net below it. */
const POLL_MS = 20;

/** Takes and deletes whatever appears under a final name in the directories, as soon as it can. */
export function startConsumer(root: string, directories: readonly string[]): Consumer {
  const taken: SeenFile[] = [];
  const empty = (directory: string): void => {
    for (const name of readdirSync(join(root, directory))) {
      if (!name.startsWith('.')) taken.push(take(root, `${directory}/${name}`));
    }
  };
  const look = (): void => {
    for (const directory of directories) empty(directory);
  };
  const watchers = directories.map((directory) => {
    mkdirSync(join(root, directory), { recursive: true });
    return watch(join(root, directory), () => empty(directory));
  });
  const timer = setInterval(look, POLL_MS);
  return {
    taken,
    look,
    stop() {
      clearInterval(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}

function take(root: string, path: string): SeenFile {
  const bytes = readFileSync(join(root, path));
  unlinkSync(join(root, path));
  return { path, hash: hashOf(bytes), content: bytes.toString('utf8') };
}
