/** How a failure is to be met: try again, find out first, or stop. Retry reads this and never the text. */
export type FailureKind = 'transient' | 'ambiguous' | 'permanent';

/** Every failure a user can meet. `docs/codes.md` lists the same set; a test compares both. */
export const failureCatalogue = {
  'ledger-locked': { kind: 'permanent', what: 'another dray uses this ledger' },
  'ledger-newer': { kind: 'permanent', what: 'the ledger was written by a newer dray' },
  'ledger-damaged': { kind: 'permanent', what: 'the ledger is damaged' },
  'ledger-unreachable': { kind: 'permanent', what: 'the ledger cannot be opened' },
  'disk-full': { kind: 'transient', what: 'the disk is full' },
  'disk-error': { kind: 'permanent', what: 'the disk reported an error; nothing after it can be trusted' },
  'folder-gone': { kind: 'transient', what: 'the folder is gone or was replaced' },
  'folder-unreachable': { kind: 'transient', what: 'the folder cannot be reached' },
  'server-unreachable': { kind: 'transient', what: 'the server of the folder cannot be reached' },
  'server-unknown': { kind: 'permanent', what: 'the server of the folder is not known to be the right one' },
  'server-refused': { kind: 'permanent', what: 'the server of the folder refused the login' },
  'name-taken': { kind: 'permanent', what: 'a file with this name exists already' },
  'file-gone': { kind: 'transient', what: 'the file is gone' },
  'not-a-regular-file': { kind: 'permanent', what: 'not a regular file' },
  'no-permission': { kind: 'permanent', what: 'permission denied' },
  'provider-unreachable': { kind: 'transient', what: 'the provider cannot be reached' },
  'no-answer': { kind: 'ambiguous', what: 'the request went out and no usable answer came back' },
  'bad-answer': { kind: 'transient', what: 'the provider answered something that cannot be used' },
  'snapshot-expired': { kind: 'transient', what: 'the pages of a snapshot are gone at the provider' },
  'report-failed': { kind: 'transient', what: 'the provider could not make a report' },
  'report-late': { kind: 'transient', what: 'a report was not done in time' },
  'report-expired': { kind: 'transient', what: 'a report is gone at the provider' },
  'report-unusable': { kind: 'transient', what: 'a report cannot be read' },
  'unexpected-redirect': { kind: 'permanent', what: 'the provider answered with a redirect, which is never followed' },
  'credentials-refused': { kind: 'permanent', what: 'the provider refused the credentials' },
  'bad-config': { kind: 'permanent', what: 'the configuration has errors' },
  'bad-usage': { kind: 'permanent', what: 'wrong usage' },
  stopped: { kind: 'transient', what: 'the work was stopped' },
} as const satisfies Record<string, { kind: FailureKind; what: string }>;

export type FailureCode = keyof typeof failureCatalogue;

/** What stops a piece of work. Carries no value of a file, no secret and no personal data in its message. */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly kind: FailureKind;
  /** What the message says beyond the code. */
  readonly detail: string | undefined;
  /** Milliseconds the other side asked us to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(code: FailureCode, detail?: string, options?: { cause?: unknown; retryAfterMs?: number | undefined }) {
    const { what } = failureCatalogue[code];
    super(detail === undefined ? what : `${what}: ${detail}`, options);
    this.name = 'Failure';
    this.code = code;
    this.kind = failureCatalogue[code].kind;
    this.detail = detail;
    this.retryAfterMs = options?.retryAfterMs;
  }
}

export function isFailure(error: unknown, code?: FailureCode): error is Failure {
  return error instanceof Failure && (code === undefined || error.code === code);
}

/** The system's error code (`ENOENT`, `ECONNRESET`), when there is one. */
export function systemCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
