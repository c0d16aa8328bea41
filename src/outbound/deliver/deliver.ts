import { createHash } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import { Failure, isFailure } from '../../core/failure.ts';
import type { Folder } from '../../core/folder.ts';
import type { Ledger, Marker, OutboundFile, Spool } from '../../core/ledger.ts';
import type { Log } from '../../core/log.ts';

export interface DeliveryParts {
  readonly ledger: Ledger;
  readonly spool: Spool;
  readonly clock: Clock;
  readonly log: Log;
}

/** `waiting`: the reader has not taken the file before it, whose name it has. */
export type Delivery = 'published' | 'waiting';

/**
 * Brings a built file to its folder: `built → written → published`. One rename publishes. In `written`, a temporary
 * file that is gone was published, whether or not its reader has taken it since: it is never published again.
 */
export async function deliverFile(file: OutboundFile, folder: Folder, parts: DeliveryParts): Promise<Delivery> {
  if (file.state === 'built') {
    const isThere = await isInPlace(file, folder);
    if (!isThere) await folder.writeTemporary(file.temporaryPath, parts.spool.read(file.spool));
    await parts.ledger.markWritten(file.id);
    if (isThere) return settle(file, parts);
  }
  if (file.replaces !== undefined && !(await makeWay(file, folder, parts))) return 'waiting';
  try {
    await folder.publish(file.temporaryPath, file.path);
  } catch (error) {
    if (file.state !== 'written' || !isFailure(error, 'file-gone')) throw error;
  }
  return settle(file, parts);
}

async function settle(file: OutboundFile, { ledger, spool, clock, log }: DeliveryParts): Promise<Delivery> {
  await ledger.markPublished(file.id, clock.now());
  if (file.keepMs === undefined) await spool.remove(file.spool);
  log.info({ file: file.path, flow: file.flow, kind: file.kind, rows: file.rows }, 'file published');
  return 'published';
}

/** A file that is written again may still lie there as it was. */
async function isInPlace({ rewrites, path, size, hash }: OutboundFile, folder: Folder): Promise<boolean> {
  if (rewrites === undefined || (await folder.stat(path))?.size !== size) return false;
  const there = await folder.open(path);
  try {
    const digest = createHash('sha256');
    for await (const chunk of there.bytes()) digest.update(chunk);
    return digest.digest('hex') === hash;
  } finally {
    await there.close();
  }
}

/** Frees the name of a file that replaces another one; answers whether it is free. */
async function makeWay(file: OutboundFile, folder: Folder, { ledger, log }: DeliveryParts): Promise<boolean> {
  // Without its temporary file it is published, and what has the name is itself.
  if ((await folder.stat(file.temporaryPath)) === undefined) return true;
  const isTaken = (await folder.stat(file.path)) !== undefined;
  // Only the newest file of a name is written again: whatever has the name now was never published by us.
  if (isTaken && file.rewrites !== undefined) throw new Failure('name-taken', 'by a file that is not ours');
  if (file.replaces === 'wait') {
    const isAnnounced = file.markerPath !== undefined && (await folder.stat(file.markerPath)) !== undefined;
    return !isTaken && !isAnnounced;
  }
  // The marker first: without it nobody takes the file that is about to move.
  if (file.markerPath !== undefined) await folder.remove(file.markerPath);
  if (!isTaken) return true;
  const before = await ledger.fileBefore(file.id);
  if (before?.archivePath === undefined) throw new Failure('name-taken', 'by a file that is not ours');
  await folder.place(file.path, before.archivePath);
  log.info({ flow: file.flow, file: file.path, archive: before.archivePath }, 'file archived');
  return true;
}

/** Puts the marker beside a published file, in the same steps. */
export async function deliverMarker(marker: Marker, folder: Folder, { ledger }: DeliveryParts): Promise<void> {
  if (marker.state === 'built') {
    // Of a file that is written again it may still lie there.
    if ((await folder.stat(marker.path))?.size === 0) return ledger.markMarker(marker.fileId, 'published');
    await folder.writeTemporary(marker.temporaryPath, noBytes());
    await ledger.markMarker(marker.fileId, 'written');
  }
  try {
    await folder.publish(marker.temporaryPath, marker.path);
  } catch (error) {
    if (marker.state !== 'written' || !isFailure(error, 'file-gone')) throw error;
  }
  await ledger.markMarker(marker.fileId, 'published');
}

async function* noBytes(): AsyncGenerator<Uint8Array> {
  yield* [];
}
