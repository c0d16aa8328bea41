import type { Folder } from '../../core/folder.ts';
import type { OutboundParts } from '../flow.ts';

/**
 * Withdraws a file that is not out: its number is void, and what stood in it comes in the next file. Answers false for
 * one that is out, or whose counts cannot be taken back.
 */
export async function withdrawFile(
  fileId: number,
  folders: ReadonlyMap<string, Folder>,
  { ledger, spool, clock, log }: OutboundParts,
): Promise<boolean> {
  const file = (await ledger.unpublishedFiles()).find(({ id }) => id === fileId);
  if (file === undefined) return false;
  const folder = folders.get(file.folder);
  // Written without its temporary file is out; where nobody can look, it may be.
  if (file.state === 'written' && (await folder?.stat(file.temporaryPath)) === undefined) return false;
  if (!(await ledger.voidFile(fileId, clock.now()))) return false;
  if (file.state === 'written') await folder?.remove(file.temporaryPath);
  await spool.remove(file.spool);
  log.warn({ flow: file.flow, file: file.path, sequence: file.sequence }, 'file withdrawn; its number is void');
  return true;
}
