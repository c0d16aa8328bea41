/** A record as it stands in the file. */
export interface Line {
  readonly text: string;
  readonly lineEnd: string;
  /** Physical line, or number of the record where there are no lines; from 1. */
  readonly line: number;
  /** The file ends here, before the record does: no line end, or fewer units than a record has. */
  readonly isOpen: boolean;
}

/** Cuts text into records. Blank ones are answered too: they count as lines. */
export interface LineSource {
  push(text: string): readonly Line[];
  /** What the end of the file completes. A final Ctrl-Z, the end mark of DOS, is dropped. */
  finish(): readonly Line[];
  /** The record under way. */
  pending(): { readonly text: string; readonly line: number };
}

const END = /\r\n|\n|\r/g;
const CTRL_Z = /\u001a+$/;

/** Records that are lines: CRLF, LF and CR all end one. */
export function createLineSource(): LineSource {
  let rest = '';
  // Up to here no line end begins in `rest`.
  let looked = 0;
  let line = 1;
  const cut = (isLast: boolean): Line[] => {
    const found: Line[] = [];
    const text = rest;
    let start = 0;
    END.lastIndex = looked;
    for (let match = END.exec(text); match !== null; match = END.exec(text)) {
      // A CR at the end of what is known may be the first half of CRLF.
      if (!isLast && match[0] === '\r' && END.lastIndex === text.length) break;
      found.push({ text: text.slice(start, match.index), lineEnd: match[0], line: line++, isOpen: false });
      start = END.lastIndex;
    }
    rest = text.slice(start);
    looked = rest.endsWith('\r') ? rest.length - 1 : rest.length;
    return found;
  };
  return {
    push(text) {
      rest += text;
      return cut(false);
    },
    finish() {
      rest = rest.replace(CTRL_Z, '');
      looked = Math.min(looked, rest.length);
      const found = cut(true);
      if (rest !== '') found.push({ text: rest, lineEnd: '', line, isOpen: true });
      rest = '';
      return found;
    },
    pending: () => ({ text: rest, line }),
  };
}
