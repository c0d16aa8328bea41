import { createHash } from 'node:crypto';
import { isFailure } from '../core/failure.ts';
import type { Folder } from '../core/folder.ts';
import { createIssue, type Issue } from '../core/issue.ts';
import type { Drop, DropFile } from '../core/ledger.ts';
import { releaseSpool } from './release-spool.ts';
import { baseName, freeName, splitName, type InboundFlow, type InboundParts } from './flow.ts';

/**
 * Files the originals of a received drop away. What is filed is what was parsed: the original is first claimed under a
 * name only we use, its bytes are compared with the spool, and only then does it get its final name. A file that the
 * sender put in its place meanwhile goes back and is a drop of its own.
 */
export async function settleDrop(drop: Drop, flow: InboundFlow, parts: InboundParts): Promise<void> {
  const targets = new Map(drop.files.map((file) => [file.part, file.target]));
  if (drop.state !== 'settling') {
    for (const file of drop.files) targets.set(file.part, await chooseTarget(drop, file, flow));
    await parts.ledger.beginSettling(drop.id, targets);
  }
  const issues: Issue[] = [];
  for (const file of drop.files) {
    try {
      issues.push(...(await settleFile(drop.id, file, targets.get(file.part) ?? '', flow.folder, parts)));
    } catch (error) {
      if (!isFailure(error, 'name-taken')) throw error;
      // Somebody took the name since it was chosen.
      const target = await chooseTarget(drop, file, flow);
      await parts.ledger.beginSettling(drop.id, targets.set(file.part, target));
      issues.push(...(await settleFile(drop.id, file, target, flow.folder, parts)));
    }
  }
  await parts.ledger.settleDrop(drop.id, issues);
  await releaseSpool(drop.id, parts);
  parts.log.info({ drop: drop.id, flow: flow.name, refused: drop.isRefused }, 'drop settled');
}

function chooseTarget(drop: Drop, file: DropFile, flow: InboundFlow): Promise<string> {
  const directory = drop.isRefused ? flow.failed : flow.done;
  const isFree = async (path: string): Promise<boolean> => (await flow.folder.stat(path)) === undefined;
  return freeName(directory, baseName(file.path), drop.id, isFree);
}

async function settleFile(
  id: number,
  file: DropFile,
  target: string,
  folder: Folder,
  parts: InboundParts,
): Promise<Issue[]> {
  const claimed = `${directoryOf(file.path)}.dray-${id}${file.part === '' ? '' : `-${file.part}`}.claim`;
  if ((await folder.stat(claimed)) === undefined) {
    if (await hasBytes(folder, target, file.hash)) return [];
    if (!(await claim(folder, file.path, claimed))) {
      await restore(target, file, folder, parts);
      return [createIssue('original-missing', { file: baseName(file.path) }, { severity: 'warning' })];
    }
  }
  if (await hasBytes(folder, claimed, file.hash)) {
    await placeOwn(folder, claimed, target, file.hash);
    return [];
  }
  await giveBack(folder, claimed, file.path, id);
  await restore(target, file, folder, parts);
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

function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}
