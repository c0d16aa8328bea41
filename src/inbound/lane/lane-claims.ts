import { mostTogether, type ClaimBatch } from '../../core/batch.ts';
import { isFailure } from '../../core/failure.ts';
import type { Claim } from '../../core/ledger.ts';
import type { Operation, Provider } from '../../core/provider.ts';
import { DISK_FULL_PAUSE_MS, type Work } from './lane-work.ts';

/** Claims for one request, or for none where nothing can be asked about them. */
export type Together = readonly Claim[];

const BLOCKED_MS = 100;
/** A run that ends leaves the work to the next one rather than wait longer. */
const LONGEST_WAIT_MS = 90_000;

/** Claims what may be sent now, request by request. Nothing is waited for to make a request of many fuller. */
export async function claimNext(work: Work, inFlight: number): Promise<readonly Together[]> {
  const { provider, health, ledger, log } = work;
  if (health.pauseMs() > 0) return [];
  // While the provider fails, one request at a time finds out whether it is back.
  const width = health.isFailing() ? 1 : provider.concurrency;
  const free = width - inFlight;
  // Claiming in halves spares a flush for every single request.
  if (free < Math.max(1, Math.floor(width / 2))) return [];
  try {
    const claims = await ledger.claimSubmissions(provider.name, free, health.now(), batchesOf(provider));
    return together(claims, provider);
  } catch (error) {
    if (!isFailure(error, 'disk-full') || work.fullPausesLeft-- <= 0) throw error;
    health.pause(DISK_FULL_PAUSE_MS);
    log.error({ provider: provider.name }, 'the disk is full; nothing is sent until there is space');
    return [];
  }
}

function batchesOf({ operations }: Provider): ReadonlyMap<string, ClaimBatch> {
  return new Map(
    [...operations].flatMap(([name, { batch, lookUp }]) =>
      batch === undefined
        ? []
        : [
            [
              name,
              { size: batch.size, bytes: batch.bytes, frame: batch.frame, hasNoLookUp: lookUp === undefined },
            ] as const,
          ],
    ),
  );
}

/** Which claims share a request: those of one operation that were tried equally often, as far as their requests go together. */
function together(claims: readonly Claim[], { operations }: Pick<Provider, 'operations'>): readonly Together[] {
  const groups = new Map<string, Claim[]>();
  for (const claim of claims) {
    const { operation, purpose, attempt, submissionId } = claim;
    const isAlone = !mayGoAlong(claim, operations.get(operation));
    const name = JSON.stringify(isAlone ? [submissionId] : [operation, purpose, attempt]);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [claim]);
    else group.push(claim);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    const batch = first === undefined ? undefined : operations.get(first.operation)?.batch;
    if (first === undefined || batch === undefined || group.length === 1 || first.purpose === 'look-up') return [group];
    return batch.parts(group, mostTogether(batch, first.attempt - 1));
  });
}

/** Without a read to make, those of unknown outcome go together: no request is made for them. */
function mayGoAlong({ purpose, isPrepared }: Claim, operation: Operation | undefined): boolean {
  if (operation?.batch === undefined) return false;
  return purpose === 'send' ? isPrepared : operation.lookUp === undefined;
}

/** For a run that ends: whether there is nothing left that it could still do. */
export async function isOver(work: Work): Promise<boolean> {
  const { provider, health, ledger } = work;
  if (health.trouble() !== undefined) return true;
  const { open, nextDueAt } = await ledger.laneState(provider.name);
  // What is open and never due waits behind documents that are held: only a person can help it on.
  if (open === 0 || nextDueAt === undefined) return true;
  const waitMs = await idleMs(work);
  // Documents that wait for what may come later are asked about now and then: that alone keeps no run going.
  if (waitMs + health.quietMs() <= LONGEST_WAIT_MS) return false;
  health.postpone(waitMs);
  return true;
}

/** How long nothing can be done, in milliseconds. */
export async function idleMs({ provider, health, ledger }: Work): Promise<number> {
  const { nextDueAt } = await ledger.laneState(provider.name);
  const untilDue = nextDueAt === undefined ? provider.retry.capMs : nextDueAt - health.now();
  // What is due and was not claimed waits behind an older document with its key.
  return Math.max(untilDue > 0 ? untilDue : BLOCKED_MS, health.pauseMs());
}
