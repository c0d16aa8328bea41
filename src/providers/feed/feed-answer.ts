import { Failure } from '../../core/failure.ts';
import type { Json } from '../../core/json.ts';
import type { Context } from '../context.ts';
import type { OutcomeRule } from '../definition.ts';
import { readRetryAfter } from '../request/retry-after.ts';
import type { Answer, Exchange } from '../request/transport.ts';
import { hasStatus, isRedirect, judge } from '../outcome/verdict.ts';

/** @throws Failure when none came. */
export function requireAnswer(exchange: Exchange): Answer {
  if (exchange.kind === 'answer') return exchange;
  if (exchange.isStopped) throw new Failure('stopped');
  if (exchange.kind === 'not-sent' && exchange.isRefused === true)
    throw new Failure('credentials-refused', exchange.reason);
  if (exchange.kind === 'not-sent') throw new Failure('provider-unreachable', exchange.reason);
  throw new Failure('no-answer', exchange.reason);
}

/** What statuses of a read mean besides success and the rules. */
export interface ReadMeaning {
  /** There is nothing. */
  readonly empty: readonly string[];
  /** The provider has forgotten the walk that this read goes on with; undefined outside of one. */
  readonly forgotten: readonly string[] | undefined;
  readonly rules: readonly OutcomeRule[];
}

/** The body of a read; undefined when the provider says there is nothing. @throws Failure */
export function requireBody(answer: Answer, meaning: ReadMeaning, { clock }: Pick<Context, 'clock'>): Json | undefined {
  const { status, bodyKind } = answer;
  if (isRedirect(status)) throw new Failure('unexpected-redirect', String(status));
  if (meaning.forgotten !== undefined && hasStatus(meaning.forgotten, status)) {
    throw new Failure('snapshot-expired', String(status));
  }
  // The error page of something in between must not look like the end of a stream for ever.
  if (hasStatus(meaning.empty, status) && bodyKind !== 'other') {
    if (meaning.forgotten !== undefined) throw new Failure('snapshot-expired', String(status));
    return undefined;
  }
  if (hasStatus(['2xx'], status)) {
    if (answer.body !== undefined) return answer.body;
    throw new Failure(
      'bad-answer',
      `${status} with ${bodyKind === 'empty' ? 'an empty body' : 'a body that is not JSON'}`,
    );
  }
  const verdict = judge(answer, meaning.rules);
  if (verdict.class === 'FIX_CREDENTIALS') throw new Failure('credentials-refused', verdict.detail);
  const retryAfterMs = readRetryAfter(answer.headers, clock.now());
  if (verdict.class === 'RETRY_LATER' || status >= 500) {
    throw new Failure('provider-unreachable', verdict.detail, { retryAfterMs });
  }
  throw new Failure('bad-answer', verdict.detail, { retryAfterMs });
}
