import { isJsonObject, scalarText, type Json } from '../../core/json.ts';
import { ColumnWatcher, type FileProfile } from './profile.ts';

const DEEPEST = 8;
const MOST_PATHS = 500;
const MOST_DISTINCT = 2000;
/** Of a long list the first elements tell what is in all. */
const MOST_ELEMENTS = 1000;

/** Watches trees go by: each path that leads to a single value is a column. */
export class TreeProfileBuilder {
  readonly #watchers = new Map<string, ColumnWatcher>();
  #records = 0;
  #line = 0;

  /** `line`: where the record stands; without it records are counted. */
  add(tree: Json, line?: number): void {
    this.#records++;
    this.#line = line ?? this.#records;
    this.#visit(tree, [], '', 0);
  }

  profile(): FileProfile {
    return { records: this.#records, columns: [...this.#watchers.values()].map((each) => each.profile()), rows: [] };
  }

  /** `list`: path of the innermost list around the value, empty outside lists. */
  #visit(value: Json | undefined, path: readonly string[], list: string, depth: number): void {
    if (depth > DEEPEST || value === undefined) return;
    if (isJsonObject(value)) {
      for (const [name, child] of Object.entries(value)) {
        // What cannot be written as a path cannot be read by one.
        if (/^[^.[\]$]+$/.test(name)) this.#visit(child, [...path, name], list, depth + 1);
      }
      return;
    }
    if (Array.isArray(value)) {
      const [own, inner] = [path.join('.'), value as readonly Json[]];
      // Lists of single values, and lists in lists, are for a person to map.
      if (list === '')
        for (const element of inner.slice(0, MOST_ELEMENTS))
          if (isJsonObject(element)) this.#visit(element, [], own, depth + 1);
      return;
    }
    const text = scalarText(value);
    if (path.length > 0) this.#watch(path.join('.'), list, text?.trim() ?? '');
  }

  #watch(path: string, list: string, text: string): void {
    const name = list === '' ? path : `${list}[].${path}`;
    let watcher = this.#watchers.get(name);
    if (watcher === undefined) {
      if (this.#watchers.size >= MOST_PATHS) return;
      watcher = new ColumnWatcher(name, MOST_DISTINCT, { reference: path, list });
      this.#watchers.set(name, watcher);
    }
    watcher.add(text, this.#line);
  }
}
