import { buffer } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { fromBufferPromise, type Entry } from 'yauzl';
import { ZipFile } from 'yazl';

/** A workbook made by hand, part by part, so that a test can say what no spreadsheet program would write. */
export interface Made {
  /** What stands inside `<sheetData>`, by name of the sheet. */
  readonly sheets: Readonly<Record<string, string | SheetXml>>;
  /** What stands inside `<si>`, one after another. */
  readonly strings?: readonly string[];
  /** Number formats of the styles 0, 1, …: ids, or codes. */
  readonly formats?: readonly (number | string)[];
  /** Attributes of `<workbookPr>`. */
  readonly properties?: string;
  /** Parts to add or to replace. */
  readonly parts?: Readonly<Record<string, string | Uint8Array>>;
  readonly without?: readonly string[];
}

export interface SheetXml {
  readonly data: string;
  readonly before?: string;
  readonly after?: string;
  readonly state?: string;
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

export async function makeWorkbook(made: Made): Promise<Buffer> {
  const all: Record<string, string | Uint8Array> = { ...partsOf(made), ...made.parts };
  for (const name of made.without ?? []) delete all[name];
  return zip(all);
}

function partsOf({ sheets, strings, formats, properties = '' }: Made): Record<string, string> {
  const names = Object.keys(sheets);
  const relations = names.map((_, index) => relation(index + 1, 'worksheet', `worksheets/sheet${index + 1}.xml`));
  const parts: Record<string, string> = {
    '[Content_Types].xml': `${DECLARATION}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/></Types>`,
    '_rels/.rels': relationships([relation(1, 'officeDocument', 'xl/workbook.xml')]),
    'xl/workbook.xml': `${DECLARATION}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><workbookPr ${properties}/><sheets>${names
      .map((name, index) => {
        const sheet = sheets[name];
        const state = typeof sheet === 'object' ? ` state="${sheet.state ?? 'visible'}"` : '';
        return `<sheet name="${name}" sheetId="${index + 1}"${state} r:id="rId${index + 1}"/>`;
      })
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relationships([
      ...relations,
      relation(101, 'styles', 'styles.xml'),
      ...(strings === undefined ? [] : [relation(102, 'sharedStrings', 'sharedStrings.xml')]),
    ]),
    'xl/styles.xml': stylesXml(formats ?? [0]),
  };
  if (strings !== undefined) {
    const items = strings.map((item) => `<si>${item}</si>`).join('');
    parts['xl/sharedStrings.xml'] = `${DECLARATION}<sst xmlns="${MAIN}" count="${strings.length}">${items}</sst>`;
  }
  for (const [index, sheet] of Object.values(sheets).entries()) {
    const { data, before = '', after = '' } = typeof sheet === 'string' ? { data: sheet } : sheet;
    parts[`xl/worksheets/sheet${index + 1}.xml`] =
      `${DECLARATION}<worksheet xmlns="${MAIN}">${before}<sheetData>${data}</sheetData>${after}</worksheet>`;
  }
  return parts;
}

function relation(id: number, type: string, target: string): string {
  return `<Relationship Id="rId${id}" Type="${OFFICE}/${type}" Target="${target}"/>`;
}

function relationships(list: readonly string[]): string {
  return `${DECLARATION}<Relationships xmlns="${PACKAGE}/relationships">${list.join('')}</Relationships>`;
}

function stylesXml(formats: readonly (number | string)[]): string {
  const own = formats.flatMap((format, index) =>
    typeof format === 'string'
      ? [`<numFmt numFmtId="${200 + index}" formatCode="${format.replaceAll('"', '&quot;')}"/>`]
      : [],
  );
  const styles = formats.map(
    (format, index) => `<xf numFmtId="${typeof format === 'string' ? 200 + index : format}"/>`,
  );
  return `${DECLARATION}<styleSheet xmlns="${MAIN}"><numFmts>${own.join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>${styles.join('')}</cellXfs></styleSheet>`;
}

/** A row of cells of text, numbers or, as `<…`, XML; undefined leaves a cell out. */
export function row(number: number, cells: readonly (string | number | undefined)[], attributes = ''): string {
  const made = cells.map((cell, column) => {
    const reference = `${String.fromCharCode(65 + column)}${number}`;
    if (cell === undefined) return '';
    if (typeof cell === 'number') return `<c r="${reference}"><v>${cell}</v></c>`;
    if (cell.startsWith('<')) return cell.replace('<c', `<c r="${reference}"`);
    return `<c r="${reference}" t="inlineStr"><is><t>${cell.replaceAll('&', '&amp;')}</t></is></c>`;
  });
  return `<row r="${number}" ${attributes}>${made.join('')}</row>`;
}

export async function zip(parts: Readonly<Record<string, string | Uint8Array>>, compress = true): Promise<Buffer> {
  const file = new ZipFile();
  for (const [name, content] of Object.entries(parts)) file.addBuffer(Buffer.from(content), name, { compress });
  file.end();
  return buffer(file.outputStream as Readable);
}

/** The parts of a workbook as text, as another program finds them. */
export async function unzip(bytes: Uint8Array): Promise<Record<string, string>> {
  const file = await fromBufferPromise(Buffer.from(bytes));
  const parts: Record<string, string> = {};
  for await (const entry of file.eachEntry() as AsyncIterable<Entry>) {
    if (entry.fileName.endsWith('/')) continue;
    parts[entry.fileName] = (await buffer(await file.openReadStreamPromise(entry))).toString();
  }
  return parts;
}

/** The workbook with one cell of its last sheet replaced, as somebody who edits it would; the cell must be there. */
export async function setCell(bytes: Uint8Array, reference: string, cell: string): Promise<Buffer> {
  const parts = await unzip(bytes);
  const [name = ''] = Object.keys(parts)
    .filter((each) => each.startsWith('xl/worksheets/sheet'))
    .toSorted()
    .toReversed();
  const sheet = parts[name] ?? '';
  const found = new RegExp(`<c r="${reference}"[^>]*?(/>|>.*?</c>)`).exec(sheet)?.[0];
  if (found === undefined) throw new Error(`no cell ${reference}`);
  return zip({ ...parts, [name]: sheet.replace(found, cell.replace('<c', `<c r="${reference}"`)) });
}
