import type { Clock } from '../../core/clock.ts';
import type { Outcome, OutcomeClass } from '../../core/provider.ts';
import type { MessagePaths, OutcomeRule } from '../definition.ts';
import { MOST_NOTICES, readMessages } from './messages.ts';
import { readRetryAfter } from '../request/retry-after.ts';
import type { Answer, Exchange } from '../request/transport.ts';
import { hasStatus, judge } from './verdict.ts';

// Enough to see what a provider said; more would only grow the ledger.
const LONGEST_ANSWER = 64 * 1024;

export interface OutcomeReader {
  readonly rules: readonly OutcomeRule[];
  readonly messages: MessagePaths;
  /** Where an acceptance carries warnings. Default nowhere. */
  readonly notices?: MessagePaths;
  /** Whether an earlier attempt may have arrived. Default false. */
  readonly isAfterLoss?: boolean;
  readonly redact: (text: string) => string;
  readonly clock: Clock;
  /** Whether an acceptance has to name the record: one without a reference then proves nothing. Default false. */
  readonly isNamed?: boolean;
  /** The provider's own id in an answer. */
  readonly reference: (answer: Answer) => string | undefined;
}

/** What became of a request. */
export function readOutcome(exchange: Exchange, reader: OutcomeReader): Outcome {
  if (exchange.kind === 'not-sent') {
    const { reason, isRefused, retryAfterMs } = exchange;
    return {
      class: isRefused === true ? 'FIX_CREDENTIALS' : 'RETRY_LATER',
      messages: [],
      detail: `not sent: ${reason}`,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    };
  }
  if (exchange.kind === 'no-answer') {
    const { status, reason } = exchange;
    const detail = status === undefined ? `no answer: ${reason}` : `answer cut off: ${reason} after ${status}`;
    return { class: 'AMBIGUOUS', messages: [], detail, ...(status === undefined ? {} : { status }) };
  }
  const verdict = judge(exchange, reader.rules, reader.isAfterLoss);
  const outcome = withAnswer(exchange, verdict.class, verdict.detail, reader);
  return verdict.isFinal ? { ...outcome, isFinal: true } : outcome;
}

/** What became of a read. It changes nothing, so nothing about it is ambiguous: it is made again. */
export function readFailure(exchange: Exchange, reader: OutcomeReader): Outcome {
  const outcome = readOutcome(exchange, reader);
  return outcome.class === 'FIX_CREDENTIALS' ? outcome : { ...outcome, class: 'RETRY_LATER' };
}

export function withAnswer(answer: Answer, judged: OutcomeClass, said: string, reader: OutcomeReader): Outcome {
  const { redact, notices: places } = reader;
  const reference = judged === 'ACCEPTED' || judged === 'ALREADY_EXISTS' ? reader.reference(answer) : undefined;
  // A proxy says 2xx without knowing of any record; a refusal that means "done already" names none.
  const isUnnamed =
    judged === 'ACCEPTED' && reader.isNamed === true && reference === undefined && hasStatus(['2xx'], answer.status);
  const outcome = isUnnamed ? 'AMBIGUOUS' : judged;
  const detail = isUnnamed ? `${said}, and the answer does not name the record` : said;
  const mayRepeat = outcome === 'RETRY_LATER' || outcome === 'AMBIGUOUS';
  const retryAfterMs = mayRepeat ? readRetryAfter(answer.headers, reader.clock.now()) : undefined;
  // A refusal that means "done already" explains the refusal.
  const mayAdd = outcome === 'ACCEPTED' && hasStatus(['2xx'], answer.status);
  const notices = mayAdd && places !== undefined ? readMessages(answer.body, places, redact, MOST_NOTICES) : [];
  return {
    class: outcome,
    status: answer.status,
    messages: readMessages(answer.body, reader.messages, redact),
    answer: redact(answer.text).slice(0, LONGEST_ANSWER),
    detail,
    ...(notices.length === 0 ? {} : { notices }),
    ...(reference === undefined ? {} : { reference: redact(reference) }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}
