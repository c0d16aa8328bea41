import { describeIssue, isError } from '../core/issue.ts';
import { parseExact } from '../core/json.ts';
import type { StoredItem } from '../core/ledger.ts';
import type { OutboundFlow, OutboundParts } from './flow.ts';
import { growRows, type ItemRow } from './grow.ts';

const BATCH_ITEMS = 200;

export interface Built {
  readonly rows: number;
  /** Items with rows that the mapping cannot write: they are kept for a mended one. */
  readonly deferred: number;
}

/**
 * Turns what is new in a feed into one file: rows whose fact is not yet in a file of this flow. Name, bytes, facts and the
 * flow's new position become visible in one transaction; a crash before it leaves nothing.
 */
export async function buildFile(flow: OutboundFlow, parts: OutboundParts): Promise<Built> {
  const { ledger, spool } = parts;
  const { position } = await ledger.flowState(flow.name);
  const deferred = await ledger.deferredItems(flow.name);
  const first = await ledger.itemsAfter(flow.provider, flow.feed.name, position, 1);
  if (first.length + deferred.length === 0 && flow.empty === 'skip') return { rows: 0, deferred: 0 };
  const { fileId, sequence } = await ledger.beginFile(flow.name);
  const progress: Progress = { position, rows: 0, deferred: [] };
  const rows = newRows(flow, parts, fileId, deferred, progress);
  const kept = await spool.keep(flow.format.write(rows, flow.mapping.columns, flow.writeOptions));
  const built = { rows: progress.rows, deferred: progress.deferred.length };
  if (progress.rows === 0 && flow.empty === 'skip') {
    await ledger.abandonFile(fileId, progress.position, progress.deferred);
    await spool.remove(kept.spool);
    return built;
  }
  const path = flow.fileName(parts.clock.now(), sequence);
  const temporaryPath = `${path.slice(0, path.lastIndexOf('/') + 1)}.dray-${flow.name}-${fileId}.tmp`;
  const content = { folder: flow.folder.name, path, temporaryPath, ...kept, rows: progress.rows };
  await ledger.completeFile(fileId, content, progress.position, progress.deferred);
  parts.log.info({ flow: flow.name, file: path, rows: progress.rows }, 'file built');
  return built;
}

interface Progress {
  position: number;
  rows: number;
  readonly deferred: number[];
}

async function* newRows(
  flow: OutboundFlow,
  parts: OutboundParts,
  fileId: number,
  deferred: readonly StoredItem[],
  progress: Progress,
): AsyncGenerator<readonly string[]> {
  let items = deferred;
  for (;;) {
    const made: ItemRow[] = [];
    for (const item of items) {
      made.push(...(await rowsOf(item, flow, parts, progress)));
      progress.position = Math.max(progress.position, item.id);
    }
    const rows = await growRows(made, flow, parts, fileId);
    const isNew = await parts.ledger.assignFacts(
      fileId,
      rows.map(({ fact }) => fact),
      rows.map(({ item }) => item),
    );
    for (const [index, row] of rows.entries()) {
      if (isNew[index] !== true) continue;
      progress.rows++;
      yield row.cells;
    }
    items = await parts.ledger.itemsAfter(flow.provider, flow.feed.name, progress.position, BATCH_ITEMS);
    if (items.length === 0) return;
  }
}

async function rowsOf(
  item: StoredItem,
  flow: OutboundFlow,
  parts: OutboundParts,
  progress: Progress,
): Promise<ItemRow[]> {
  const { rows, issues } = await flow.mapping.rows(parseExact(item.body));
  for (const issue of issues) {
    // Without the value: it may be personal.
    const { got: _got, ...safe } = issue;
    parts.log.error(
      { flow: flow.name, item: item.id, code: issue.code, problem: describeIssue(safe) },
      'a row cannot be written as mapped; its item is kept',
    );
  }
  // A snapshot states everything anew each time it is taken: what it could not say is said by the next one.
  const isSnapshot = flow.feed.kind === 'snapshot';
  if (issues.some(isError) && !isSnapshot) progress.deferred.push(item.id);
  return rows.map((row) => ({ ...row, fact: isSnapshot ? `${item.id}/${row.fact}` : row.fact, item: item.id }));
}
