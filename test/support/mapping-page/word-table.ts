import { code, table } from './markdown.ts';
import type { Word } from './vocabulary.ts';

/** A line of a table of words: what it says, and the names of the words it says it of. */
interface Row {
  readonly names: readonly string[];
  readonly meaning: string;
  readonly fallback: string;
}

/**
 * A table of the words below a path, `keys` without those inside them. Equal lines are one, and what is as for CSV is named
 * below. `told`: takes the words that a reader has learned of.
 */
export function wordTable(words: readonly Word[], path: string, depth: 'keys' | 'all', told: Set<string>): string {
  const own = wordsBelow(words, path, depth);
  const other = path.replace(/^(read|write)\.\w+$/, '$1.csv');
  const known = new Map(
    other === path ? [] : wordsBelow(words, other, depth).map((word) => [nameOf(word, other), lineOf(word)]),
  );
  const isKnown = (word: Word): boolean => known.get(nameOf(word, path)) === lineOf(word);
  const rows = new Map<string, Row>();
  for (const word of own.filter((each) => !isKnown(each))) {
    const [meaning, fallback] = [meaningOf(word), fallbackOf(word)];
    if (meaning !== '') {
      const names = [...(rows.get(lineOf(word))?.names ?? []), nameOf(word, path)];
      rows.set(lineOf(word), { names, meaning, fallback });
    }
  }
  for (const word of own) if (isTold(word, words)) told.add(word.path);
  const all = own.filter(isKnown).map((word) => nameOf(word, path));
  const shared = all.filter((name) => !all.some((other) => name.startsWith(`${other}.`)));
  const rest = shared.length === 0 ? '' : `\n\nAs for CSV: ${shared.map(code).join(', ')}.`;
  return tableOf([...rows.values()]) + rest;
}

/** The words directly below a path in a sentence; what they do was told of another format. */
export function optionList(words: readonly Word[], path: string, told: Set<string>): string {
  const own = wordsBelow(words, path, 'keys');
  const isKnown = (word: Word): boolean =>
    words.some((other) => told.has(other.path) && lastName(other) === lastName(word) && lineOf(other) === lineOf(word));
  for (const word of own.filter(isKnown)) told.add(word.path);
  const names = own.map((word) => code(nameOf(word, path)));
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}

function wordsBelow(words: readonly Word[], path: string, depth: 'keys' | 'all'): readonly Word[] {
  // Options of the formats have tables of their own.
  const isOption = (rest: string): boolean =>
    ['read', 'write'].includes(path) && rest.includes('.') && !/^with\b/.test(rest);
  return words.filter((word) => {
    if (!word.path.startsWith(`${path}.`)) return false;
    const rest = word.path.slice(path.length + 1);
    return depth === 'keys' ? !rest.includes('.') : !isOption(rest);
  });
}

/** A word without a description is told with the one it stands in, if that speaks of it. */
function isTold(word: Word, words: readonly Word[]): boolean {
  if (meaningOf(word) !== '') return true;
  const around = word.path.slice(0, -lastName(word).length - 1).replace(/\.\*$/, '');
  const parent = words.find(({ path }) => path === around);
  return parent !== undefined && new RegExp(`\\b${lastName(word)}\\b`).test(meaningOf(parent));
}

function tableOf(rows: readonly Row[]): string {
  const hasFallback = rows.some(({ fallback }) => fallback !== '');
  const cells = rows.map(({ names, meaning, fallback }) => {
    const all = names.map(code).join('<br>');
    return hasFallback ? [all, meaning, fallback] : [all, meaning];
  });
  return table(hasFallback ? ['word', 'what it does', 'default'] : ['word', 'what it does'], cells);
}

function lineOf(word: Word): string {
  return `${meaningOf(word)}\n${fallbackOf(word)}`;
}

/** `records.NAME.is` of `read.csv.records.*.is`. */
function nameOf({ path }: Word, under: string): string {
  return path.slice(under.length + 1).replaceAll('*', 'NAME');
}

function lastName({ path }: Word): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

function meaningOf({ schema }: Word): string {
  const { description, enum: allowed } = schema;
  const text = typeof description === 'string' ? description : '';
  const values = Array.isArray(allowed) ? allowed.filter((value) => typeof value === 'string') : [];
  // Encodings have a sentence of their own.
  const isTold = values.length > 8 || values.every((value) => text.includes(value));
  return isTold ? text : `${text} One of ${values.map(code).join(', ')}.`;
}

function fallbackOf({ schema }: Word): string {
  const value = schema['default'];
  return value === undefined ? '' : code(typeof value === 'string' ? value : JSON.stringify(value));
}
