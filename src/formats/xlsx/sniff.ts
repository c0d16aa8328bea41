import type { RandomAccess } from '../../core/format.ts';
import type { IssueDetails } from '../../core/issue.ts';
import { say } from '../../core/text.ts';
import { Refusal } from './refusal.ts';

const SAVE = say`Open it in the spreadsheet program and save it as an Excel workbook (.xlsx).`;
const OLE = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
const ZIP = [0x50, 0x4b];
const SECTOR_BYTES = 512;
const HEAD_BYTES = 1024;
const DIRECTORY_BYTES = 4096;

/** Refuses by its first bytes what is no zip archive at all, and says what it is. @throws Refusal */
export async function refuseOthers(access: RandomAccess): Promise<void> {
  if (access.size === 0) throw new Refusal('empty-file');
  const head = await access.read(0, Math.min(HEAD_BYTES, access.size));
  if (startsWith(head, ZIP)) return;
  if (startsWith(head, OLE)) throw await refuseOle(access, head);
  const text = Buffer.from(head).toString('latin1');
  if (/^\s*(?:\u00ef\u00bb\u00bf)?\s*<(?:!doctype html|html|table|head)/i.test(text)) {
    throw new Refusal('looks-like-html', { hint: say`If a spreadsheet program opens it, save it there as .xlsx.` });
  }
  if (/^(?:\u00ef\u00bb\u00bf)?\s*<\?xml/.test(text)) {
    throw new Refusal('not-a-workbook', { what: say`this is an XML file, not an Excel workbook (.xlsx)`, hint: SAVE });
  }
  if (text.startsWith('%PDF')) {
    throw new Refusal('not-a-workbook', {
      what: say`this is a PDF document`,
      hint: say`Export the data itself as .xlsx.`,
    });
  }
  throw new Refusal('not-a-workbook', isText(head) ? asText(text) : {});
}

/** Old workbooks and protected ones are the same kind of container; the directory in it tells them apart. */
async function refuseOle(access: RandomAccess, head: Uint8Array): Promise<Refusal> {
  const first = Buffer.from(head);
  const sector = first.length < 52 ? 0 : first.readUInt32LE(48);
  const offset = (sector + 1) * SECTOR_BYTES;
  const isInside = offset < access.size;
  const directory = isInside ? await access.read(offset, Math.min(DIRECTORY_BYTES, access.size - offset)) : head;
  if (Buffer.from(directory).includes(Buffer.from('EncryptedPackage', 'utf16le'))) {
    const what = say`the workbook is protected by a password`;
    return new Refusal('not-a-workbook', { what, hint: say`Save it as .xlsx without a password.` });
  }
  return new Refusal('not-a-workbook', {
    what: say`this is an old Excel workbook (.xls) or Office document`,
    hint: SAVE,
  });
}

function startsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  return signature.every((byte, index) => bytes[index] === byte);
}

function isText(head: Uint8Array): boolean {
  return head.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);
}

function asText(text: string): IssueDetails {
  const looksLikeTable = /^[^\r\n]*[,;\t|]/.test(text);
  return {
    what: looksLikeTable
      ? say`this is a CSV or text file under the name of a workbook`
      : say`this is a text file, not an Excel workbook (.xlsx)`,
    hint: say`Drop it with the extension .csv where CSV is expected, or open it in the spreadsheet program and save it as .xlsx.`,
  };
}
