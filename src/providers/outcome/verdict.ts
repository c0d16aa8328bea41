import { scalarText, type Json } from '../../core/json.ts';
import { selectAll } from '../../core/path.ts';
import type { OutcomeClass } from '../../core/provider.ts';
import type { Conditions, OutcomeRule } from '../definition.ts';
import type { Answer } from '../request/transport.ts';

export interface Verdict {
  readonly class: OutcomeClass;
  /** For logs: the status and what is odd about the answer. */
  readonly detail: string;
  /** A rule for repeats says that the answer leaves open what became of the first attempt. */
  readonly isFinal: boolean;
}

const rule = (statuses: readonly string[], outcome: OutcomeClass): OutcomeRule => ({
  statuses,
  headers: [],
  body: [],
  isAfterLoss: false,
  class: outcome,
  answer: 'any',
});

/**
 * What holds where a definition says nothing. A redirect is never followed and means a wrong address or a login
 * page, so it stops the lane and keeps its work; 303 alone says that the request was carried out and is answered
 * elsewhere. A 5xx other than 503 may come from something between us and a provider that has the record.
 */
const builtInRules: readonly OutcomeRule[] = [
  rule(['303'], 'AMBIGUOUS'),
  rule(['3xx', '401', '403', '407'], 'FIX_CREDENTIALS'),
  rule(['404', '410'], 'NOT_FOUND'),
  rule(['408', '425', '429', '503'], 'RETRY_LATER'),
  rule(['4xx'], 'FIX_DATA'),
];

/**
 * What an answer means: the first rule that fits, then what holds everywhere; AMBIGUOUS when nothing does.
 * `isAfterLoss`: an earlier attempt may have arrived.
 */
export function judge(answer: Answer, rules: readonly OutcomeRule[], isAfterLoss = false): Verdict {
  const detail = isRedirect(answer.status) ? `${answer.status} redirect, not followed` : String(answer.status);
  const fitting = [...rules, ...builtInRules].find(
    (candidate) => (isAfterLoss || !candidate.isAfterLoss) && fits(answer, candidate),
  );
  if (fitting === undefined) return { class: 'AMBIGUOUS', detail, isFinal: false };
  if (isShaped(answer, fitting.answer)) {
    return { class: fitting.class, detail, isFinal: fitting.isAfterLoss && fitting.class === 'AMBIGUOUS' };
  }
  return {
    class: 'AMBIGUOUS',
    detail: `${detail} with ${answer.bodyKind === 'empty' ? 'an empty body' : 'a body that is not JSON'}`,
    isFinal: false,
  };
}

export function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

/** Whether a status is in a list such as `404`, `5xx`. */
export function hasStatus(statuses: readonly string[], status: number): boolean {
  return statuses.includes(String(status)) || statuses.includes(`${Math.floor(status / 100)}xx`);
}

/** Whether every path leads to one of its values. */
export function meets(value: Json | undefined, conditions: Conditions): boolean {
  return conditions.every(({ path, equals }) =>
    selectAll(value, path).some((found) => equals.includes(scalarText(found) ?? '')),
  );
}

function fits(answer: Answer, { statuses, headers, body }: OutcomeRule): boolean {
  return (
    hasStatus(statuses, answer.status) &&
    headers.every(({ name, equals }) => [answer.headers[name] ?? []].flat().some((value) => equals.includes(value))) &&
    meets(answer.body, body)
  );
}

function isShaped({ bodyKind }: Answer, expected: OutcomeRule['answer']): boolean {
  if (expected === 'any' || bodyKind === 'json') return true;
  return expected === 'json or empty' && bodyKind === 'empty';
}
