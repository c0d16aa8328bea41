import type { FormatOptions } from '../../../src/core/format.ts';
import { makeWorkbook, type Made } from '../workbook.ts';
import { atomsOf, diceOf, textOf, type Dice } from './content.ts';
import type { Expected, GeneratedFile } from './generated-file.ts';
import { FORMATS, makeCell, textCell, type Book, type MadeCell } from './xlsx-cells.ts';
import type { XlsxPlan } from './xlsx-plan.ts';

const IGNORE = '@@sum';
const ATOMS = atomsOf('utf-8', false);

/** A workbook and the part of it that is read, so that it can be damaged inside its archive. */
export interface GeneratedBook extends GeneratedFile {
  readonly sheet: Uint8Array;
  /** Where in the sheet each of its rows stands; also of rows that are no records. */
  readonly rows: readonly { readonly line: number; readonly from: number; readonly to: number }[];
  rebuild(sheet: Uint8Array): Promise<Uint8Array>;
}

interface Row {
  readonly number: number;
  readonly xml: string;
  readonly kind: 'lead' | 'header' | 'record' | 'hidden' | 'passed' | 'none';
  readonly cells: readonly string[];
}

/** Writes a workbook by hand: its XML, and what the cells must be read as. */
export async function xlsxByHand(plan: XlsxPlan): Promise<GeneratedBook> {
  const book: Book = { strings: [], is1904: plan.is1904 };
  const names = plan.columns.map(([, numbers], index) => nameOf(index, textOf(numbers, ATOMS)));
  const rows = rowsOf(sound(plan), names, book, diceOf(plan.rolls));
  const { before, after } = partOf(plan);
  const sheet = Buffer.concat(
    [before, ...rows.map(({ xml }) => encoded(xml, plan)), after].map((part) => Buffer.from(part)),
  );
  const rebuild = (bytes: Uint8Array): Promise<Uint8Array> => makeWorkbook(madeOf(plan, book, bytes));
  const isRecord = ({ kind }: Row): boolean => kind === 'record' || (kind === 'hidden' && plan.hidden === 'take');
  const hidden = rows.filter(({ kind }) => kind === 'hidden').length;
  const passed = rows.filter(({ kind }) => kind === 'passed').length + (plan.hidden === 'skip' ? hidden : 0);
  const headerLine = rows.find(({ kind }) => kind === 'header')?.number ?? 1;
  const records = rows.filter(isRecord);
  return {
    format: 'xlsx',
    by: 'hand',
    encoding: plan.isWide ? 'utf-16le' : 'utf-8',
    options: optionsOf(sound(plan), names, headerLine),
    bytes: await rebuild(sheet),
    records: records.map(({ number, cells }): Expected => ({ line: number, cells })),
    columns: { '': names },
    passedOver: passed,
    notices: [
      ...(plan.hidden === 'take' && hidden > 0 ? ['hidden-cells'] : []),
      ...(records.length + passed === 0 ? ['no-records'] : []),
    ],
    sheet,
    rows: placesOf(rows, before.length, plan),
    rebuild,
  };
}

/** A sheet without a header must hold something. */
function sound(plan: XlsxPlan): XlsxPlan {
  const isBare =
    plan.head === 'names' && plan.rows.every((row) => row.slice(0, plan.columns.length).flat().length === 0);
  return isBare ? { ...plan, head: 'first' } : plan;
}

function nameOf(index: number, text: string): string {
  return `N${index} ${text}`.replaceAll(/\s+/g, ' ').trim();
}

