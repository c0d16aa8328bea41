import { createReadStream } from 'node:fs';
import { appendFile, truncate, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../core/failure.ts';
import type { Issue } from '../core/issue.ts';
import type { DropFile, Ledger, Spool, StagedDocument } from '../core/ledger.ts';
import { defaultLimits } from '../core/limits.ts';
import { formats } from '../formats/index.ts';
import { placedRecords, reopen, stageDrop, type StagingFlow } from '../inbound/index.ts';
import type { Explanation, InboundMapping, SourceRecord } from '../mapping/index.ts';
import { fileBytes, sizeOfFile } from './file-bytes.ts';
import { openScratch } from './scratch-ledger.ts';

/** A document as it would be submitted. */
export interface DryDocument {
  readonly key: string;
  /** JSON text; left out when the document would be refused. */
  readonly payload?: string;
  readonly issues: readonly Issue[];
}

/** What would become of a file. */
export interface DryRun {
  readonly isRefused: boolean;
  /** Findings about the file as a whole. */
  readonly issues: readonly Issue[];
  documents(): AsyncIterable<DryDocument>;
  /** Where every value of the documents with a key came from; an order and its cancellation have the same key. */
  explain(key: string): AsyncIterable<{ readonly issues: readonly Issue[]; readonly values: readonly Explanation[] }>;
  close(): Promise<void>;
}

/**
 * Takes a file through the same steps as a drop, up to the point where it would be received, in a book that is thrown
 * away: memory does not grow with the file.
 * @throws Failure bad-usage for files that cannot be read or are not named as the mapping says.
 */
export async function openDryRun(mapping: InboundMapping, path: string): Promise<DryRun> {
  const files = await filesOf(mapping, path);
  const scratch = await openScratch();
  try {
    const kept = join(scratch.directory, 'documents');
    await writeFile(kept, '', { mode: 0o600 });
    const flow = stagingFlow(mapping);
    const parts = { ledger: keepingDocuments(scratch.ledger, kept), spool: spoolOfFiles };
    const { id } = await scratch.ledger.beginDrop('map', '', files);
    const { isRefused, issues } = await stageDrop(id, files, flow, parts);
    return {
      isRefused,
      issues,
      documents: () => readDocuments(kept),
      explain: (key) => explain(key, { kept, files, flow, parts }),
      close: () => scratch.close(),
    };
  } catch (error) {
    await scratch.close();
    throw error;
  }
}

async function filesOf(mapping: InboundMapping, path: string): Promise<readonly DropFile[]> {
  const companions = mapping.companions(basename(path));
  if (companions === undefined)
    throw new Failure('bad-usage', `${basename(path)} does not fit read.name of the mapping`);
  const files: DropFile[] = [];
  for (const [part, file] of [['', path], ...[...companions].map(([name, own]) => [name, join(dirname(path), own)])]) {
    const size = await sizeOfFile(file ?? '');
    files.push({ part: part ?? '', path: file ?? '', size, fingerprint: '', hash: '', spool: file ?? '', target: '' });
  }
  return files;
}

/** Files are read where they lie. */
const spoolOfFiles: Spool = {
  read: fileBytes,
  keep: () => Promise.reject(new TypeError('a dry run keeps nothing')),
  remove: () => Promise.resolve(),
  sweep: () => Promise.resolve(0),
};

/** Nothing is submitted, so a request is its payload. */
function stagingFlow(mapping: InboundMapping): StagingFlow {
  const { read } = mapping.definition;
  const format = formats.get(read.format);
  if (format === undefined) throw new TypeError(`unknown format ${read.format}`);
  const operation = (name: string): StagingFlow['operation'] => ({
    name,
    key: (key) => ({ key }),
    freeze: (_key, payload) => ({ method: '', path: '', headers: {}, body: JSON.stringify(payload) }),
  });
  return {
    format,
    readOptions: (part) => (part === '' ? read.options : (read.with[part]?.options ?? read.options)),
    mapping,
    provider: '',
    operation: operation(''),
    operations: { get: operation },
    accept: 'document',
    limits: defaultLimits,
  };
}

interface KeptDocument {
  readonly group: string;
  readonly key: string;
  readonly issues: readonly Issue[];
  readonly payload?: string;
}

/** A ledger that notes which groups there are; the documents themselves go to a file, one a line. */
function keepingDocuments(ledger: Ledger, path: string): Ledger {
  return {
    ...ledger,
    async clearStaged(dropId) {
      await truncate(path);
      await ledger.clearStaged(dropId);
    },
    async stageDocuments(dropId, documents) {
      const isNew = await ledger.stageDocuments(dropId, documents.map(withoutContent));
      if (isNew) await appendFile(path, documents.map(keptLine).join(''));
      return isNew;
    },
  };
}

function withoutContent({ group, key, type, line }: StagedDocument): StagedDocument {
  return { group, key, type, line, records: [], issues: [] };
}

function keptLine({ group, key, issues, submission }: StagedDocument): string {
  const payload = submission?.request.body;
  const kept: KeptDocument = { group, key, issues, ...(payload === undefined ? {} : { payload }) };
  return `${JSON.stringify(kept)}\n`;
}

async function* readDocuments(path: string): AsyncGenerator<KeptDocument, void, void> {
  let rest = '';
  // A line holds no raw line end, and every line has one. Node's own reader of lines keeps more of them in memory.
  for await (const piece of createReadStream(path, { encoding: 'utf8' }) as AsyncIterable<string>) {
    const lines = `${rest}${piece}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as KeptDocument;
  }
}

interface Staged {
  readonly kept: string;
  readonly files: readonly DropFile[];
  readonly flow: StagingFlow;
  readonly parts: { readonly ledger: Ledger; readonly spool: Spool };
}

/** Reads the files once more for the records of these documents alone. */
async function* explain(
  key: string,
  { kept, files, flow, parts }: Staged,
): AsyncGenerator<{ issues: readonly Issue[]; values: readonly Explanation[] }, void, void> {
  const found = new Map<string, { issues: readonly Issue[]; records: SourceRecord[] }>();
  for await (const { group, key: own, issues } of readDocuments(kept)) {
    if (own === key) found.set(group, { issues, records: [] });
  }
  if (found.size === 0) return;
  const reading = await reopen(files, flow, parts);
  for (const file of files.filter(({ part }) => !reading.lookUps.has(part))) {
    for await (const placed of placedRecords(file, reading, flow)) found.get(placed.group)?.records.push(placed);
  }
  for (const { issues, records } of found.values()) {
    yield { issues, values: (await reading.bound?.explain(records)) ?? [] };
  }
}
