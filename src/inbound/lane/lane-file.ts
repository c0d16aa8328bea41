import type { Claim, Ledger, Spool } from '../../core/ledger.ts';
import type { FileBytes, Operation } from '../../core/provider.ts';

/** The file that goes along with a submission, from the bytes that are kept; undefined where none does, or none is left. */
export async function fileFor(
  { submissionId }: Claim,
  { sendsFile }: Operation,
  { ledger, spool }: { readonly ledger: Pick<Ledger, 'fileOf'>; readonly spool?: Pick<Spool, 'read'> },
): Promise<FileBytes | undefined> {
  if (sendsFile !== true || spool === undefined) return undefined;
  const file = await ledger.fileOf(submissionId);
  return file === undefined ? undefined : { size: file.size, open: () => spool.read(file.spool) };
}
