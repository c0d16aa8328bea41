import { commentsXml, drawingXml, type Comments } from './write-comments.ts';
import { escapeText } from './text.ts';
import type { StyleBook } from './write-styles.ts';
import type { Part } from './zip-writer.ts';

/** Sheets of a workbook, in the order of their tabs. */
export interface OutBook {
  readonly sheets: readonly { readonly name: string; content(): AsyncIterable<string> }[];
  /** Position, from 0, of the sheet that is shown first; comments stand on it. */
  readonly active: number;
  readonly is1904: boolean;
  readonly styles: StyleBook;
  readonly comments: Comments;
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const SPREADSHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** The parts of a workbook, each made when those before it are written: what depends on the cells comes after them. */
export function* workbookParts(book: OutBook): Generator<Part, void, void> {
  yield { name: '_rels/.rels', content: relations([['officeDocument', 'xl/workbook.xml']]) };
  yield { name: 'xl/workbook.xml', content: workbookXml(book) };
  const sheets = book.sheets.map((_, index) => ['worksheet', `worksheets/sheet${index + 1}.xml`] as const);
  yield { name: 'xl/_rels/workbook.xml.rels', content: relations([...sheets, ['styles', 'styles.xml']]) };
  for (const [index, { content }] of book.sheets.entries()) {
    yield { name: `xl/worksheets/sheet${index + 1}.xml`, content: content() };
  }
  if (book.comments.count() > 0) yield* commentParts(book);
  yield { name: 'xl/styles.xml', content: book.styles.xml() };
  yield { name: '[Content_Types].xml', content: contentTypes(book) };
}

function* commentParts({ active, comments }: OutBook): Generator<Part, void, void> {
  yield {
    name: `xl/worksheets/_rels/sheet${active + 1}.xml.rels`,
    content: relations([
      ['vmlDrawing', '../drawings/vmlDrawing1.vml'],
      ['comments', '../comments1.xml'],
    ]),
  };
  yield { name: 'xl/comments1.xml', content: commentsXml(comments) };
  yield { name: 'xl/drawings/vmlDrawing1.vml', content: drawingXml(comments) };
}

function relations(list: readonly (readonly [type: string, target: string])[]): string {
  const items = list.map(
    ([type, target], index) => `<Relationship Id="rId${index + 1}" Type="${OFFICE}/${type}" Target="${target}"/>`,
  );
  return `${DECLARATION}<Relationships xmlns="${PACKAGE}/relationships">${items.join('')}</Relationships>`;
}

function workbookXml({ sheets, active, is1904 }: OutBook): string {
  const items = sheets.map(
    ({ name }, index) => `<sheet name="${escapeText(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
  );
  const first = active === 0 ? '' : ` activeTab="${active}"`;
  return [
    `${DECLARATION}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}">`,
    is1904 ? '<workbookPr date1904="1"/>' : '<workbookPr/>',
    `<bookViews><workbookView${first}/></bookViews>`,
    `<sheets>${items.join('')}</sheets></workbook>`,
  ].join('');
}

function contentTypes({ sheets, comments }: OutBook): string {
  const overrides = [
    ['xl/workbook.xml', `${SPREADSHEET}.sheet.main+xml`],
    ...sheets.map((_, index) => [`xl/worksheets/sheet${index + 1}.xml`, `${SPREADSHEET}.worksheet+xml`]),
    ['xl/styles.xml', `${SPREADSHEET}.styles+xml`],
    ...(comments.count() === 0 ? [] : [['xl/comments1.xml', `${SPREADSHEET}.comments+xml`]]),
  ].map(([name = '', type = '']) => `<Override PartName="/${name}" ContentType="${type}"/>`);
  return [
    `${DECLARATION}<Types xmlns="${PACKAGE}/content-types">`,
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>',
    '<Default Extension="xml" ContentType="application/xml"/>',
    '<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>',
    ...overrides,
    '</Types>',
  ].join('');
}
