import { createHash } from 'node:crypto';
import { isFailure } from '../../core/failure.ts';
import type { Folder } from '../../core/folder.ts';
import { createIssue, type Issue } from '../../core/issue.ts';
import type { Drop, DropFile } from '../../core/ledger.ts';
import { baseName, directoryOf, freeName, splitName, type InboundFlow, type InboundParts } from '../flow.ts';
import { claimedPath } from './claimed-path.ts';
import { claimMarker, fileMarker, giveBackMarker } from './marker.ts';
import { lateReadTime, toRemember, type ReadTime } from './memory.ts';
import { releaseSpool } from './release-spool.ts';

/**
 * Files the originals of a received drop away. What is filed is what was parsed: the original is first claimed under a
 * name only we use, its bytes are compared with the spool, and only then does it get its final name, or goes. A file that
 * the sender put in its place meanwhile goes back and is a drop of its own. `read`: when they were read, as far as it is
 * known. Originals that stay are remembered.
 */
export async function settleDrop(drop: Drop, flow: InboundFlow, parts: InboundParts, read?: ReadTime): Promise<void> {
  const { ledger, log } = parts;
  if (flow.original === 'leave') {
    await leaveAll(drop, flow);
    const known = toRemember(drop, read ?? (await lateReadTime(drop, flow, parts)));
    await ledger.settleDrop(drop.id, [], known);
  } else await ledger.settleDrop(drop.id, await fileAll(drop, flow, parts));
  await releaseSpool(drop.id, parts);
  log.info({ drop: drop.id, flow: flow.name, refused: drop.isRefused }, 'drop settled');
}

/** Where a drop goes that was begun to be moved before its flow was told to leave originals where they are. */
async function leaveAll({ id, state, files }: Drop, { folder }: InboundFlow): Promise<void> {
  if (state !== 'settling') return;
  for (const file of files) {
    const claimed = claimedPath(id, file);
    if ((await folder.stat(claimed)) !== undefined) await giveBack(folder, claimed, file.path, id);
  }
}

async function fileAll(drop: Drop, flow: InboundFlow, parts: InboundParts): Promise<readonly Issue[]> {
  const targets = new Map(drop.files.map((file) => [file.part, file.target]));
  const isFresh = drop.state !== 'settling';
  if (isFresh || (!isDeleted(drop, flow) && drop.files.some(({ target }) => target === ''))) {
    for (const file of drop.files) targets.set(file.part, await chooseTarget(drop, file, flow));
    await parts.ledger.beginSettling(drop.id, targets);
  }
  const issues: Issue[] = [];
  for (const file of drop.files) {
    const filing = { drop, file, target: targets.get(file.part) ?? '', isFresh, flow, parts };
    try {
      issues.push(...(await settleFile(filing)));
    } catch (error) {
      if (!isFailure(error, 'name-taken')) throw error;
      // Somebody took the name since it was chosen.
      const target = await chooseTarget(drop, file, flow);
      await parts.ledger.beginSettling(drop.id, targets.set(file.part, target));
      issues.push(...(await settleFile({ ...filing, target, isFresh: false })));
    }
  }
  return issues;
}

/** Refused drops are kept: somebody has to mend them. */
function isDeleted(drop: Drop, flow: InboundFlow): boolean {
  return flow.original === 'delete' && !drop.isRefused;
}

async function chooseTarget(drop: Drop, file: DropFile, flow: InboundFlow): Promise<string> {
  if (isDeleted(drop, flow)) return '';
  const directory = drop.isRefused ? flow.failed : flow.done;
  const isFree = async (path: string): Promise<boolean> => (await flow.folder.stat(path)) === undefined;
  return freeName(directory, baseName(file.path), drop.id, isFree);
}

