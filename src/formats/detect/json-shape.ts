/** What the beginning of a JSON text looks like. */
export interface JsonShape {
  readonly root: 'array' | 'object' | 'other';
  /** Several values follow one another: each on a line of its own, or not. */
  readonly values: 'one' | 'lines' | 'together';
  /** Arrays of objects by their path, with how many objects were seen. */
  readonly arrays: readonly JsonArrayPlace[];
}

export interface JsonArrayPlace {
  /** Names from the root; empty for the root itself. */
  readonly path: readonly string[];
  readonly objects: number;
  /** It lies inside another array. */
  readonly isNested: boolean;
}

const DEEPEST = 64;

interface Level {
  readonly kind: 'array' | 'object';
  name: string;
  readonly place: { path: string[]; objects: number; isNested: boolean } | undefined;
}

/** Walks over JSON text without building it; text that is cut off or broken gives what was seen before. */
export function shapeOfJson(text: string): JsonShape {
  const walker = new Walker();
  const token = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:,]|[^\s{}[\]:,"]+|\n/gs;
  for (const [found] of text.matchAll(token)) if (!walker.take(found)) break;
  return walker.shape();
}

class Walker {
  readonly #stack: Level[] = [];
  readonly #places = new Map<string, { path: string[]; objects: number; isNested: boolean }>();
  #root: JsonShape['root'] = 'other';
  #roots = 0;
  #values: JsonShape['values'] = 'one';
  #sawLineEnd = false;
  #last = '';

  /** Answers false when it is too deep to go on. */
  take(token: string): boolean {
    if (token === '\n') {
      if (this.#stack.length === 0) this.#sawLineEnd = true;
      return true;
    }
    if (this.#stack.length === 0) this.#begin(token);
    const top = this.#stack.at(-1);
    if (token === '{' || token === '[') {
      if (this.#stack.length >= DEEPEST) return false;
      if (token === '{' && top?.kind === 'array' && top.place !== undefined) top.place.objects++;
      this.#stack.push({ kind: token === '{' ? 'object' : 'array', name: '', place: this.#placeFor(token) });
    } else if (token === '}' || token === ']') this.#stack.pop();
    else if (token === ':' && top !== undefined) top.name = unquoted(this.#last);
    this.#last = token;
    return true;
  }

  shape(): JsonShape {
    const arrays = [...this.#places.values()].filter(({ objects }) => objects > 0);
    return { root: this.#root, values: this.#values, arrays };
  }

  #begin(token: string): void {
    this.#roots++;
    if (this.#roots === 1) this.#root = token === '[' ? 'array' : token === '{' ? 'object' : 'other';
    else if (this.#roots === 2) this.#values = this.#sawLineEnd ? 'lines' : 'together';
    this.#sawLineEnd = false;
  }

  #placeFor(token: string): Level['place'] {
    if (token !== '[' || this.#roots > 1) return undefined;
    const path = this.#stack.filter(({ kind }) => kind === 'object').map(({ name }) => name);
    const key = JSON.stringify(path);
    const isNested = this.#stack.some(({ kind }) => kind === 'array');
    const place = this.#places.get(key) ?? { path, objects: 0, isNested };
    this.#places.set(key, place);
    return place;
  }
}

function unquoted(token: string): string {
  try {
    return String(JSON.parse(token));
  } catch {
    return token;
  }
}
