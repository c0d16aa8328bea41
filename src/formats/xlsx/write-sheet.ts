import { columnLetters } from './cell-reference.ts';
import { escapeText } from './text.ts';

/** A cell to be written. `style`: as the style book numbers it. */
export interface OutCell {
  readonly column: number;
  readonly style: number;
  readonly kind: 'text' | 'number' | 'boolean' | 'error' | 'empty';
  readonly text: string;
}

export interface OutRow {
  readonly number: number;
  readonly cells: readonly OutCell[];
}

/** How a column is shown. */
export interface OutColumn {
  readonly column: number;
  readonly width: number;
  readonly isHidden?: boolean;
}

export interface OutSheet {
  readonly columns: readonly OutColumn[];
  /** Rows that stay in view when the others are scrolled. */
  readonly frozenRows: number;
  readonly isActive: boolean;
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PIECE_CHARACTERS = 64 * 1024;

/** The part of a sheet. `hasComments` is asked at the end. */
export async function* sheetXml(
  sheet: OutSheet,
  rows: AsyncIterable<OutRow>,
  hasComments: () => boolean,
): AsyncGenerator<string, void, void> {
  let xml = sheetHead(sheet);
  for await (const row of rows) {
    xml += rowXml(row);
    if (xml.length < PIECE_CHARACTERS) continue;
    yield xml;
    xml = '';
  }
  // Digits that are text stay text: no warning for each of them.
  const errors = '<ignoredErrors><ignoredError sqref="A1:XFD1048576" numberStoredAsText="1"/></ignoredErrors>';
  yield `${xml}</sheetData>${errors}${hasComments() ? '<legacyDrawing r:id="rId1"/>' : ''}</worksheet>`;
}

function sheetHead({ columns, frozenRows, isActive }: OutSheet): string {
  const selected = isActive ? ' tabSelected="1"' : '';
  const pane =
    frozenRows === 0
      ? ''
      : `<pane ySplit="${frozenRows}" topLeftCell="A${frozenRows + 1}" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft"/>`;
  const spans = columns.map(
    ({ column, width, isHidden }) =>
      `<col min="${column + 1}" max="${column + 1}" width="${width}" customWidth="1"${isHidden === true ? ' hidden="1"' : ''}/>`,
  );
  return [
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
    `<worksheet xmlns="${MAIN}" xmlns:r="${RELATIONS}">`,
    `<sheetViews><sheetView workbookViewId="0"${selected}>${pane}</sheetView></sheetViews>`,
    '<sheetFormatPr defaultRowHeight="15"/>',
    spans.length === 0 ? '' : `<cols>${spans.join('')}</cols>`,
    '<sheetData>',
  ].join('');
}

function rowXml({ number, cells }: OutRow): string {
  return `<row r="${number}">${cells.map((cell) => cellXml(cell, number)).join('')}</row>`;
}

const types = { number: '', boolean: ' t="b"', error: ' t="e"' } as const;

function cellXml({ column, style, kind, text }: OutCell, row: number): string {
  const start = `<c r="${columnLetters(column)}${row}"${style === 0 ? '' : ` s="${style}"`}`;
  if (kind === 'empty') return `${start}/>`;
  // A text that stands in its cell can never be taken for a formula.
  if (kind === 'text') return `${start} t="inlineStr"><is><t xml:space="preserve">${escapeText(text)}</t></is></c>`;
  return `${start}${types[kind]}><v>${escapeText(text)}</v></c>`;
}
