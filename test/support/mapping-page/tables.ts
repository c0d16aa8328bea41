import { valueExamples } from '../../../src/mapping/value-examples.ts';
import type { PatternSymbol } from '../../../src/mapping/pattern-reference.ts';
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
  const shared = own.filter(isKnown).map((word) => nameOf(word, path)).filter((name, _at, all) => !all.includes(name.replace(/\.\w+$/, '')) || !name.includes('.'));
  const rest = shared.length === 0 ? '' : `\n\nAs for CSV: ${shared.map((name) => `\`${name}\``).join(', ')}.`;
  return tableOf([...rows.values()]) + rest;
}

/** The words directly below a path in a sentence. */
export function optionList(words: readonly Word[], path: string, told: Set<string>): string {
  const own = wordsBelow(words, path, 'keys');
  for (const word of own) told.add(word.path);
  const names = own.map((word) => `\`${nameOf(word, path)}\``);
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}

function wordsBelow(words: readonly Word[], path: string, depth: 'keys' | 'all'): readonly Word[] {
  // Options of the formats have tables of their own.
  const isOption = (rest: string): boolean => ['read', 'write'].includes(path) && rest.includes('.') && !/^with\b/.test(rest);
  return words.filter((word) => {
    if (!word.path.startsWith(`${path}.`)) return false;
    const rest = word.path.slice(path.length + 1);
    return depth === 'keys' ? !rest.includes('.') : !isOption(rest);
  });
}

/** A word without a description is told with the one it stands in, if that speaks of it. */
function isTold(word: Word, words: readonly Word[]): boolean {
  if (meaningOf(word) !== '') return true;
  const at = word.path.lastIndexOf('.');
  const around = word.path.slice(0, at).replace(/\.\*$/, '');
  const parent = words.find(({ path }) => path === around);
  return parent !== undefined && new RegExp(`\\b${word.path.slice(at + 1)}\\b`).test(meaningOf(parent));
}

function tableOf(rows: readonly Row[]): string {
  const hasFallback = rows.some(({ fallback }) => fallback !== '');
  const cells = rows.map(({ names, meaning, fallback }) => {
    const all = names.map((name) => `\`${name}\``).join('<br>');
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

function meaningOf({ schema }: Word): string {
  const { description, enum: allowed } = schema;
  const text = typeof description === 'string' ? description : '';
  const values = Array.isArray(allowed) ? allowed.filter((value) => typeof value === 'string') : [];
  // Encodings have a sentence of their own.
  const isTold = values.length > 8 || values.every((value) => text.includes(value));
  return isTold ? text : `${text} One of ${values.map((value) => `\`${value}\``).join(', ')}.`;
}

function fallbackOf({ schema }: Word): string {
  return schema['default'] === undefined ? '' : `\`${String(schema['default'])}\``;
}

export function symbolTable(symbols: readonly PatternSymbol[]): string {
  const cells = symbols.map(({ symbol, meaning, format, text, value }) => [
    `\`${symbol}\``,
    meaning,
    `\`${format}\``,
    `\`${text}\``,
    `\`${value}\``,
  ]);
  return table(['symbol', 'stands for', '`$format`', 'reads', 'as'], cells);
}

export function valueTable(types: readonly string[]): string {
  const cells = valueExamples
    .filter(({ type }) => types.includes(type))
    .map(({ shows, text, directives, value }) => [
      shows,
      text === '' ? '' : `\`${text}\``,
      directives === '' ? '' : `\`${directives}\``,
      `\`${value}\``,
    ]);
  return table(['', 'cell', 'written as', 'becomes'], cells);
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(heads), `|${heads.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}