interface Filing {
  readonly drop: Drop;
  readonly file: DropFile;
  /** Empty for an original that is deleted. */
  readonly target: string;
  /** Nothing was done yet: no name of ours can be there, and the target was free a moment ago. */
  readonly isFresh: boolean;
  readonly flow: InboundFlow;
  readonly parts: InboundParts;
}

/**
 * The marker goes first, and comes back first when the file was not the one that was read. So no marker ever stands beside a
 * half-written next file of the same name, and a new file always finds the marker that announces it.
 */
async function settleFile(filing: Filing): Promise<readonly Issue[]> {
  const { drop, file, target, flow } = filing;
  await claimMarker(drop.id, file, flow);
  const issues = await settleData(filing);
  await fileMarker(drop.id, file, target, flow);
  return issues;
}

async function settleData(filing: Filing): Promise<readonly Issue[]> {
  const { drop, file, target, isFresh, flow, parts } = filing;
  const { id } = drop;
  const { folder } = flow;
  const claimed = claimedPath(id, file);
  const isThere = async (path: string): Promise<boolean> => (await folder.stat(path)) !== undefined;
  if (isFresh || !(await isThere(claimed))) {
    if (!isFresh && target !== '' && (await hasBytes(folder, target, file.hash))) {
      // What stands there now is the next file, and so is the marker.
      if (await isThere(file.path)) await giveBackMarker(id, file, flow);
      return [];
    }
    if (!(await claim(folder, file.path, claimed)) && !(isFresh && (await isThere(claimed)))) {
      if (target === '') return [];
      await restore(target, file, folder, parts);
      return [createIssue('original-missing', { file: baseName(file.path) }, { severity: 'warning' })];
    }
  }
  if (await hasBytes(folder, claimed, file.hash)) {
    if (target === '') await folder.remove(claimed);
    else await placeOwn(folder, claimed, target, file.hash);
    return [];
  }
  await giveBackMarker(id, file, flow);
  await giveBack(folder, claimed, file.path, id);
  if (target !== '') await restore(target, file, folder, parts);
  parts.log.warn({ drop: id }, 'the sender replaced the file after it was read; the new one is taken as its own drop');
  return [];
}

async function claim(folder: Folder, path: string, claimed: string): Promise<boolean> {
  try {
    await folder.claim(path, claimed);
    return true;
  } catch (error) {
    if (isFailure(error, 'file-gone')) return false;
    throw error;
  }
}
async function placeOwn(folder: Folder, claimed: string, target: string, hash: string): Promise<void> {
  try {
    await folder.place(claimed, target);
  } catch (error) {
    // A crash between link and unlink leaves both names: the target is ours when its bytes are.
    if (!isFailure(error, 'name-taken') || !(await hasBytes(folder, target, hash))) throw error;
    await folder.remove(claimed);
  }
}

/** Puts a file that is not ours back where it was, beside a newer one if need be. */
async function giveBack(folder: Folder, claimed: string, path: string, id: number): Promise<void> {
  try {
    await folder.place(claimed, path);
  } catch (error) {
    if (!isFailure(error, 'name-taken')) throw error;
    const { stem, extension } = splitName(baseName(path));
    await folder.place(claimed, `${directoryOf(path)}${stem}.before-${id}${extension}`);
  }
}

/** Writes the bytes that were parsed to the target. */
async function restore(target: string, file: DropFile, folder: Folder, parts: InboundParts): Promise<void> {
  if (await hasBytes(folder, target, file.hash)) return;
  const temporary = `${directoryOf(target)}.dray-restore-${file.spool}.tmp`;
  await folder.writeTemporary(temporary, parts.spool.read(file.spool));
  await folder.publish(temporary, target);
}

async function hasBytes(folder: Folder, path: string, hash: string): Promise<boolean> {
  try {
    const file = await folder.open(path);
    try {
      const digest = createHash('sha256');
      for await (const chunk of file.bytes()) digest.update(chunk);
      return digest.digest('hex') === hash;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isFailure(error, 'file-gone')) return false;
    throw error;
  }
}
