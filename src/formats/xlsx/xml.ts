import { say, type Phrase } from '../../core/text.ts';
import { damaged, Refusal, tooMuch } from './refusal.ts';
import { createSaxes } from './saxes.ts';

const DEEPEST = 64;
/** A tag, a text or a comment that goes on for longer is no workbook's. */
const MOST_CHARACTERS = 1024 * 1024;

export type Attributes = Readonly<Record<string, string>>;

/** What is told of a part, in its order. Names come without their namespace prefix: both dialects of the format use the same. */
export interface XmlVisitor {
  open(name: string, attributes: Attributes): void;
  close?(name: string): void;
  text?(text: string): void;
  /** Where in the sheet the reading is, when it is in one. */
  place?(): { readonly line: number; readonly name: Phrase } | undefined;
}

/**
 * Reads one part of a workbook; yields after each piece of it, so that what was understood so far can be handed on.
 * No document type, no entities, bounded depth and size.
 * @throws Refusal, also what the visitor throws
 */
export async function* visitXml(
  pieces: AsyncIterable<Uint8Array>,
  visitor: XmlVisitor,
  part: string,
): AsyncGenerator<void, void, void> {
  const parser = createParser(visitor, part);
  let decoder: Decoder | undefined;
  for await (const piece of pieces) {
    decoder ??= createDecoder(piece);
    const text = decode(decoder, piece, part);
    attempt(() => parser.write(text), part);
    yield;
  }
  if (decoder === undefined) throw damaged(say`a file is empty`, part);
  const rest = decode(decoder, undefined, part);
  attempt(() => parser.finish(rest), part);
  yield;
}

type Decoder = InstanceType<typeof TextDecoder>;

interface Parser {
  write(text: string): void;
  finish(rest: string): void;
}

function attempt(step: () => void, part: string): void {
  try {
    step();
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw damaged(say`its XML cannot be read`, part);
  }
}

function createParser(visitor: XmlVisitor, part: string): Parser {
  const parser = createSaxes();
  let depth = 0;
  let quiet = 0;
  parser.on('doctype', () => {
    throw hostile(part);
  });
  parser.on('xmldecl', ({ encoding = 'utf-8' }) => {
    if (!/^utf-?(8|16|16le|16be)$/i.test(encoding)) throw damaged(say`the encoding ${encoding} is not allowed`, part);
  });
  parser.on('opentag', ({ name, attributes }) => {
    quiet = 0;
    depth++;
    if (depth > DEEPEST) throw tooMuch(say`${part} is nested too deep`, say`at most ${DEEPEST} levels`);
    visitor.open(localName(name), attributes);
  });
  parser.on('closetag', ({ name }) => {
    quiet = 0;
    depth--;
    visitor.close?.(localName(name));
  });
  if (visitor.text !== undefined) {
    const tell = (text: string): void => visitor.text?.(text);
    parser.on('text', tell);
    parser.on('cdata', tell);
  }
  return {
    write(text) {
      quiet += text.length;
      parser.write(text);
      if (quiet <= MOST_CHARACTERS) return;
      const place = visitor.place?.();
      const what = say`${place?.name ?? part} holds a text that is too long`;
      throw tooMuch(what, say`at most ${MOST_CHARACTERS} characters`, { line: place?.line });
    },
    finish(rest) {
      parser.write(rest).close();
    },
  };
}

function hostile(part: string): Refusal {
  return new Refusal('damaged-workbook', {
    what: say`the workbook declares a document type (in ${part}), which no spreadsheet program does and attacks do`,
  });
}

function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon === -1 ? name : name.slice(colon + 1);
}

function createDecoder(head: Uint8Array): Decoder {
  const [first, second] = head;
  const isLittle = (first === 0xff && second === 0xfe) || (first === 0x3c && second === 0);
  const isBig = (first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c);
  return new TextDecoder(isLittle ? 'utf-16le' : isBig ? 'utf-16be' : 'utf-8', { fatal: true });
}

function decode(decoder: Decoder, piece: Uint8Array | undefined, part: string): string {
  try {
    return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true });
  } catch {
    throw damaged(say`text that is not in its encoding`, part);
  }
}
