import type { FormatOptions } from '../../core/format.ts';
import type { JsonSchema } from '../../core/json.ts';
import { encodings } from '../text/encodings.ts';

/** How a CSV file is written, as far as reading it needs to know. */
export interface Dialect {
  readonly delimiter: string;
  /** Undefined: quotes are characters like any other. */
  readonly quote: string | undefined;
  readonly escape: string;
  readonly encoding: string;
  /** Names of the columns of a file that has no header. */
  readonly names: readonly string[] | undefined;
}

export interface WriteDialect {
  readonly delimiter: string;
  readonly quoteAll: boolean;
  readonly encoding: string;
  readonly lineEnd: string;
  readonly hasHeader: boolean;
  readonly hasByteOrderMark: boolean;
}

const ONE_CHARACTER = '^[^\\r\\n\\u0000\\ud800-\\udfff]$';
const delimiter = {
  type: 'string',
  pattern: ONE_CHARACTER,
  default: ',',
  description: 'The one character between values. A first line `sep=;` in the file wins over it.',
};
const encoding = {
  enum: encodings,
  default: 'utf-8',
  description: 'Encoding of the file. A byte order mark in the file wins over it; nothing else is guessed.',
};
const strings = { type: 'array', items: { type: 'string' } };

export const readOptions: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    delimiter,
    quote: {
      type: 'string',
      pattern: `^none$|${ONE_CHARACTER}`,
      default: '"',
      description:
        'The character around values that hold delimiters or line breaks; `none` when there is no such character.',
    },
    escape: {
      type: 'string',
      pattern: ONE_CHARACTER,
      description: 'The character before a quote inside a quoted value. Default: the quote itself, doubled.',
    },
    encoding,
    columns: {
      type: 'object',
      description: 'What is known about the columns.',
      properties: {
        names: {
          ...strings,
          minItems: 1,
          description: 'Names of the columns of a file without a header line, in their order.',
        },
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
    },
  },
};

export const writeOptions: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    delimiter: { ...delimiter, description: 'The one character between values.' },
    quote: {
      enum: ['minimal', 'all'],
      default: 'minimal',
      description: 'Quote the values that need it, or all of them.',
    },
    encoding: {
      ...encoding,
      description: 'Encoding of the file. A character it lacks stops the file; nothing is replaced.',
    },
    lineEnd: { enum: ['lf', 'crlf'], default: 'crlf', description: 'How lines end.' },
    header: { type: 'boolean', default: true, description: 'Whether the first line names the columns.' },
    bom: { type: 'boolean', default: false, description: 'Whether the file begins with a byte order mark.' },
  },
};

/** The dialect that checked read options ask for. */
export function readDialect(options: FormatOptions): Dialect {
  const quote = text(options, 'quote', '"');
  return {
    delimiter: text(options, 'delimiter', ','),
    quote: quote === 'none' ? undefined : quote,
    escape: text(options, 'escape', quote),
    encoding: text(options, 'encoding', 'utf-8'),
    names: columnNames(options['columns']),
  };
}

/** The dialect that checked write options ask for. */
export function writeDialect(options: FormatOptions): WriteDialect {
  return {
    delimiter: text(options, 'delimiter', ','),
    quoteAll: options['quote'] === 'all',
    encoding: text(options, 'encoding', 'utf-8'),
    lineEnd: options['lineEnd'] === 'lf' ? '\n' : '\r\n',
    hasHeader: options['header'] !== false,
    hasByteOrderMark: options['bom'] === true,
  };
}

function text(options: FormatOptions, key: string, otherwise: string): string {
  const value = options[key];
  return typeof value === 'string' ? value : otherwise;
}

function columnNames(columns: unknown): readonly string[] | undefined {
  if (typeof columns !== 'object' || columns === null || !('names' in columns)) return undefined;
  const { names } = columns;
  return Array.isArray(names) ? names.map(String) : undefined;
}
