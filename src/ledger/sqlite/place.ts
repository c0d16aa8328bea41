import type { Place } from '../../core/issue.ts';
import type { DropFile, RecordRun } from '../../core/ledger.ts';

/** Where a document begins: the file of its first record, and its line. */
export function placeOf(
  { line, records }: { readonly line: number; readonly records: string },
  files: readonly DropFile[],
): Place {
  const [run] = JSON.parse(records) as readonly RecordRun[];
  const file = files.find(({ part }) => part === (run?.[0] ?? '')) ?? files[0];
  return file === undefined ? { line } : { file: baseName(file.path), line };
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
