import { describeIssue } from '../core/issue.ts';
import { parseExact } from '../core/json.ts';
import type { OutboundFlow, OutboundParts } from './flow.ts';

const BATCH_ITEMS = 200;

/**
 * Turns what is new in a feed into one file: rows whose fact is not yet in a file of this flow. Name, bytes, facts and the
 * flow's new position become visible in one transaction; a crash before it leaves nothing. Answers the rows written.
 */
export async function buildFile(flow: OutboundFlow, parts: OutboundParts): Promise<number> {
  const { ledger, spool } = parts;
  const { position } = await ledger.flowState(flow.name);
  const first = await ledger.itemsAfter(flow.provider, flow.feed.name, position, 1);
  if (first.length === 0 && flow.empty === 'skip') return 0;
  const { fileId, sequence } = await ledger.beginFile(flow.name);
  const progress = { position, rows: 0 };
  const kept = await spool.keep(
    flow.format.write(newRows(flow, parts, fileId, progress), flow.mapping.columns, flow.writeOptions),
  );
  if (progress.rows === 0 && flow.empty === 'skip') {
    await ledger.abandonFile(fileId, progress.position);
    await spool.remove(kept.spool);
    return 0;
  }
  const path = flow.fileName(parts.clock.now(), sequence);
  const temporaryPath = `${path.slice(0, path.lastIndexOf('/') + 1)}.dray-${flow.name}-${fileId}.tmp`;
  const content = { folder: flow.folder.name, path, temporaryPath, ...kept, rows: progress.rows };
  await ledger.completeFile(fileId, content, progress.position);
  parts.log.info({ flow: flow.name, file: path, rows: progress.rows }, 'file built');
  return progress.rows;
}

interface Progress {
  position: number;
  rows: number;
}

async function* newRows(
  flow: OutboundFlow,
  parts: OutboundParts,
  fileId: number,
  progress: Progress,
): AsyncGenerator<readonly string[]> {
  for (;;) {
    const items = await parts.ledger.itemsAfter(flow.provider, flow.feed.name, progress.position, BATCH_ITEMS);
    if (items.length === 0) return;
    const rows: { fact: string; item: number; cells: readonly string[] }[] = [];
    for (const item of items) {
      const made = await flow.mapping.rows(parseExact(item.body));
      for (const issue of made.issues) {
        // Never silently: a fact that cannot be written is a hole in what the ERP believes.
        parts.log.error(
          { flow: flow.name, item: item.id, code: issue.code, problem: describeIssue({ ...issue, got: '' }) },
          'a row cannot be written as mapped',
        );
      }
      rows.push(
        ...made.rows.map(({ fact, cells }) => ({
          // A snapshot states everything anew each time it is taken.
          fact: flow.feed.kind === 'snapshot' ? `${item.id}/${fact}` : fact,
          item: item.id,
          cells,
        })),
      );
      progress.position = item.id;
    }
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
  }
}
