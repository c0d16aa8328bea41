import type { IssueDetails } from '../../core/issue.ts';
import { say, type Phrase } from '../../core/text.ts';
import type { Archive } from './archive.ts';
import { visitSmall } from './small-part.ts';

const SAVE = say`Open it in the spreadsheet program and save it as an Excel workbook (.xlsx).`;
const EXPORT = say`Drop the workbook (.xlsx) that holds the data.`;

/** Content types of what people drop instead of a workbook, the first that fits. */
const others: readonly { readonly sign: RegExp; readonly what: Phrase; readonly hint: Phrase }[] = [
  {
    sign: /sheet\.binary/i,
    what: say`this is a binary workbook (.xlsb)`,
    hint: SAVE,
  },
  {
    sign: /macroEnabled/i,
    what: say`this is a workbook with macros (.xlsm)`,
    hint: say`Save it as an Excel workbook without macros (.xlsx).`,
  },
  { sign: /wordprocessingml/i, what: say`this is a Word document`, hint: EXPORT },
  { sign: /presentationml/i, what: say`this is a PowerPoint presentation`, hint: EXPORT },
];

/** What a zip archive is, when it is no workbook of the kind that is read. */
export async function kindOfPackage(archive: Archive, part: string | undefined): Promise<IssueDetails | undefined> {
  if (!archive.has('[Content_Types].xml')) return kindOfArchive(archive);
  if (archive.has('xl/vbaProject.bin')) return others[1];
  const type = await contentType(archive, part ?? '');
  const other = others.find(({ sign }) => sign.test(type));
  if (other !== undefined) return other;
  return part === undefined || (type !== '' && !/spreadsheetml/i.test(type))
    ? { what: say`this is an Office document of another kind, not an Excel workbook`, hint: EXPORT }
    : undefined;
}

async function contentType(archive: Archive, part: string): Promise<string> {
  let type = '';
  let byExtension = '';
  await visitSmall(archive, '[Content_Types].xml', {
    open(name, { PartName = '', Extension = '', ContentType = '' }) {
      if (name === 'Override' && PartName.toLowerCase() === `/${part.toLowerCase()}`) type = ContentType;
      if (name === 'Default' && part.toLowerCase().endsWith(`.${Extension.toLowerCase()}`)) byExtension = ContentType;
    },
  });
  return type === '' && !/^(application|text)\/xml$/.test(byExtension) ? byExtension : type;
}

async function kindOfArchive(archive: Archive): Promise<IssueDetails> {
  if (!archive.has('mimetype'))
    return { what: say`this is a zip archive, not an Excel workbook`, hint: say`Unpack it first.` };
  const pieces = await Array.fromAsync(archive.read('mimetype'));
  return Buffer.concat(pieces).includes('opendocument.spreadsheet')
    ? { what: say`this is an OpenDocument spreadsheet (.ods)`, hint: SAVE }
    : { what: say`this is another kind of document, not an Excel workbook`, hint: EXPORT };
}
