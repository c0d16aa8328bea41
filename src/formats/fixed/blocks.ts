import type { Line, LineSource } from './lines.ts';
import { isInsideCharacter, offsetAt, type Measured, type Ruler } from './ruler.ts';

/** A record that ends inside a character, or begins with a line end: the file is not what the layout says. */
export interface Misfit {
  readonly line: number;
  readonly why: 'split-character' | 'line-end';
}

export interface BlockSource extends LineSource {
  misfit(): Misfit | undefined;
}

const LINE_END = /^[\r\n]/;
/** What transfers add behind the last record. */
const TAIL = /^(?:\r\n|\n|\r)?\u001a*$/;

/** Records that follow one another without line ends, each of the same length. */
export function createBlockSource(length: number, ruler: Ruler): BlockSource {
  let rest = '';
  let line = 1;
  let misfit: Misfit | undefined;
  const cut = (): Line[] => {
    const found: Line[] = [];
    const measured = ruler(rest);
    let unit = 0;
    while (misfit === undefined && unit + length <= measured.units) {
      const record = blockAt(measured, unit, length, line);
      if (typeof record === 'string') misfit = { line, why: record };
      else {
        found.push(record);
        line++;
        unit += length;
      }
    }
    rest = rest.slice(offsetAt(measured, unit));
    return found;
  };
  return {
    push(text) {
      rest += text;
      return cut();
    },
    finish() {
      const text = TAIL.test(rest) ? '' : rest;
      rest = '';
      return text === '' || misfit !== undefined ? [] : [{ text, lineEnd: '', line, isOpen: true }];
    },
    pending: () => ({ text: rest, line }),
    misfit: () => misfit,
  };
}

function blockAt(measured: Measured, unit: number, length: number, line: number): Line | Misfit['why'] {
  if (isInsideCharacter(measured, unit + length)) return 'split-character';
  const text = measured.text.slice(offsetAt(measured, unit), offsetAt(measured, unit + length));
  return LINE_END.test(text) ? 'line-end' : { text, lineEnd: '', line, isOpen: false };
}
