import { Failure, failureCatalogue, isFailure } from '../../core/failure.ts';
import type { FileEntry, Folder } from '../../core/folder.ts';
import type { Bytes } from '../../core/format.ts';

/** What can be done in a directory, in the order in which it is tried. */
const STEPS = ['list', 'read', 'write', 'rename', 'remove'] as const;
type Step = (typeof STEPS)[number];

/** Why a step cannot be done; steps that can be are not in it. */
export type Missing = ReadonlyMap<Step, string>;

const TEXT = 'dray looks whether it may write here; this file can be deleted\n';

/** What is done in a directory: files are read and stay, or they come, go and are renamed. */
export type Use = 'read' | 'work';

/**
 * Tries in a directory what flows do there, with a temporary file that is removed; where they only read, nothing is written.
 * Steps that need an earlier one which failed are told with it.
 * @throws Failure when the folder as a whole is out of reach.
 */
export async function probeDirectory(folder: Folder, directory: string, mark: string, use: Use): Promise<Missing> {
  const missing = new Map<Step, string>();
  const step = async <T>(name: Step, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Failure) || isWhole(error)) throw error;
      missing.set(name, failureCatalogue[error.code].what);
      return undefined;
    }
  };
  const temporary = `${directory}/.dray-check-${mark}.tmp`;
  const renamed = `${directory}/.dray-check-${mark}-renamed.tmp`;
  const listed = await step('list', () => firstOf(folder, directory, use === 'read'));
  if (use === 'work') await step('write', () => folder.writeTemporary(temporary, bytesOf(TEXT)));
  const isWritten = use === 'work' && !missing.has('write');
  const example = isWritten ? temporary : listed?.path;
  if (example !== undefined) await step('read', () => readSome(folder, example));
  if (isWritten) {
    await step('rename', () => folder.claim(temporary, renamed));
    const left = missing.has('rename') ? temporary : renamed;
    await step('remove', () => folder.remove(left));
  }
  return missing;
}

/** `list, read: yes; write: permission denied` for a directory where something is missing. */
export function describeMissing(missing: Missing): string {
  return [...missing].map(([step, why]) => `cannot ${step === 'remove' ? 'delete' : step} (${why})`).join(', ');
}

/** Nothing else in the folder will be any better. */
function isWhole(failure: Failure): boolean {
  return failure.code.startsWith('server-') || failure.code === 'folder-gone' || failure.code === 'disk-error';
}

async function firstOf(folder: Folder, directory: string, mustExist: boolean): Promise<FileEntry | undefined> {
  for await (const entry of folder.list(directory, { mustExist })) if (entry.unusable === undefined) return entry;
  return undefined;
}

async function readSome(folder: Folder, path: string): Promise<void> {
  try {
    const file = await folder.open(path);
    try {
      await file.read(0, TEXT.length);
    } finally {
      await file.close();
    }
  } catch (error) {
    // Somebody took it: that says nothing about rights.
    if (!isFailure(error, 'file-gone')) throw error;
  }
}

async function* bytesOf(text: string): Bytes {
  yield await Promise.resolve(Buffer.from(text));
}
