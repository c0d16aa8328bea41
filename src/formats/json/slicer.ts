const QUOTE = 34;
const BACKSLASH = 92;
// What ends a number or a word.
const SCALAR_END = /[\s,:[\]{}"]/g;

/**
 * Finds where a JSON value ends, in a text that may still grow: by counting brackets and passing over texts in quotes.
 * What stands between is not looked at; a value cut out like this still has to be parsed.
 */
export class Slicer {
  #depth = 0;
  #isInText = false;
  /** How far behind the value's start was looked. */
  #seen = 0;

  /** Forgets the value under way. */
  reset(): void {
    this.#depth = 0;
    this.#isInText = false;
    this.#seen = 0;
  }

  /**
   * The offset behind the value that starts at an offset, or -1 when it is not all there. `isLast`: nothing will follow.
   * Asked again for the same value with more text, it goes on where it stopped.
   */
  find(text: string, start: number, isLast: boolean): number {
    const code = text.charCodeAt(start);
    const isScalar = code !== QUOTE && code !== 91 && code !== 123;
    const end = isScalar ? this.#scalarEnd(text, start, isLast) : this.#end(text, start);
    if (end !== -1) this.reset();
    return end;
  }

  #scalarEnd(text: string, start: number, isLast: boolean): number {
    SCALAR_END.lastIndex = start + this.#seen;
    const found = SCALAR_END.exec(text);
    if (found !== null) return found.index;
    this.#seen = text.length - start;
    return isLast ? text.length : -1;
  }

  #end(text: string, start: number): number {
    let depth = this.#depth;
    let at = start + this.#seen;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (this.#isInText || code === QUOTE) {
        const close = closingQuote(text, this.#isInText ? at : at + 1, start);
        this.#isInText = close === -1;
        if (close === -1) {
          at = text.length;
          break;
        }
        at = close;
        if (depth === 0) return at + 1;
      } else if (code === 91 || code === 123) depth++;
      else if ((code === 93 || code === 125) && --depth === 0) return at + 1;
    }
    this.#depth = depth;
    this.#seen = at - start;
    return -1;
  }
}

function closingQuote(text: string, from: number, start: number): number {
  for (let at = text.indexOf('"', from); at !== -1; at = text.indexOf('"', at + 1)) {
    let before = at - 1;
    while (before > start && text.charCodeAt(before) === BACKSLASH) before--;
    if ((at - before) % 2 === 1) return at;
  }
  return -1;
}
