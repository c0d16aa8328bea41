import { Failure, isFailure } from '../../core/failure.ts';
import type { FileEntry, OpenFile } from '../../core/folder.ts';
import { createIssue, describeIssue } from '../../core/issue.ts';
import type { Drop, DropFile, Receipt } from '../../core/ledger.ts';
import { baseName, type InboundFlow, type InboundParts } from '../flow.ts';
import { isRetouched, readTime, toRemember } from './memory.ts';
import { createSequenceGate, type SequenceGate } from '../expect/sequence-gate.ts';
import { numberDrop, type Numbered } from '../expect/sequence.ts';
import { stageDrop } from '../reading/stage.ts';
import { settleDrop } from './settle.ts';
import { isUnfiled, type Unfiled } from './unfiled.ts';

/** A file that is ready to be taken, with its companions: '' is the picked one. */
export type Picked = ReadonlyMap<string, PickedFile>;

export interface PickedFile extends FileEntry {
  /** The file as it was read for a look at its end, where all of it is kept. */
  readonly opened?: OpenFile | undefined;
  /** The marker that stood beside it at the look. */
  readonly marker?: FileEntry | undefined;
}

// A file that ends the program each time it is read must not stop the others for ever.
const MOST_TRIES = 3;

/**
 * `waiting`: its number shows that an earlier file has not come. `known`: it is still where it was when it was taken before;
 * something about it has changed, and none of its bytes.
 */
export type Taken = 'received' | 'refused' | 'changed' | 'held' | 'waiting' | 'known';

/** A file that was looked into, and what is left to do with its originals. */
export interface TakenIn {
  readonly how: Taken;
  /** Files the originals away. Drops are received one after the other; this may be done beside what comes next. */
  readonly settle?: () => Promise<void>;
}

/** Takes one drop as {@link takeIn} does, and files its originals. */
export async function takeDrop(
  flow: InboundFlow,
  picked: Picked,
  parts: InboundParts,
  gate: SequenceGate = createSequenceGate(flow, parts),
): Promise<Taken> {
  const { how, settle } = await takeIn(flow, picked, parts, gate);
  await settle?.();
  return how;
}

/**
 * Takes one drop in: bytes to the spool, records staged, one transaction that makes it `received`.
 * Until that transaction nothing of it is visible to submission and the file stays where it is.
 * `unfiled`: what was received before and lies there still.
 * @throws Failure when the ledger, the spool or the folder cannot do its work; the drop is then as if never touched.
 */
export async function takeIn(
  flow: InboundFlow,
  picked: Picked,
  parts: InboundParts,
  gate: SequenceGate,
  unfiled: Unfiled = new Map(),
): Promise<TakenIn> {
  const { ledger, log } = parts;
  const read = readTime(flow, picked, parts);
  const drop = await ledger.beginDrop(
    flow.name,
    flow.folder.name,
    [...picked].map(([part, entry]) => unreadFile(part, entry)),
  );
  if (drop.tries > MOST_TRIES) return { how: await hold(drop, flow, parts, 'kills-reader') };
  try {
    const files = await keepFiles(flow, picked, parts);
    if (files === undefined) {
      await ledger.forgetDrop(drop.id);
      log.warn({ drop: drop.id, flow: flow.name }, 'the file changed while it was read; it is taken when it rests');
      return { how: 'changed' };
    }
    if (await isRetouched(files, flow, parts)) {
      await forgetRead(drop, files, parts);
      await ledger.rememberFiles(flow.folder.name, toRemember({ files }, read));
      return { how: 'known' };
    }
    if (isUnfiled(files, unfiled)) {
      await forgetRead(drop, files, parts);
      return { how: 'known' };
    }
    const numbered = await numberDrop(files, flow, parts);
    if (numbered.kind === 'wait') {
      gate.remember(picked, numbered.number);
      await forgetRead(drop, files, parts);
      return { how: 'waiting' };
    }
    const receipt = await receiptFor(drop.id, files, numbered, flow, parts);
    const isReceiptWanted = flow.answers?.isReceiptWanted === true;
    await ledger.receiveDrop(drop.id, isReceiptWanted ? { ...receipt, isReceiptWanted } : receipt);
    log.info({ drop: drop.id, flow: flow.name, records: receipt.records, refused: receipt.isRefused }, 'drop received');
  } catch (error) {
    return { how: await giveUp(error, drop, flow, parts) };
  }
  const received = (await ledger.unsettledDrops()).find(({ id }) => id === drop.id);
  if (received === undefined) return { how: 'received' };
  return { how: received.isRefused ? 'refused' : 'received', settle: () => settleDrop(received, flow, parts, read) };
}

