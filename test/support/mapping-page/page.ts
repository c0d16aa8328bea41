import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodings } from '../../../src/formats/text/encodings.ts';
import { dateNames, dateSymbols, numberSymbols } from '../../../src/mapping/values/pattern-reference.ts';
import { exampleBlocks } from './blocks.ts';
import { examplesDirectory } from './examples.ts';
import { code } from './markdown.ts';
import type { RanExample } from './run-example.ts';
import { symbolTable, valueTable } from './pattern-tables.ts';
import type { Word } from './vocabulary.ts';
import { optionList, wordTable } from './word-table.ts';

export interface Page {
  readonly text: string;
  /** Paths of the words that stand in a table, or are told with one that does. */
  readonly told: ReadonlySet<string>;
  /** Examples by the heading they stand under. */
  readonly sections: ReadonlyMap<string, readonly RanExample[]>;
}

const MADE =
  '<!-- Made from docs/examples/mapping and from what the program declares: npx vitest run test/e2e/mapping-page.test.ts --update -->\n';

/**
 * Fills in the template of the page: `{{example NAME}}`, `{{keys PATH}}` and `{{words PATH}}` (with what is below them),
 * `{{options PATH}}` as a list, `{{symbols number|date}}`, `{{values}}`, `{{encodings}}`.
 */
export function mappingPage(words: readonly Word[], examples: readonly RanExample[]): Page {
  const told = new Set<string>();
  const sections = new Map<string, RanExample[]>();
  let section: RanExample[] = [];
  const exampleText = (name: string): string => {
    const example = examples.find((each) => each.name === name);
    if (example === undefined) throw new Error(`the page asks for the example "${name}", which is not there`);
    section.push(example);
    return exampleBlocks(example);
  };
  const fillers: Readonly<Record<string, (given: string) => string>> = {
    example: exampleText,
    keys: (path) => wordTable(words, path, 'keys', told),
    words: (path) => wordTable(words, path, 'all', told),
    options: (path) => optionList(words, path, told),
    symbols: (kind) => symbolTable(kind === 'number' ? numberSymbols : [...dateSymbols, ...dateNames]),
    values: () => valueTable(),
    encodings: () => encodings.map(code).join(', '),
  };
  const fill = (_all: string, kind: string, given: string): string => {
    const filler = fillers[kind];
    if (filler === undefined) throw new Error(`the page asks for "${kind}", which nobody knows`);
    return filler(given.trim());
  };
  const lines = readFileSync(join(examplesDirectory, 'page.md'), 'utf8').split('\n');
  const filled = lines.map((line) => {
    const heading = /^##+ (.*)$/.exec(line)?.[1];
    if (heading !== undefined) sections.set(heading, (section = []));
    return line.replaceAll(/\{\{(\w+)([^}]*)\}\}/g, fill);
  });
  return { text: [MADE, ...filled].join('\n'), told, sections };
}
