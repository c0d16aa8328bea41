import type { IncomingHttpHeaders } from 'node:http';

/** One request as it arrived, and what became of it. */
export interface JournalEntry {
  /** Counts from 1, in the order in which requests had arrived whole. */
  sequence: number;
  /** The stand-in's time. */
  at: string;
  method: string;
  /** Path with query, as sent. */
  path: string;
  /** Values that identify the caller are replaced. */
  headers: Record<string, string>;
  /** As it came, without secrets of clients. */
  body: string;
  /** The answered status; null when no answer was sent. */
  status: number | null;
  /** True when a write was performed, whatever the caller was told. */
  committed: boolean;
}

export interface Journal {
  open(entry: Pick<JournalEntry, 'at' | 'method' | 'path' | 'body'>, headers: IncomingHttpHeaders): JournalEntry;
  entries(): readonly JournalEntry[];
  clear(): void;
  sequence(): number;
  /** Continues the numbering after a restart. */
  resume(sequence: number): void;
}

const SECRET_HEADERS = new Set(['authorization', 'x-ctl-clientid', 'x-ctl-userid']);

/** Keeps the last `limit` requests. */
export function createJournal(limit: number): Journal {
  let kept: JournalEntry[] = [];
  let sequence = 0;
  return {
    open(entry, headers) {
      sequence += 1;
      const opened = {
        sequence,
        ...entry,
        body: withoutSecrets(entry.body),
        headers: redact(headers),
        status: null,
        committed: false,
      };
      kept.push(opened);
      // Cutting in bulk keeps the cost per request flat.
      if (kept.length >= limit * 2 + 100) kept = kept.slice(-limit);
      return opened;
    },
    entries: () => (kept.length > limit ? kept.slice(kept.length - limit) : kept),
    clear() {
      kept = [];
    },
    sequence: () => sequence,
    resume(from) {
      sequence = from;
    },
  };
}

// Wherever it stands: a caller may send its secret to the wrong address.
const SECRET_IN_FORM = /(^|&)(client_secret=)[^&]*/g;
const SECRET_IN_JSON = /("client_?secret"\s*:\s*)(?:"(?:[^"\\]|\\.)*"?|[^\s,}\]]+)/gi;

function withoutSecrets(body: string): string {
  return body.replace(SECRET_IN_FORM, '$1$2[redacted]').replace(SECRET_IN_JSON, '$1"[redacted]"');
}

function redact(headers: IncomingHttpHeaders): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    shown[name] = SECRET_HEADERS.has(name) ? '[redacted]' : String(value);
  }
  return shown;
}
