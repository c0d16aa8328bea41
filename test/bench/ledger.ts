import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { systemClock } from '../../src/core/clock.ts';
import type { Ledger, StagedDocument } from '../../src/core/ledger.ts';
import { openLedger } from '../../src/ledger/index.ts';

const DOCUMENTS = 20_000;
const BATCH = 500;
const IN_FLIGHT = 32;
const BODY = JSON.stringify({ lines: 'x'.repeat(1000) });

interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** Documents per second through the ledger, and how that compares with bare inserts of the same bytes. */
export async function benchLedger(): Promise<Figure[]> {
  const directory = await mkdtemp(join(tmpdir(), 'dray-bench-'));
  try {
    const bare = insertBare(join(directory, 'bare.db'));
    const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
    const ledger = await openLedger({ path: join(directory, 'dray.db'), clock: systemClock, log });
    const staged = await stageAll(ledger);
    const sent = await sendAll(ledger);
    await ledger.close();
    return [
      { name: 'ledger: stage and receive', value: staged, unit: 'documents/s' },
      { name: 'ledger: claim and end', value: sent, unit: 'attempts/s' },
      { name: 'ledger: bare inserts of the same rows', value: bare, unit: 'rows/s' },
      { name: 'ledger: stage and receive over bare inserts', value: staged / bare, unit: 'ratio' },
    ];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function ignore(): void {
  // A benchmark measures the ledger, not the terminal.
}

async function stageAll(ledger: Ledger): Promise<number> {
  const file = { part: '', path: 'a.csv', size: 1, fingerprint: 'a', hash: 'a', spool: 'a', target: '' };
  const drop = await ledger.beginDrop('orders', 'erp', [file]);
  const started = performance.now();
  for (let first = 0; first < DOCUMENTS; first += BATCH) {
    await ledger.stageDocuments(
      drop.id,
      Array.from({ length: BATCH }, (_, at) => document(first + at)),
    );
  }
  const receipt = {
    files: [file],
    isRefused: false,
    isAllOrNothing: false,
    issues: [],
    records: DOCUMENTS,
    ignored: 0,
  };
  await ledger.receiveDrop(drop.id, receipt);
  return perSecond(DOCUMENTS, started);
}

async function sendAll(ledger: Ledger): Promise<number> {
  const started = performance.now();
  let sent = 0;
  for (;;) {
    const claims = await ledger.claimSubmissions('ctl', IN_FLIGHT, systemClock.now());
    if (claims.length === 0) return perSecond(sent, started);
    const end = {
      state: 'accepted',
      outcome: 'ACCEPTED',
      httpStatus: 201,
      issues: [],
      answer: '{"id":1}',
      detail: '201',
    } as const;
    await Promise.all(claims.map(({ submissionId, attempt }) => ledger.endAttempt({ ...end, submissionId, attempt })));
    sent += claims.length;
  }
}

/** What SQLite alone does with a document's bytes, equally safe: the yardstick. */
function insertBare(path: string): number {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  database.exec('CREATE TABLE documents (id INTEGER PRIMARY KEY, key TEXT, line INTEGER, body BLOB) STRICT');
  const insert = database.prepare('INSERT INTO documents (key, line, body) VALUES (?, ?, ?)');
  const started = performance.now();
  for (let first = 0; first < DOCUMENTS; first += BATCH) {
    database.exec('BEGIN IMMEDIATE');
    for (let at = first; at < first + BATCH; at++) insert.run(`ORDER-${at}`, at + 2, Buffer.from(BODY));
    database.exec('COMMIT');
  }
  const rate = perSecond(DOCUMENTS, started);
  database.close();
  return rate;
}

function document(at: number): StagedDocument {
  const key = `ORDER-${at}`;
  const request = {
    method: 'PUT',
    path: `/orders/${key}`,
    headers: { 'content-type': 'application/json' },
    body: BODY,
  };
  const submission = { provider: 'ctl', operation: 'order.create', key, request };
  return { group: key, key, type: 'order', line: at + 2, records: [['', at, 1]], issues: [], submission };
}

function perSecond(count: number, started: number): number {
  return Math.round(count / ((performance.now() - started) / 1000));
}
