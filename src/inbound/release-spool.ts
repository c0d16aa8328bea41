import type { InboundParts } from './flow.ts';

/** Lets go of a drop's bytes once its originals are filed and its report is built: nothing needs them any more. */
export async function releaseSpool(dropId: number, { ledger, spool }: InboundParts): Promise<void> {
  const drop = await ledger.drop(dropId);
  if (drop?.state !== 'settled' || !drop.isReported) return;
  for (const file of drop.files) await spool.remove(file.spool);
}
