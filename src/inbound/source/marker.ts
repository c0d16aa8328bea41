import { isFailure } from '../../core/failure.ts';
import type { DropFile } from '../../core/ledger.ts';
import { baseName, directoryOf, freeName, markerOf, type InboundFlow } from '../flow.ts';

type MarkedFlow = Pick<InboundFlow, 'folder' | 'marker'>;

/** Takes the marker of a file away from its sender, under a name only we use. Companions need not have one. */
export async function claimMarker(id: number, file: DropFile, { folder, marker }: MarkedFlow): Promise<void> {
  if (marker === undefined) return;
  try {
    await folder.claim(markerOf(marker, file.path), claimedPath(id, file));
  } catch (error) {
    // The sender put another one there since ours was taken: it announces the next file.
    if (!isFailure(error, 'file-gone') && !isFailure(error, 'name-taken')) throw error;
  }
}

/** Puts a marker back beside the file it announces, unless its sender has done so. */
export async function giveBackMarker(id: number, file: DropFile, { folder, marker }: MarkedFlow): Promise<void> {
  if (marker === undefined) return;
  const claimed = claimedPath(id, file);
  try {
    await folder.place(claimed, markerOf(marker, file.path));
  } catch (error) {
    if (isFailure(error, 'name-taken')) await folder.remove(claimed);
    else if (!isFailure(error, 'file-gone')) throw error;
  }
}

/** Lets a claimed marker follow its file; to a `target` that is empty nothing is moved. */
export async function fileMarker(
  id: number,
  file: DropFile,
  target: string,
  { folder, marker }: MarkedFlow,
): Promise<void> {
  if (marker === undefined) return;
  const claimed = claimedPath(id, file);
  if (target === '') return folder.remove(claimed);
  const name = baseName(markerOf(marker, target));
  const isFree = async (path: string): Promise<boolean> => (await folder.stat(path)) === undefined;
  // A move has two steps where it may not replace anything; between them the file is there under both names.
  const placed = await folder.stat(`${directoryOf(target)}${name}`);
  if (placed !== undefined && placed.fingerprint === (await folder.stat(claimed))?.fingerprint) {
    return folder.remove(claimed);
  }
  try {
    await folder.place(claimed, await freeName(directoryOf(target).slice(0, -1), name, id, isFree));
  } catch (error) {
    if (!isFailure(error, 'file-gone')) throw error;
  }
}

function claimedPath(id: number, { path, part }: DropFile): string {
  return `${directoryOf(path)}.dray-${id}${part === '' ? '' : `-${part}`}.marker.claim`;
}
