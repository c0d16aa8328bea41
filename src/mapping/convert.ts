import type { Json } from '../core/json.ts';
import { isShortenedNumber, readNumber } from './decimal.ts';
import type { ValueKind } from './kind.ts';
import { report, type Run } from './run.ts';
import type { SchemaView } from './schema-view.ts';

/** Turns a text that is not empty into what is sent; undefined after a finding. */
export type Convert = (run: Run, text: string) => Json | undefined;

export function createConvert(kind: ValueKind, view: SchemaView | undefined, isIdentifier: boolean): Convert {
  if (kind.check === 'string') return isIdentifier ? convertText : (_run, text) => text;
  if (kind.check === 'boolean') return (run, text) => convertBoolean(run, text, kind.emit);
  const isWhole = kind.check === 'integer';
  const expected = view?.bounds ?? (isWhole ? 'a whole number' : 'a number such as 12 or 12.5');
  return (run, text) => {
    const read = readNumber(text, isWhole);
    if ('problem' in read) {
      const hint = read.hint === undefined ? {} : { hint: read.hint };
      return report(run, read.problem, { expected, got: text, ...hint });
    }
    if (kind.emit === 'string') return read.text;
    if (String(read.value) !== read.text) run.exactText = read.text;
    return read.value;
  };
}

function convertText(run: Run, text: string): string | undefined {
  // Most texts hold no plus; the pattern is for the few that do.
  if (!text.includes('+') || !isShortenedNumber(text)) return text;
  return report(run, 'scientific-notation', { got: text });
}

function convertBoolean(run: Run, text: string, emit: ValueKind['emit']): boolean | string | undefined {
  const word = text.toLowerCase();
  if (word !== 'true' && word !== 'false')
    return report(run, 'not-a-boolean', { expected: 'true or false', got: text });
  return emit === 'boolean' ? word === 'true' : word;
}
