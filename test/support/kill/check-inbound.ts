import { parse } from 'csv-parse/sync';
import type { Books, DropView } from '../../../src/core/ledger.ts';
import { differences, type Report, type Settled } from './checker.ts';
import type { SeenFile } from './consumer.ts';
import type { PlacedFile } from './workload.ts';

/** I1, I2 and what became of each document: from the folders, the ledger and the result files. */
export function checkInbound(settled: Settled, report: Report): void {
  checkBytes(settled, report);
  checkDrops(settled, report);
  checkBooks(settled, report);
  checkDocuments(settled, report);
  checkResults(settled, report);
}

const PLACE = /^(orders|purchase-orders)\/(in|done|failed)\/(.+)$/;

/** I1: each file that was placed lies in exactly one place, under its name or one made from it; nothing else is there. */
function checkBytes({ placed, idle }: Settled, report: Report): void {
  const found = idle.folder.flatMap((file) => {
    const [, flow = '', place = '', name = ''] = PLACE.exec(file.path) ?? [];
    if (place === '') return [];
    return [`${flow}/${place}/${plainName(name)} ${file.hash.slice(0, 12)}`];
  });
  const expected = placed.map(({ flow, end, name, hash }) => `${flow}/${end}/${name} ${hash.slice(0, 12)}`);
  differences(expected, found, (file, wanted, got) =>
    report('I1', `${file} lies there ${got} times, placed ${wanted} times`),
  );
}

/** A second file of a name is filed with the number of its drop before the extension. */
function plainName(name: string): string {
  return name.replace(/\.\d+(\.[a-z]+)$/, '$1');
}

/** I1, in the book: one settled and reported drop for each file. */
function checkDrops({ placed, idle }: Settled, report: Report): void {
  const { drops } = idle.dump;
  const found = drops.map((drop) => `${drop.files[0]?.path ?? ''} ${drop.files[0]?.hash.slice(0, 12)}`);
  const expected = placed.map(({ flow, name, hash }) => `${flow}/in/${name} ${hash.slice(0, 12)}`);
  differences(expected, found, (file, wanted, got) =>
    report('I1', `the ledger has ${got} drops of ${file}, placed ${wanted} times`),
  );
  for (const { id, state, isReported, isRefused, files } of drops) {
    const path = files[0]?.path ?? '';
    if (state !== 'settled' || !isReported)
      report('I1', `drop ${id} ${path} is ${state}${isReported ? '' : ', not reported'}`);
    const expectedEnd = placed.find(
      ({ flow, name, hash }) => path === `${flow}/in/${name}` && hash === files[0]?.hash,
    )?.end;
    if (expectedEnd !== undefined && isRefused !== (expectedEnd === 'failed')) {
      report('I1', `drop ${id} ${path} is ${isRefused ? '' : 'not '}refused as a whole`);
    }
  }
}

/** I2: balanced after every process, and in the end with nothing waiting. */
function checkBooks({ phases, idle, placed }: Settled, report: Report): void {
  for (const { name, dump } of phases) {
    for (const drop of dump?.drops ?? []) {
      if (!isBalanced(drop.books)) report('I2', `after ${name}: drop ${drop.id}: ${JSON.stringify(drop.books)}`);
    }
    if (dump !== undefined && !isBalanced(dump.overview.books))
      report('I2', `after ${name}: in total: ${JSON.stringify(dump.overview.books)}`);
  }
  for (const drop of idle.dump.drops) {
    const expected = fileOf(drop, placed);
    if (expected === undefined || expected.end === 'failed') continue;
    const { accepted, rejected, held, waiting } = drop.books;
    const wanted = { accepted: recordsOf(expected, 'accepted'), rejected: recordsOf(expected, 'rejected') };
    if (accepted !== wanted.accepted || rejected !== wanted.rejected || held + waiting > 0) {
      report(
        'I2',
        `drop ${drop.id} ${expected.name}: ${JSON.stringify(drop.books)}, expected ${JSON.stringify(wanted)}`,
      );
    }
  }
}

function isBalanced({ records, accepted, rejected, held, ignored, waiting }: Books): boolean {
  return records === accepted + rejected + held + ignored + waiting;
}

function fileOf(drop: DropView, placed: readonly PlacedFile[]): PlacedFile | undefined {
  return placed.find(({ hash, name }) => hash === drop.files[0]?.hash && drop.files[0].path.endsWith(`/${name}`));
}

function recordsOf(file: PlacedFile, outcome: string): number {
  return file.documents
    .filter((document) => document.outcome === outcome)
    .reduce((sum, { records }) => sum + records, 0);
}

/** Each document of each file came to the end that its content calls for, once. */
function checkDocuments({ placed, idle }: Settled, report: Report): void {
  const { drops, documents } = idle.dump;
  for (const drop of drops) {
    const file = fileOf(drop, placed);
    if (file === undefined) continue;
    const found = documents.filter(({ dropId }) => dropId === drop.id);
    differences(
      file.documents.map(({ key, outcome }) => `${key} ${outcome}`),
      found.map(({ key, status }) => `${key} ${status === 'already-received' ? 'accepted' : status}`),
      (document, wanted, got) =>
        report('I2', `${file.name}: document ${document}: ${got} in the ledger, expected ${wanted}`),
    );
  }
}

/** Each drop has one result file, one line per document; rows are sent back exactly when something was rejected. */
function checkResults({ placed, idle, taken }: Settled, report: Report): void {
  const { drops, documents, files } = idle.dump;
  for (const drop of drops) {
    const own = files.filter(({ dropId }) => dropId === drop.id);
    const results = own.filter(({ kind }) => kind === 'result');
    const hasRejected = documents.some(({ dropId, status }) => dropId === drop.id && status === 'rejected');
    const sheets = own.filter(({ kind }) => kind === 'rejects').length;
    if (results.length !== 1) report('I5', `drop ${drop.id} has ${results.length} result files`);
    if (sheets !== (hasRejected ? 1 : 0)) report('I5', `drop ${drop.id} has ${sheets} reject sheets`);
    const content = [...taken, ...idle.folder].find(({ path }) => path === results[0]?.path);
    const file = fileOf(drop, placed);
    if (content === undefined || file === undefined || file.end === 'failed') continue;
    differences(
      file.documents.map(({ key, outcome }) => `${key} ${outcome}`),
      resultLines(content),
      (line, wanted, got) => report('I5', `${content.path}: ${line}: ${got} lines, expected ${wanted}`),
    );
  }
}

function resultLines(file: SeenFile): string[] {
  const rows: Record<string, string>[] = parse(file.content, { columns: true, bom: true });
  return rows
    .filter(({ status }) => status !== 'notice')
    .map(({ key, status }) => `${key} ${status === 'already-received' ? 'accepted' : status}`);
}
