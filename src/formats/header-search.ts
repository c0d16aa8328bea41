import { forgivingName } from '../core/forgiving-name.ts';
import type { FormatOptions, ReadContext } from '../core/format.ts';
import { createIssue, type Issue, type IssueDetails, type Place } from '../core/issue.ts';
import type { JsonSchema } from '../core/json.ts';
import { say } from '../core/text.ts';

const names = { type: 'array', minItems: 1, items: { type: 'string', minLength: 1 } } as const;

/** The read options, common to all tables, that say where the header is and which lines around the records are none. */
export const headerSearchOptions = {
  header: {
    type: 'object',
    minProperties: 1,
    maxProperties: 2,
    additionalProperties: false,
    dependentRequired: { within: ['has'] },
    dependentSchemas: { line: { type: 'object', properties: { has: false } } },
    properties: {
      line: { type: 'integer', minimum: 1, description: 'Its line, from 1.' },
      has: { ...names, description: 'Columns it names: it is the first line that has all of them.' },
      within: {
        type: 'integer',
        minimum: 1,
        default: 50,
        description: 'In how many of the first lines it is looked for.',
      },
    },
    description:
      'Where the header is, when titles stand above it: { line: 4 } or { has: [SKU, Qty], within: 50 }. Default: the first line.',
  },
  skip: {
    type: 'integer',
    minimum: 0,
    default: 0,
    description:
      'How many rows below the header are no records: units, a second language. Without a header, how many at the top.',
  },
  ignore: {
    ...names,
    description: 'Texts with which lines begin that are no records: totals, remarks. They are counted and skipped.',
  },
} as const;

/** The read option, common to all tables, that says what is known about the columns. `where`: of the first of `names`. */
export function columnsOption(where: string): JsonSchema {
  const strings = { type: 'array', items: { type: 'string' } };
  return {
    type: 'object',
    description: 'What is known about the columns.',
    properties: {
      names: { ...strings, minItems: 1, description: `Names of the columns of ${where}.` },
      aliases: {
        type: 'object',
        additionalProperties: strings,
        description: 'Other names under which a column may come.',
      },
      unknown: {
        enum: ['ignore', 'warn', 'reject'],
        default: 'ignore',
        description: 'What to do about a column that no field of the mapping reads.',
      },
    },
    additionalProperties: false,
  };
}

/** Schema of options where nothing names the columns: beside what says that a line of the file does. */
export const withoutColumnNames = {
  type: 'object',
  properties: { columns: { type: 'object', properties: { names: false } } },
} as const;

/** Names of the columns, where the options give them. */
export function columnNames({ columns }: FormatOptions): readonly string[] | undefined {
  if (typeof columns !== 'object' || columns === null || !('names' in columns)) return undefined;
  const { names: given } = columns;
  return Array.isArray(given) ? given.map(String) : undefined;
}

/** Where the header is, and what is no record, as checked read options say it. */
export interface HeaderSearch {
  readonly line: number | undefined;
  readonly has: readonly string[];
  readonly within: number;
  readonly skip: number;
  readonly ignore: readonly string[];
}

const WITHIN = 50;

export function readHeaderSearch(options: FormatOptions): HeaderSearch {
  const header = (options['header'] ?? {}) as { line?: number; has?: readonly string[]; within?: number };
  return {
    line: header.line,
    has: header.has ?? [],
    within: header.within ?? WITHIN,
    skip: typeof options['skip'] === 'number' ? options['skip'] : 0,
    ignore: (options['ignore'] as readonly string[] | undefined) ?? [],
  };
}

/**
 * What a line is while the header is looked for: the header itself, something above it, or beyond where it must have come.
 * Lines of nothing but empty values need not be asked about.
 */
export function judgeLine(cells: readonly string[], line: number, search: HeaderSearch): 'header' | 'above' | 'beyond' {
  if (search.line !== undefined) return line === search.line ? 'header' : line < search.line ? 'above' : 'beyond';
  if (search.has.length === 0) return 'header';
  if (line > search.within) return 'beyond';
  const found = new Set(cells.map(forgivingName));
  return search.has.every((name) => found.has(forgivingName(name))) ? 'header' : 'above';
}

/** A line that was looked at, and how many of the names in `has` it holds. */
export interface Candidate {
  readonly line: number;
  readonly text: string;
  readonly found: number;
}

/** Remembers the likelier of two lines, for the message when there is no header. */
export function likelierHeader(
  best: Candidate | undefined,
  cells: readonly string[],
  line: number,
  search: HeaderSearch,
): Candidate {
  const names = new Set(cells.map(forgivingName));
  const found = search.has.filter((name) => names.has(forgivingName(name))).length;
  return best !== undefined && best.found >= found ? best : { line, text: cells.join(', '), found };
}

/** Why there is no header. `best`: the likeliest of the lines that were looked at. */
export function headerNotFound(context: ReadContext, search: HeaderSearch, best?: Candidate): Issue {
  const { where, details } = headerMissing(context, search, best);
  return createIssue('header-not-found', where, details);
}

/** The same, for whoever knows the place better. */
export function headerMissing(
  { file }: ReadContext,
  search: HeaderSearch,
  best: Candidate | undefined,
): { where: Place; details: IssueDetails } {
  if (search.line !== undefined) {
    const hint = say`Is this the right file? Otherwise set read.header in the mapping.`;
    return { where: { file, line: search.line }, details: { what: say`no header on this line`, hint } };
  }
  const wanted = search.has.map((name) => `"${name}"`).join(', ');
  const expected = say`a line with ${wanted} among the first ${search.within}`;
  const where = best === undefined ? { file } : { file, line: best.line };
  return { where, details: { expected, ...(best === undefined ? {} : { got: best.text }) } };
}

/** Whether a line after the header is named by `ignore`: its first value that is not empty begins so. */
export function isIgnoredLine(cells: readonly string[], search: HeaderSearch): boolean {
  if (search.ignore.length === 0) return false;
  const first = cells.find((cell) => cell.trim() !== '')?.trim();
  return first !== undefined && search.ignore.some((text) => first.startsWith(text));
}
