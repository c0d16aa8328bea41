import { readFile, rename, writeFile } from 'node:fs/promises';

const DEBOUNCE_MS = 100;

/** Keeps a text in a file that is always whole. */
export interface StateFile {
  /** The text kept earlier; undefined when there is none. */
  read(): Promise<string | undefined>;
  /** Has the text written soon. */
  touch(): void;
  /** Writes the text now and stops. Throws what the last write threw. */
  close(): Promise<void>;
}

/** A state file at `path` whose text is taken from `produce` at the moment of writing. */
export function createStateFile(path: string, produce: () => string): StateFile {
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  let failure: unknown;
  const write = (): Promise<void> => {
    timer = undefined;
    writing = writing.then(() => replaceFile(path, produce()));
    // Kept for close, which is where somebody can be told.
    writing = writing.catch((error: unknown) => {
      failure = error;
    });
    return writing;
  };
  return {
    read: () => readIfThere(path),
    touch() {
      timer ??= setTimeout(() => void write(), DEBOUNCE_MS).unref();
    },
    async close() {
      clearTimeout(timer);
      failure = undefined;
      await write();
      if (failure !== undefined) throw new Error(`the state could not be kept in ${path}`, { cause: failure });
    },
  };
}

async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.tmp`;
  await writeFile(temporary, text);
  await rename(temporary, path);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
