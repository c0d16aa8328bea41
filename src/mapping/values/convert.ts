import type { Json } from '../../core/json.ts';
import { say } from '../../core/text.ts';
import { isShortenedNumber, readNumber, readNumberText, type NumberFinding } from './decimal.ts';
import { looksDoubleEncoded } from './double-encoding.ts';
import type { ValueKind } from './kind.ts';
import { report, type Run } from '../run.ts';
import type { SchemaView } from '../payload/schema-view.ts';

/** Turns a text that is not empty into what is sent; undefined after a finding. */
export type Convert = (run: Run, text: string) => Json | undefined;

export function createConvert(kind: ValueKind, view: SchemaView | undefined, isIdentifier: boolean): Convert {
  if (kind.check === 'string') return isIdentifier ? convertText : (_run, text) => text;
  if (kind.check === 'boolean') return (run, text) => convertBoolean(run, text, kind.emit);
  const isWhole = kind.check === 'integer';
  const expected = view?.bounds ?? (isWhole ? say`a whole number` : say`a number such as 12 or 12.5`);
  const refuse = (run: Run, { problem, hint }: NumberFinding, text: string): undefined =>
    report(run, problem, { expected, got: written(run, text), ...(hint === undefined ? {} : { hint }) });
  if (kind.emit === 'string') {
    return (run, text) => {
      const read = readNumberText(text, isWhole);
      return 'problem' in read ? refuse(run, read, text) : read.text;
    };
  }
  return (run, text) => {
    const read = readNumber(text, isWhole);
    if ('problem' in read) return refuse(run, read, text);
    if (!read.isPlain) run.exactText = read.text;
    return read.value;
  };
}

/** The text as the file has it, where steps have changed it. */
function written({ trace }: Run, text: string): string {
  const told = trace?.current?.sources.filter((source) => source.text !== '') ?? [];
  return told.length === 1 ? (told[0]?.text ?? text) : text;
}

// Most texts hold none of these; the patterns behind it are for the few that do.
const SUSPICIOUS = /[+\u00c2\u00c3\u00e2]/;

function convertText(run: Run, text: string): string | undefined {
  if (!SUSPICIOUS.test(text)) return text;
  if (isShortenedNumber(text)) return report(run, 'scientific-notation', { got: text });
  if (looksDoubleEncoded(text)) report(run, 'looks-double-encoded', { got: text });
  return text;
}

function convertBoolean(run: Run, text: string, emit: ValueKind['emit']): boolean | string | undefined {
  const word = text.toLowerCase();
  if (word !== 'true' && word !== 'false')
    return report(run, 'not-a-boolean', { expected: say`true or false`, got: text });
  return emit === 'boolean' ? word === 'true' : word;
}
