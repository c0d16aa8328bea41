import { createHash } from 'node:crypto';
import { type Answer } from '../frame.ts';
import { refused } from './answers.ts';
import { HOUR_MS } from './desk.ts';
import { type Call } from './intake.ts';
import { type ReplayRecord } from './state.ts';

/**
 * Performs a write once per idempotency key: the stored answer comes back when the key does. Only successes are stored, so
 * that a mended document can be sent under the key of the refused one; how long and which answers Flexport keeps is not
 * documented.
 */
export function performOnce(call: Call, perform: () => Answer): Answer {
  const { desk, request } = call;
  const key = request.headers['idempotency-key']?.toString();
  if (key === undefined || key === '') return perform();
  const { replays } = desk.book;
  const name = `${request.method} ${request.path} ${key}`;
  const bodyHash = createHash('sha256').update(request.body).digest('hex');
  const stored = replays.get(name);
  if (stored !== undefined && stored.endsAt > desk.at) return replay(call, stored, bodyHash);
  forgetOld(replays, desk.at);
  const answer = perform();
  if (answer.status < 300) {
    replays.set(name, { bodyHash, answer, endsAt: desk.at + desk.switches.idempotencyHours * HOUR_MS });
  }
  return answer;
}

function replay({ desk }: Call, stored: ReplayRecord, bodyHash: string): Answer {
  if (stored.bodyHash !== bodyHash && desk.switches.reusedKey === '422') {
    return refused(422, 'The idempotency key was used with another body');
  }
  return { ...stored.answer, headers: { ...stored.answer.headers, 'idempotent-replayed': 'true' } };
}

/** Oldest first: what comes behind one that still counts counts, too. */
function forgetOld(replays: Map<string, ReplayRecord>, now: number): void {
  for (const [name, { endsAt }] of replays) {
    if (endsAt > now) return;
    replays.delete(name);
  }
}
