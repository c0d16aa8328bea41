import { isFailure } from '../../core/failure.ts';
import type { FileEntry, OpenFile } from '../../core/folder.ts';
import type { Ending } from '../../core/format.ts';
import type { WatchedFlow } from '../flow.ts';

// Enough for a line end in any encoding, a closing bracket, or the end record of a zip directory.
const TAIL_BYTES = 64;

/** Whether an opened file is kept for whoever takes it; the others are closed. */
export type Keep = (file: OpenFile) => boolean;

/** How a file ends. `opened`: what was read for that, where it is kept. */
export async function endingOf(
  part: string,
  entry: FileEntry,
  flow: Pick<WatchedFlow, 'folder' | 'format' | 'readOptions'>,
  keep: Keep,
): Promise<{ readonly ending: Ending; readonly opened?: OpenFile }> {
  if (entry.size === 0) return { ending: 'empty' };
  try {
    const file = await flow.folder.open(entry.path);
    let isKept = false;
    try {
      const length = Math.min(TAIL_BYTES, entry.size);
      const tail = await file.read(entry.size - length, length);
      const ending = flow.format.ending(tail, entry.size, flow.readOptions(part));
      isKept = ending === 'complete' && keep(file);
      return isKept ? { ending, opened: file } : { ending };
    } finally {
      if (!isKept) await file.close();
    }
  } catch (error) {
    // Intake meets the same trouble and says it properly.
    if (isFailure(error, 'no-permission') || isFailure(error, 'not-a-regular-file')) return { ending: 'complete' };
    if (isFailure(error, 'file-gone')) return { ending: 'open' };
    throw error;
  }
}
