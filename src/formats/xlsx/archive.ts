import { crc32 } from 'node:zlib';
import { fromRandomAccessReaderPromise, type Entry, type ZipFile } from 'yauzl';
import type { RandomAccess } from '../../core/format.ts';
import { say } from '../../core/text.ts';
import { createSource, type Source } from './archive-source.ts';
import { inflated } from './inflate.ts';
import { damaged, Refusal, tooMuch } from './refusal.ts';

const MIB = 1024 * 1024;
const MOST_ENTRIES = 1000;
const MOST_BYTES = 500 * MIB;
const MOST_ENTRY_BYTES = 200 * MIB;
/** Sheets come to about 40; a bomb needs far more. Small entries may be all blanks. */
const MOST_RATIO = 200;
const RATIO_FROM_BYTES = MIB;
const LONGEST_NAME = 255;
const READ_BYTES = 64 * 1024;

/** A zip archive whose directory was read and found to promise no more than is allowed. */
export interface Archive {
  has(name: string): boolean;
  /** Unpacked, in pieces. Counts again what comes, and throws Refusal unless it is exactly what the directory says. */
  read(name: string, mostBytes?: number): AsyncGenerator<Uint8Array, void, void>;
  close(): void;
}

/** @throws Refusal for what is in the file; whatever the access throws. */
export async function openArchive(access: RandomAccess): Promise<Archive> {
  const source = createSource(access);
  const zip = await source.guard(
    () => fromRandomAccessReaderPromise(source.reader, access.size, { autoClose: false }),
    say`its end is missing`,
  );
  try {
    const entries = await readDirectory(zip, source);
    return {
      has: (name) => entries.has(keyOf(name)),
      read: (name, mostBytes = MOST_ENTRY_BYTES) =>
        unpack(name, entries.get(keyOf(name)), mostBytes, zip, source, access),
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

/** Names of parts differ in more than case. */
function keyOf(name: string): string {
  return name.toLowerCase();
}

async function readDirectory(zip: ZipFile, source: Source): Promise<ReadonlyMap<string, Entry>> {
  if (zip.entryCount > MOST_ENTRIES) {
    throw tooMuch(say`the archive holds too many files`, say`at most ${MOST_ENTRIES}`, { got: String(zip.entryCount) });
  }
  const entries = new Map<string, Entry>();
  const walk = zip.eachEntry()[Symbol.asyncIterator]();
  let total = 0;
  for (;;) {
    const { value: entry, done } = await source.guard(() => walk.next(), say`its directory cannot be read`);
    if (done === true) return entries;
    checkEntry(entry);
    total += entry.uncompressedSize;
    if (total > MOST_BYTES)
      throw tooMuch(say`the workbook unpacks to more than is allowed`, say`at most ${MOST_BYTES / MIB} MiB`);
    const key = keyOf(entry.fileName);
    if (entries.has(key)) throw damaged(say`a file is in it twice`, key);
    entries.set(key, entry);
  }
}

function checkEntry(entry: Entry): void {
  const { fileName, uncompressedSize, compressedSize } = entry;
  if (entry.isEncrypted()) {
    const what = say`the workbook is protected by a password`;
    throw new Refusal('not-a-workbook', { what, hint: say`Save it as .xlsx without a password.` });
  }
  if (fileName.length > LONGEST_NAME) throw damaged(say`a file in it has a name that is too long`);
  if (uncompressedSize > MOST_ENTRY_BYTES) {
    throw tooMuch(say`${fileName} unpacks to more than is allowed`, say`at most ${MOST_ENTRY_BYTES / MIB} MiB`);
  }
  if (uncompressedSize > RATIO_FROM_BYTES && uncompressedSize > compressedSize * MOST_RATIO) {
    throw tooMuch(say`${fileName} unpacks to more than is allowed`, say`at most ${MOST_RATIO} times its size`);
  }
}

async function* unpack(
  name: string,
  entry: Entry | undefined,
  mostBytes: number,
  zip: ZipFile,
  source: Source,
  access: RandomAccess,
): AsyncGenerator<Uint8Array, void, void> {
  if (entry === undefined) throw damaged(say`a file is missing`, name);
  if (entry.uncompressedSize > mostBytes) throw tooMuch(say`${name} is too large`, say`at most ${mostBytes / MIB} MiB`);
  const { compressionMethod: method } = entry;
  if (method !== 0 && method !== 8) throw damaged(say`packed in an unknown way (${method})`, name);
  const { fileDataStart: start } = await source.guard(
    () => zip.readLocalFileHeaderPromise(entry, { minimal: true }),
    say`a file in it cannot be found`,
  );
  const packed = readRange(access, start, entry.compressedSize);
  let size = 0;
  let sum = 0;
  for await (const piece of method === 0 ? packed : inflated(packed, name)) {
    size += piece.length;
    if (size > entry.uncompressedSize)
      throw tooMuch(say`${name} unpacks to more than it says`, say`${entry.uncompressedSize} bytes`);
    sum = crc32(piece, sum);
    yield piece;
  }
  if (size !== entry.uncompressedSize || sum !== entry.crc32) throw damaged(say`its check sum does not agree`, name);
}

async function* readRange(access: RandomAccess, start: number, length: number): AsyncGenerator<Uint8Array, void, void> {
  for (let at = 0; at < length; at += READ_BYTES) {
    yield await access.read(start + at, Math.min(READ_BYTES, length - at));
  }
}
