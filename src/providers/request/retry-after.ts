import type { Answer } from './transport.ts';

const SHORTEST_MS = 1_000;
const LONGEST_MS = 3_600_000;

/** Milliseconds that an answer asks us to wait, kept within 1 s and 1 h; undefined when it asks nothing we understand. */
export function readRetryAfter(headers: Answer['headers'], nowMs: number): number | undefined {
  const text = headerText(headers, 'retry-after');
  if (text === undefined) return undefined;
  const waitMs = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : dateDistance(headers, text, nowMs);
  return waitMs === undefined ? undefined : Math.min(Math.max(Math.ceil(waitMs), SHORTEST_MS), LONGEST_MS);
}

// Against the answer's own date where there is one: the provider's clock may be far from ours.
function dateDistance(headers: Answer['headers'], text: string, nowMs: number): number | undefined {
  const due = parseHttpDate(text);
  const now = parseHttpDate(headerText(headers, 'date') ?? '') ?? nowMs;
  return due === undefined ? undefined : due - now;
}

// `Date.parse` alone takes almost anything for a date, `-5` included.
function parseHttpDate(text: string): number | undefined {
  const ms = /^[A-Za-z]{3,9},? .*\d{2}:\d{2}:\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

function headerText(headers: Answer['headers'], name: string): string | undefined {
  return [headers[name]].flat()[0]?.trim();
}
