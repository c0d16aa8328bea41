import { readdirSync, readFileSync, unlinkSync } from 'node:fs';
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

const POLL_MS = 1;

/** Takes and deletes whatever appears under a final name in the directories, as soon as it can. */
export function startConsumer(root: string, directories: readonly string[]): Consumer {
  const taken: SeenFile[] = [];
  const look = (): void => {
    for (const directory of directories) {
      for (const name of visibleNames(join(root, directory))) taken.push(take(root, `${directory}/${name}`));
    }
  };
  const timer = setInterval(look, POLL_MS);
  return { taken, look, stop: () => clearInterval(timer) };
}

function take(root: string, path: string): SeenFile {
  const bytes = readFileSync(join(root, path));
  unlinkSync(join(root, path));
  return { path, hash: hashOf(bytes), content: bytes.toString('utf8') };
}

function visibleNames(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) => !name.startsWith('.'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
