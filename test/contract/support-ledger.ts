import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../src/core/clock.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { AttemptEnd, Claim, Drop, DropFile, Ledger, Receipt, StagedDocument } from '../../src/core/ledger.ts';
import type { RunFile } from '../../src/core/ledger-outbound.ts';
import type { Log } from '../../src/core/log.ts';

/** One book that can be closed and opened again. */
export interface LedgerFixture {
  readonly clock: TestClock;
  readonly ledger: Ledger;
  /** Closes the book and opens it again. */
  reopen(): Promise<Ledger>;
  dispose(): Promise<void>;
}

export type LedgerFactory = () => Promise<LedgerFixture>;

export interface TestClock extends Clock {
  set(now: number): void;
}

export function createTestClock(now = 1_000_000): TestClock {
  let time = now;
  return {
    now: () => time,
    monotonic: () => time,
    set: (next) => {
      time = next;
    },
    sleep: async () => undefined,
  };
}

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
}

export function createTestLog(): Log & { readonly lines: readonly LogLine[] } {
  const lines: LogLine[] = [];
  const at = (level: LogLine['level']) => (_fields: unknown, message: string) => void lines.push({ level, message });
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** A directory that is gone when the test is. */
export async function temporaryDirectory(): Promise<{ path: string; dispose(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'dray-ledger-'));
  return { path, dispose: () => rm(path, { recursive: true, force: true }) };
}

export function dropFile(path: string, changes: Partial<DropFile> = {}): DropFile {
  return { part: '', path, size: 10, fingerprint: `print of ${path}`, hash: '', spool: '', target: '', ...changes };
}

/** A document of one record at `line`, with a submission unless it has issues. */
export function document(
  key: string,
  changes: Partial<StagedDocument> & { line?: number; body?: string; operation?: string } = {},
): StagedDocument {
  const { body = `{"key":"${key}"}`, operation = 'order.create', line = 2, issues = [], ...rest } = changes;
  const request = { method: 'POST', path: '/orders', headers: { 'content-type': 'application/json' }, body };
  const base = { group: key, key, type: 'order', line, records: [['', line - 2, 1]] as const, issues };
  const isRefused = issues.some(({ severity }) => severity === 'error');
  return isRefused
    ? { ...base, ...rest }
    : { ...base, submission: { provider: 'ctl', operation, key, request }, ...rest };
}

export function receipt(drop: Drop, records: number, changes: Partial<Receipt> = {}): Receipt {
  const files = drop.files.map((file) => ({
    ...file,
    hash: `hash of ${file.path}`,
    spool: `spool-${drop.id}${file.part}`,
  }));
  return { files, isRefused: false, isAllOrNothing: false, issues: [], records, ignored: 0, ...changes };
}

/** A drop that is received with these documents. */
export async function receive(
  ledger: Ledger,
  path: string,
  documents: readonly StagedDocument[],
  changes: Partial<Receipt> = {},
): Promise<Drop> {
  const drop = await ledger.beginDrop('orders', 'erp', [dropFile(path)]);
  if (!(await ledger.stageDocuments(drop.id, documents))) throw new Error('a group came twice');
  const records = documents.reduce(
    (sum, { records: runs }) => sum + runs.reduce((all, [, , count]) => all + count, 0),
    0,
  );
  await ledger.receiveDrop(drop.id, receipt(drop, records + (changes.ignored ?? 0), changes));
  return drop;
}

export function accepted(claim: Claim, reference = 'R-1'): AttemptEnd {
  return { ...ended(claim, 'accepted'), outcome: 'ACCEPTED', httpStatus: 201, reference, detail: '201' };
}

export function ended(claim: Claim, state: AttemptEnd['state'], changes: Partial<AttemptEnd> = {}): AttemptEnd {
  const { submissionId, attempt } = claim;
  return { submissionId, attempt, state, outcome: 'AMBIGUOUS', issues: [], detail: 'no answer', ...changes };
}

export async function claimOne(ledger: Ledger, now = 2_000_000): Promise<Claim> {
  const [claim] = await ledger.claimSubmissions('ctl', 1, now);
  if (claim === undefined) throw new Error('nothing to claim');
  return claim;
}

export async function collect<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const all: Value[] = [];
  for await (const value of values) all.push(value);
  return all;
}

export function errorIssue(code: Issue['code'] = 'missing-value'): Issue {
  return { code, severity: 'error', where: { file: 'a.csv', line: 2 }, what: 'wrong' };
}

/** Completes one file of a run that writes only it. */
export async function completeOnly(ledger: Ledger, flow: string, file: RunFile, position: number): Promise<void> {
  await ledger.completeRun(flow, [file], { position, deferred: [], at: 0 });
}
