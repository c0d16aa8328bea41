import { Failure } from '../../core/failure.ts';

/** Failures after which nothing may go on: the ledger or the disk cannot be trusted any more. */
const FATAL: readonly string[] = ['disk-error', 'ledger-damaged', 'ledger-locked', 'ledger-unreachable'];

/** Runs work; answers its failure unless nothing may go on after it. */
export async function survived<Value>(
  work: () => Promise<Value>,
): Promise<{ readonly value: Value } | { readonly failure: Failure }> {
  try {
    return { value: await work() };
  } catch (error) {
    if (!(error instanceof Failure) || FATAL.includes(error.code)) throw error;
    return { failure: error };
  }
}
