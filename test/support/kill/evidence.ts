import { access, copyFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { isFailure } from '../../../src/core/failure.ts';
import type { DocumentView, DropView, LedgerReader, OutboundFile, Overview } from '../../../src/core/ledger.ts';
import { openLedgerReader } from '../../../src/ledger/index.ts';
import type { JournalEntry } from '../../../src/sandbox/index.ts';
import type { Finished } from '../dray.ts';
import type { SeenFile } from './consumer.ts';
import type { ProviderState } from './provider.ts';
import { hashOf, type PlacedFile, type Workload } from './workload.ts';

type Items = Awaited<ReturnType<LedgerReader['feedItems']>>;
type Submissions = NonNullable<DocumentView['submission']>[];

/** The whole book at one moment. */
export interface LedgerDump {
  readonly drops: readonly DropView[];
  readonly documents: readonly DocumentView[];
  readonly submissions: Submissions;
  readonly items: Items;
  readonly files: readonly OutboundFile[];
  readonly overview: Overview;
}

/** How one process ended, and what could be seen before the next one began. */
export interface Phase {
  readonly name: string;
  readonly mayBeKilled: boolean;
  readonly finished: Finished;
  /** Undefined when the process died before there was a ledger. */
  readonly dump: LedgerDump | undefined;
  readonly writes: readonly JournalEntry[];
  readonly folder: readonly SeenFile[];
  /** How many files the consumer had taken. */
  readonly taken: number;
}

/** Everything the checks read. */
export interface Evidence {
  readonly workload: Workload;
  readonly placed: readonly PlacedFile[];
  readonly phases: readonly Phase[];
  /** Whether the last phase is one that had nothing to do. */
  readonly hasIdle: boolean;
  readonly provider: ProviderState;
  readonly taken: readonly SeenFile[];
  readonly spool: readonly string[];
}

const ALL = { limit: 100_000 };

/** Reads a copy of the ledger in `data`, so that looking at it changes nothing. */
export async function readLedger(data: string): Promise<LedgerDump | undefined> {
  const copy = join(data, '..', 'probe');
  await rm(copy, { recursive: true, force: true });
  await mkdir(copy);
  for (const name of ['dray.db', 'dray.db-wal']) {
    if (await exists(join(data, name))) await copyFile(join(data, name), join(copy, name));
  }
  if (!(await exists(join(copy, 'dray.db')))) return undefined;
  try {
    return await dump(join(copy, 'dray.db'));
  } catch (error) {
    // Killed before the first migration was committed.
    if (isFailure(error, 'ledger-unreachable') && error.message.includes('schema 0')) return undefined;
    throw error;
  }
}

async function dump(path: string): Promise<LedgerDump> {
  const reader = await openLedgerReader({ path });
  try {
    return {
      drops: await reader.drops(ALL),
      documents: await reader.documents(ALL),
      submissions: (await reader.submissions(ALL)).filter((submission) => submission !== undefined),
      items: await reader.feedItems(ALL),
      files: await reader.outboundFiles(ALL),
      overview: await reader.overview(),
    };
  } finally {
    await reader.close();
  }
}

/** Every file below a directory, with hidden ones. */
export async function readFolder(root: string): Promise<SeenFile[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    files.sort().map(async (file) => {
      const bytes = await readFile(file);
      return { path: relative(root, file).split(sep).join('/'), hash: hashOf(bytes), content: bytes.toString('utf8') };
    }),
  );
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