/** A drop whose bytes were read and are not wanted. */
async function forgetRead({ id }: Drop, files: readonly DropFile[], { ledger, spool }: InboundParts): Promise<void> {
  await ledger.forgetDrop(id);
  for (const file of files) await spool.remove(file.spool);
}

async function receiptFor(
  dropId: number,
  files: readonly DropFile[],
  numbered: Exclude<Numbered, { kind: 'wait' }>,
  flow: InboundFlow,
  parts: InboundParts,
): Promise<Receipt> {
  if (numbered.kind === 'refuse') {
    const counts = { records: 0, ignored: 0 };
    return { files, isRefused: true, isAllOrNothing: false, issues: [numbered.issue], ...counts };
  }
  const receipt = await stageDrop(dropId, files, flow, parts);
  const { sequence, notices } = numbered;
  const issues = [...notices, ...receipt.issues];
  // Refused documents that come back have no place of their own in the sequence.
  return sequence === undefined || receipt.isReturned === true
    ? { ...receipt, issues }
    : { ...receipt, issues, sequence };
}

async function giveUp(error: unknown, drop: Drop, flow: InboundFlow, parts: InboundParts): Promise<Taken> {
  if (isFailure(error, 'not-a-regular-file')) return hold(drop, flow, parts, 'not-a-file');
  if (isFailure(error, 'no-permission')) return hold(drop, flow, parts, 'no-permission');
  // An orderly failure is no crash: it must not count as a try.
  await parts.ledger.forgetDrop(drop.id);
  if (isFailure(error, 'file-gone')) return 'changed';
  throw error;
}

async function hold(
  drop: Drop,
  flow: InboundFlow,
  parts: InboundParts,
  code: 'kills-reader' | 'not-a-file' | 'no-permission',
): Promise<Taken> {
  const issue = createIssue(code, { file: baseName(drop.files[0]?.path ?? '') });
  await parts.ledger.holdDrop(drop.id, issue);
  parts.log.error({ drop: drop.id, flow: flow.name, code, problem: describeIssue(issue) }, 'drop held');
  return 'held';
}

function unreadFile(part: string, entry: FileEntry): DropFile {
  return { part, path: entry.path, size: entry.size, fingerprint: entry.fingerprint, hash: '', spool: '', target: '' };
}

/** Copies all files to the spool; undefined when one of them is no longer what was picked. */
async function keepFiles(
  flow: InboundFlow,
  picked: Picked,
  parts: InboundParts,
): Promise<readonly DropFile[] | undefined> {
  const kept: DropFile[] = [];
  let isWhole = false;
  try {
    for (const [part, entry] of picked) {
      const file = entry.opened ?? (await flow.folder.open(entry.path));
      try {
        if (file.entry.fingerprint !== entry.fingerprint) return undefined;
        const { spool, hash, size } = await parts.spool.keep(file.bytes());
        kept.push({ ...unreadFile(part, entry), spool, hash, size });
        if (size !== entry.size || !(await file.isUnchanged())) return undefined;
      } finally {
        await file.close();
      }
    }
    isWhole = true;
    return kept;
  } finally {
    if (!isWhole) for (const { spool } of kept) await parts.spool.remove(spool);
  }
}

/** After a crash: brings every drop that is not settled to its next state. */
export async function recoverDrop(drop: Drop, flow: InboundFlow, parts: InboundParts): Promise<void> {
  if (drop.state === 'received' || drop.state === 'settling') return settleDrop(drop, flow, parts);
  if (drop.state !== 'reading') throw new Failure('bad-usage', `a drop in state ${drop.state} needs no recovery`);
  await parts.ledger.clearStaged(drop.id);
  const [picked] = drop.files;
  if (picked === undefined || (await flow.folder.stat(picked.path)) === undefined) {
    await parts.ledger.forgetDrop(drop.id);
    parts.log.warn({ drop: drop.id, flow: flow.name }, 'a file vanished before it was received');
  }
}
