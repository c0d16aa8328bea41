import { type FaultAction, type FaultMatch, readFaultHeader, readRule } from './fault-rules.ts';
import { hashOf } from './random.ts';

export interface FaultRule {
  id: number;
  match: FaultMatch;
  action: FaultAction;
  seen: number;
  applied: number;
}

interface FaultSubject {
  provider: string;
  method: string;
  path: string;
  body: string;
  header: string | undefined;
}

export interface Faults {
  /** The fault for this request: its own header first, then the first rule that applies. Throws `AdminError` for an unknown header value. */
  pick(subject: FaultSubject): FaultAction | undefined;
  /** Throws `AdminError` for a malformed rule. */
  add(rule: unknown): FaultRule;
  list(): readonly FaultRule[];
  clear(id?: number): void;
  resume(rules: readonly FaultRule[]): void;
}

/** Fault rules; `seed` decides which requests a probability hits. */
export function createFaults(seed: number): Faults {
  let rules: FaultRule[] = [];
  let lastId = 0;
  return {
    pick(subject) {
      if (subject.header !== undefined) return readFaultHeader(subject.header);
      return rules.find((rule) => applies(rule, subject, seed))?.action;
    },
    add(rule) {
      const { match, action } = readRule(rule);
      lastId += 1;
      const added = { id: lastId, match, action, seen: 0, applied: 0 };
      rules.push(added);
      return added;
    },
    list: () => rules,
    clear(id) {
      rules = id === undefined ? [] : rules.filter((rule) => rule.id !== id);
    },
    resume(kept) {
      rules = [...kept];
      lastId = Math.max(lastId, ...rules.map((rule) => rule.id));
    },
  };
}

function applies(rule: FaultRule, subject: FaultSubject, seed: number): boolean {
  const { provider, method, pathPattern, bodyContains, nth, every, probability, times } = rule.match;
  if (provider !== undefined && provider !== subject.provider) return false;
  if (method !== undefined && method.toUpperCase() !== subject.method) return false;
  if (pathPattern !== undefined && !new RegExp(pathPattern).test(subject.path)) return false;
  if (bodyContains !== undefined && !subject.body.includes(bodyContains)) return false;
  rule.seen += 1;
  if (times !== undefined && rule.applied >= times) return false;
  if (nth !== undefined && rule.seen !== nth) return false;
  if (every !== undefined && rule.seen % every !== 0) return false;
  if (probability !== undefined && hashOf(seed, 'fault', rule.id, rule.seen) / 2 ** 32 >= probability) return false;
  rule.applied += 1;
  return true;
}
