import type { InboundParts } from '../flow.ts';

/**
 * Lets go of a drop's bytes once its originals are filed and its report is built: nothing needs them any more. While a
 * document of it is held they stay: when it is refused after all, its rows go back.
 */
export async function releaseSpool(dropId: number, { ledger, spool }: InboundParts): Promise<void> {
  const drop = await ledger.drop(dropId);
  if (drop?.state !== 'settled' || !drop.isReported || drop.books.held > 0) return;
  for (const file of drop.files) await spool.remove(file.spool);
}
