import { AdminError } from './frame.ts';
import { isObject } from './json.ts';

export interface FaultMatch {
  provider?: string;
  method?: string;
  /** Regular expression, tested against path and query. */
  pathPattern?: string;
  bodyContains?: string;
  /** Only the n-th matching request, from 1. */
  nth?: number;
  /** Every n-th matching request. */
  every?: number;
  /** Share of matching requests, 0 to 1, chosen by seed. */
  probability?: number;
  /** At most so many times. */
  times?: number;
}

export interface FaultAction {
  /** Answered instead of performing the request, unless `commit` is true. */
  status?: number;
  headers?: Record<string, string>;
  body?: string;
  contentType?: string;
  /** Real milliseconds between performing the request and answering it. */
  delayMs?: number;
  drop?: 'before-commit' | 'after-commit' | 'mid-body';
  /** With `drop`: keep the connection open and silent instead of breaking it. */
  hang?: boolean;
  /** Only so many bytes of the body are sent. */
  truncateAt?: number;
  commit?: boolean;
}

type Kind = 'string' | 'number' | 'boolean' | 'object';
const MATCH_KINDS: Readonly<Record<string, Kind>> = {
  provider: 'string',
  method: 'string',
  pathPattern: 'string',
  bodyContains: 'string',
  nth: 'number',
  every: 'number',
  probability: 'number',
  times: 'number',
};
const ACTION_KINDS: Readonly<Record<string, Kind>> = {
  status: 'number',
  headers: 'object',
  body: 'string',
  contentType: 'string',
  delayMs: 'number',
  drop: 'string',
  hang: 'boolean',
  truncateAt: 'number',
  commit: 'boolean',
};
const DROPS = ['before-commit', 'after-commit', 'mid-body'];

/** Reads `{match, action}`. Throws `AdminError` when a property is unknown or of the wrong kind. */
export function readRule(rule: unknown): { match: FaultMatch; action: FaultAction } {
  if (!isObject(rule) || !isObject(rule['action'])) throw new AdminError('a fault needs {match, action}');
  const { match = {}, action } = rule;
  if (!isObject(match)) throw new AdminError('match must be an object');
  checkKinds(match, MATCH_KINDS, 'match');
  checkKinds(action, ACTION_KINDS, 'action');
  const { drop } = action;
  if (typeof drop === 'string' && !DROPS.includes(drop)) throw new AdminError(`drop must be ${DROPS.join(', ')}`);
  const status = action['status'];
  if (typeof status === 'number' && !(status >= 200 && status <= 599))
    throw new AdminError('status must be 200 to 599');
  checkPattern(match['pathPattern']);
  return { match, action };
}

function checkKinds(value: Record<string, unknown>, kinds: Readonly<Record<string, Kind>>, where: string): void {
  for (const [name, item] of Object.entries(value)) {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined) throw new AdminError(`unknown property ${where}.${name}`);
    if (typeof item !== kind || item === null) throw new AdminError(`${where}.${name} must be a ${kind}`);
  }
}

function checkPattern(pattern: unknown): void {
  if (typeof pattern !== 'string') return;
  try {
    void new RegExp(pattern);
  } catch (error) {
    throw new AdminError('match.pathPattern is not a regular expression', { cause: error });
  }
}

const GARBAGE = '<!DOCTYPE html><html><body><h1>Something went wrong</h1></body></html>';

const NAMED: Readonly<Record<string, FaultAction>> = {
  'drop-before-commit': { drop: 'before-commit' },
  'drop-after-commit': { drop: 'after-commit' },
  'drop-mid-body': { drop: 'mid-body' },
  'timeout-before-commit': { drop: 'before-commit', hang: true },
  'timeout-after-commit': { drop: 'after-commit', hang: true },
  garbage: { body: GARBAGE, contentType: 'text/html; charset=utf-8' },
};

/** Reads `503`, `429:3` (seconds to wait), `slow:5000` (ms), `truncate:10` (bytes) or a name. Throws `AdminError` otherwise. */
export function readFaultHeader(text: string): FaultAction {
  if (Object.hasOwn(NAMED, text) && NAMED[text] !== undefined) return NAMED[text];
  const [, name = '', amount] = /^([0-9]{3}|slow|truncate)(?::([0-9]{1,7}))?$/.exec(text) ?? [];
  if (name === 'slow' && amount !== undefined) return { delayMs: Number(amount) };
  if (name === 'truncate' && amount !== undefined) return { truncateAt: Number(amount) };
  const status = Number(name);
  if (!(status >= 200 && status <= 599)) throw new AdminError(`unknown fault ${text}`);
  return { status, ...(amount === undefined ? {} : { headers: { 'retry-after': amount } }) };
}
