import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';

/** A file of an archive. */
export interface Part {
  readonly name: string;
  readonly content: string | AsyncIterable<string>;
}

/** The same parts make the same bytes, wherever and whenever: the first time a zip archive can tell stands for all. */
const options = { mtime: new Date(1980, 0, 1), mode: 0o100644, forceDosTimestamp: true };

/** Packs parts one after another; asks for the next when the last is written. @throws what a content throws */
export async function* zipParts(parts: Iterator<Part, void>): AsyncGenerator<Uint8Array, void, void> {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  let source: Readable | undefined;
  const fail = (error: Error): void => {
    output.destroy(error);
  };
  const addNext = (): void => {
    const next = parts.next();
    if (next.done === true) return zip.end();
    const { name, content } = next.value;
    zip.addReadStreamLazy(name, options, (give) => {
      source = Readable.from(typeof content === 'string' ? [content] : content, { objectMode: false });
      source.once('error', fail).once('end', addNext);
      give(null, source);
    });
  };
  zip.on('error', fail);
  addNext();
  try {
    for await (const piece of output) yield piece as Uint8Array;
  } finally {
    source?.destroy();
  }
}
