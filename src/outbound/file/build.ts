import type { OutboundFlow, OutboundParts } from '../flow.ts';
import { batchesOfAll, batchesOfDocument, createFeeder } from './run-feeder.ts';
import { openRun, type FileRun } from './run-files.ts';

export interface Built {
  readonly rows: number;
  /** Items with rows that the mapping cannot write: they are kept for a mended one. */
  readonly deferred: number;
}

/**
 * Turns what is new in a feed into files: rows whose fact is not yet in a file of this flow. Names, bytes, facts and the
 * flow's new position become visible in one transaction; a crash before it leaves nothing.
 */
export async function buildFile(flow: OutboundFlow, parts: OutboundParts): Promise<Built> {
  const { ledger, log } = parts;
  const { position, lastRunAt } = await ledger.flowState(flow.name);
  const waiting = await ledger.deferredItems(flow.name);
  const first = await ledger.itemsAfter(flow.provider, flow.feed.name, position, 1);
  const isIdle = first.length + waiting.length === 0;
  if (isIdle && flow.empty === 'skip' && !(await isEmptySnapshot(flow, parts, lastRunAt)))
    return { rows: 0, deferred: 0 };
  const run = await openRun(flow, parts, { position, waiting });
  if (flow.per === 'document') await writeDocuments(run);
  else await writeAll(run, typeof flow.per === 'object' ? flow.per.rows : Number.POSITIVE_INFINITY);
  await run.complete();
  await forgetOlder(run);
  for (const { content } of run.files) {
    log.info({ flow: flow.name, file: content.path, rows: content.rows }, 'file built');
  }
  return { rows: run.rows, deferred: run.makers.deferred.length };
}

const FORGOTTEN_AT_ONCE = 20_000;

/** Facts of a snapshot tell its rows apart and nothing else: those of earlier ones would only fill the ledger. */
async function forgetOlder({ flow, parts, files }: FileRun): Promise<void> {
  const [first] = files;
  if (flow.feed.kind !== 'snapshot' || first === undefined) return;
  while ((await parts.ledger.forgetFacts(flow.name, first.fileId, FORGOTTEN_AT_ONCE)) === FORGOTTEN_AT_ONCE);
}

/** Where only changes are written, a snapshot without items says that everything is gone; an old one says nothing. */
async function isEmptySnapshot(
  flow: OutboundFlow,
  { ledger }: OutboundParts,
  lastRunAt: number | undefined,
): Promise<boolean> {
  if (flow.snapshot !== 'changes' || lastRunAt === undefined) return false;
  const takenAt = await ledger.snapshotTime(flow.provider, flow.feed.name);
  return takenAt !== undefined && takenAt > lastRunAt && (await ledger.lastItem(flow.provider, flow.feed.name)) === 0;
}

async function writeAll(run: FileRun, most: number): Promise<void> {
  const feeder = createFeeder(batchesOfAll(run));
  do await run.write(feeder, most);
  while (!feeder.isEmpty());
}

async function writeDocuments(run: FileRun): Promise<void> {
  const { flow, parts, waiting, position: from } = run;
  const { ledger } = parts;
  const upTo = Math.max(from, await ledger.lastItem(flow.provider, flow.feed.name));
  const fresh = await ledger.documentsAfter(flow.provider, flow.feed.name, from, upTo);
  const documents = new Set([...waiting.map(({ documentKey }) => documentKey), ...fresh]);
  const write = (document: string, item?: number): Promise<number> => {
    const batches = batchesOfDocument(run, { document, from, upTo, ...(item === undefined ? {} : { item }) });
    const name = document === '' && item !== undefined ? `item-${item}` : document;
    return run.write(createFeeder(batches), Number.POSITIVE_INFINITY, { document: name });
  };
  for (const document of documents) {
    if (document !== '') await write(document);
    // What belongs to no document of ours is told item by item.
    else for await (const item of homeless(run, from, upTo)) await write('', item);
  }
  if (documents.size === 0) await run.write(createFeeder(nothing()), 1);
  run.position = upTo;
}

async function* homeless({ flow, parts, waiting }: FileRun, from: number, upTo: number): AsyncGenerator<number> {
  for (const { documentKey, id } of waiting) if (documentKey === '') yield id;
  let position = from;
  for (;;) {
    const items = await parts.ledger.itemsOfDocument(flow.provider, flow.feed.name, '', position, upTo, 200);
    for (const { id } of items) yield id;
    position = items.at(-1)?.id ?? upTo;
    if (items.length === 0) return;
  }
}

async function* nothing(): AsyncGenerator<readonly never[]> {
  yield* [];
}
