import type { Bytes } from '../../core/format.ts';
import { say } from '../../core/text.ts';
import { openArchive, type Archive } from './archive.ts';
import type { CellContext } from './cell-text.ts';
import { openAnywhere } from './random.ts';
import { Refusal } from './refusal.ts';
import { refuseOthers } from './sniff.ts';
import { readStrings } from './strings.ts';
import { readStyles } from './styles.ts';
import { openWorkbook, type SheetEntry, type Workbook } from './workbook.ts';

/** Names that a message lists. */
const MOST_NAMED = 10;

/** An open workbook and the sheet of it that is read. */
export interface Book extends CellContext {
  readonly archive: Archive;
  readonly sheet: SheetEntry;
  /** Names of the shown sheets that stand before it. */
  readonly before: readonly string[];
  close(): Promise<void>;
}

/** @throws Refusal for what is in the file; whatever the bytes throw. */
export async function openBook(bytes: Bytes, sheet: string | number | undefined): Promise<Book> {
  const access = await openAnywhere(bytes);
  let archive: Archive | undefined;
  const close = async (): Promise<void> => {
    archive?.close();
    await access.close();
  };
  try {
    await refuseOthers(access);
    archive = await openArchive(access);
    const workbook = await openWorkbook(archive);
    const found = chooseSheet(workbook, sheet);
    const shown = workbook.sheets.filter(({ isHidden }) => !isHidden);
    return {
      archive,
      sheet: found,
      before: shown.slice(0, Math.max(shown.indexOf(found), 0)).map(({ name }) => name),
      is1904: workbook.is1904,
      formats: await readStyles(archive, workbook.styles),
      strings: await readStrings(archive, workbook.strings),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function chooseSheet({ sheets }: Workbook, wanted: string | number | undefined): SheetEntry {
  const shown = sheets.filter(({ isHidden }) => !isHidden);
  const names = shown.map(({ name }) => name);
  // A spreadsheet program does not tell names apart that differ in case only.
  const key = (name: string): string => name.trim().toLowerCase();
  const found =
    typeof wanted === 'string'
      ? (sheets.find(({ name }) => name === wanted) ?? sheets.find(({ name }) => key(name) === key(wanted)))
      : shown[(wanted ?? 1) - 1];
  if (found !== undefined) return found;
  if (wanted === undefined) throw new Refusal('no-such-sheet', { what: say`the workbook shows no sheet with cells` });
  const what =
    typeof wanted === 'string' ? say`there is no sheet "${wanted}"` : say`there is no sheet number ${wanted}`;
  const list = names.slice(0, MOST_NAMED).map((name) => `"${name}"`);
  throw new Refusal('no-such-sheet', {
    what,
    expected: list.length === 0 ? say`a sheet with cells` : say`one of ${list.join(', ')}`,
    hint: say`Name the sheet so, or mend read.sheet in the mapping.`,
  });
}
