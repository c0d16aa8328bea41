import type { ReceivedDrop } from '../../core/ledger.ts';
import type { InboundFlow, InboundParts } from '../flow.ts';
import { keepAnswer } from './report-file.ts';
import { RECEIPT_COLUMNS, receiptLine } from './report-layers.ts';

/**
 * Builds the file that says that a drop came: of what the ledger knows since it was received, so that a start after a crash
 * builds the same one.
 */
export async function buildReceipt(drop: ReceivedDrop, flow: InboundFlow, parts: InboundParts): Promise<void> {
  const [main] = drop.files;
  if (main === undefined || flow.answers?.isReceiptWanted !== true) {
    await parts.ledger.completeReceipt(drop.id, undefined);
    return;
  }
  const { format, options, toCell } = flow.result;
  async function* lines(): AsyncGenerator<readonly string[]> {
    yield receiptLine(drop, flow.texts).map(toCell);
  }
  const bytes = format.write(lines(), RECEIPT_COLUMNS, options);
  const answer = { kind: 'received', extension: format.extension, bytes, rows: () => 1 } as const;
  await parts.ledger.completeReceipt(drop.id, await keepAnswer(drop, main, answer, flow, parts));
  parts.log.info({ drop: drop.id, flow: flow.name }, 'receipt built');
}
