import { isFailure } from '../core/failure.ts';
import type { Folder } from '../core/folder.ts';
import type { Ledger, OutboundFile, Spool } from '../core/ledger.ts';
import type { Log } from '../core/log.ts';

export interface DeliveryParts {
  readonly ledger: Ledger;
  readonly spool: Spool;
  readonly log: Log;
}

/**
 * Brings a built file to its folder: `built → written → published`. One rename publishes. In `written`, a temporary
 * file that is gone was published, whether or not its reader has taken it since: it is never published again.
 */
export async function deliverFile(file: OutboundFile, folder: Folder, parts: DeliveryParts): Promise<void> {
  if (file.state === 'built') {
    await folder.writeTemporary(file.temporaryPath, parts.spool.read(file.spool));
    await parts.ledger.markWritten(file.id);
  }
  try {
    await folder.publish(file.temporaryPath, file.path);
  } catch (error) {
    if (file.state !== 'written' || !isFailure(error, 'file-gone')) throw error;
  }
  await parts.ledger.markPublished(file.id);
  await parts.spool.remove(file.spool);
  parts.log.info({ file: file.path, flow: file.flow, kind: file.kind, rows: file.rows }, 'file published');
}