function rowsOf(plan: XlsxPlan, names: readonly string[], book: Book, dice: Dice): readonly Row[] {
  const rows: Row[] = [];
  let number = 0;
  const add = (kind: Row['kind'], cells: readonly (MadeCell | undefined)[], isHidden = false): void => {
    // Rows without content are often not written at all.
    const gap = dice(8) === 7 ? 1 + dice(3) : 0;
    number += 1 + gap;
    const texts = cells.map((cell) => cell?.text ?? '');
    const isEmpty = texts.every((text) => text === '');
    const made = { number, cells: texts, kind: isEmpty ? 'none' : kind } as const;
    rows.push({ ...made, xml: rowXml(number, cells, isHidden, gap === 0 && dice(4) === 3) });
  };
  const text = (value: string): MadeCell => textCell(value, book, dice);
  if (plan.head === 'has' || plan.head === 'line') {
    for (const [index] of plan.titles.entries()) add('lead', [text(`Title ${index}`), undefined, text('of May')]);
  }
  if (plan.head !== 'names') add('header', names.map(text));
  for (let index = 0; index < plan.skip; index++)
    add(
      'lead',
      names.map((_, column) => text(`unit ${column}`)),
    );
  for (const row of plan.isLarge ? enlarged(plan.rows) : plan.rows) {
    const cells = plan.columns.map(([kind], column) => makeCell(kind, row[column] ?? [], book, dice));
    const isHidden = dice(10) === 9;
    add(isHidden ? 'hidden' : 'record', cells, isHidden);
    const roll = dice(15);
    if (roll === 14) add('passed', [text(`${IGNORE} of all`)]);
    if (roll === 13 && plan.head !== 'names') add('passed', names.map(text));
  }
  return rows;
}

function enlarged(rows: XlsxPlan['rows']): XlsxPlan['rows'] {
  return rows.length === 0 ? rows : Array.from({ length: Math.ceil(1500 / rows.length) }, () => rows).flat();
}

/** `isLax`: without the places, which some programs leave out; the cells then follow one another. */
function rowXml(number: number, cells: readonly (MadeCell | undefined)[], isHidden: boolean, isLax: boolean): string {
  const made = cells.map((cell, column) => {
    const place = isLax ? '' : ` r="${String.fromCharCode(65 + column)}${number}"`;
    if (cell === undefined) return isLax ? '<c/>' : '';
    return `<c${place}${cell.attributes}>${cell.content}</c>`;
  });
  const place = isLax ? '' : ` r="${number}"`;
  return `<row${place}${isHidden ? ' hidden="1"' : ''}>${made.join('')}</row>\n`;
}

function placesOf(rows: readonly Row[], before: number, plan: XlsxPlan): GeneratedBook['rows'] {
  let from = before;
  return rows.map(({ number, xml }) => {
    const to = from + encoded(xml, plan).length;
    const place = { line: number, from, to };
    from = to;
    return place;
  });
}

function encoded(text: string, { isWide }: XlsxPlan): Uint8Array {
  return Buffer.from(text, isWide ? 'utf16le' : 'utf8');
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';

function partOf(plan: XlsxPlan): { before: Uint8Array; after: Uint8Array } {
  const mark = plan.isWide ? '\ufeff' : '';
  const declaration = `<?xml version="1.0" encoding="${plan.isWide ? 'UTF-16' : 'UTF-8'}"?>`;
  return {
    before: encoded(`${mark}${declaration}\n<worksheet xmlns="${MAIN}"><sheetData>\n`, plan),
    after: encoded('</sheetData></worksheet>', plan),
  };
}

const NAME = 'Orders & <more>';

function madeOf(plan: XlsxPlan, book: Book, sheet: Uint8Array): Made {
  const isFirst = plan.choice === 'default';
  const other = { data: '<row r="1"><c r="A1" t="inlineStr"><is><t>N0</t></is></c></row>' };
  const own = { 'Orders &amp; &lt;more&gt;': '' };
  return {
    sheets: isFirst ? { Secret: { ...other, state: 'hidden' }, ...own, Other: other } : { Cover: other, ...own },
    strings: book.strings,
    formats: FORMATS,
    ...(plan.is1904 ? { properties: 'date1904="1"' } : {}),
    parts: { 'xl/worksheets/sheet2.xml': sheet },
  };
}

function optionsOf(plan: XlsxPlan, names: readonly string[], headerLine: number): FormatOptions {
  return {
    ...(plan.choice === 'name' ? { sheet: NAME } : plan.choice === 'number' ? { sheet: 2 } : {}),
    ...(plan.head === 'names' ? { columns: { names } } : {}),
    ...(plan.head === 'has' ? { header: { has: names.slice(0, 2) } } : {}),
    ...(plan.head === 'line' ? { header: { line: headerLine } } : {}),
    ...(plan.skip === 0 ? {} : { skip: plan.skip }),
    ignore: [IGNORE],
    hidden: plan.hidden,
  };
}
