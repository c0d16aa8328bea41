import type { FormatOptions } from '../../core/format.ts';
import type { JsonSchema } from '../../core/json.ts';
import {
  columnNames,
  columnsOption,
  headerSearchOptions,
  readHeaderSearch,
  withoutColumnNames,
  type HeaderSearch,
} from '../header-search.ts';
import { recordTypes, recordTypesSchema, type RecordType } from '../record-types.ts';
import { readTextOptions, textReadOptions, type TextOptions } from '../text/options.ts';

/** How a CSV file is cut into values. */
export interface Dialect {
  readonly delimiter: string;
  /** Undefined: quotes are characters like any other. */
  readonly quote: string | undefined;
  readonly escape: string;
  /** Lines that begin with it are no records; undefined: there are no comments. */
  readonly comment: string | undefined;
  /** Whether white space around values and around their quotes is no part of them. */
  readonly trim: boolean;
}

/** What becomes of rows that have more or fewer values than there are columns. */
export interface RaggedRules {
  /** Short rows get empty values. */
  readonly pad: boolean;
  /** Long rows lose empty values at their end. */
  readonly trim: boolean;
}

/** How a CSV file is to be read. */
export interface ReadRules {
  readonly dialect: Dialect;
  readonly text: TextOptions;
  readonly search: HeaderSearch;
  readonly ragged: RaggedRules;
  /** Names of the columns of a file that has no header. */
  readonly names: readonly string[] | undefined;
  readonly types: readonly RecordType<readonly string[]>[] | undefined;
}

export const ONE_CHARACTER = '^[^\\r\\n\\u0000\\ud800-\\udfff]$';
const delimiter = {
  type: 'string',
  pattern: ONE_CHARACTER,
  default: ',',
  description: 'The one character between values. A first line `sep=;` in the file wins over it.',
};
const escape = {
  type: 'string',
  pattern: ONE_CHARACTER,
  description:
    'The character that makes the next one ordinary inside a quoted value: with `\\`, `\\"` is a quote. Default: the quote itself, doubled.',
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
    escape,
    comment: {
      type: 'string',
      pattern: '^[^\\s\\u0000]{1,10}$',
      description: 'Lines that begin with it are no records. They are counted and skipped.',
    },
    trim: {
      type: 'boolean',
      default: false,
      description: 'White space around values and around their quotes is no part of them; inside quotes it stays.',
    },
    ragged: {
      enum: ['reject', 'pad', 'trim', ['pad', 'trim'], ['trim', 'pad']],
      default: 'reject',
      description:
        'Rows with another number of values. reject: an issue. pad: short ones get empty values. trim: long ones lose empty values at their end. Or both: [pad, trim].',
    },
    ...textReadOptions,
    ...headerSearchOptions,
    columns: columnsOption('a file without a header line, in their order'),
    records: recordTypesSchema(
      {
        columns: {
          ...strings,
          minItems: 1,
          description: 'Names of the columns of this type, in their order. Left out: nothing is read of it.',
        },
      },
      'the number of the value',
    ),
  },
  dependentSchemas: {
    header: withoutColumnNames,
    records: {
      type: 'object',
      properties: { header: false, columns: { type: 'object', properties: { names: false } } },
    },
  },
};

/** What checked read options ask for. */
export function readRules(options: FormatOptions): ReadRules {
  const quote = text(options, 'quote', '"');
  const comment = options['comment'];
  const policies = [options['ragged']].flat();
  return {
    dialect: {
      delimiter: text(options, 'delimiter', ','),
      quote: quote === 'none' ? undefined : quote,
      escape: text(options, 'escape', quote),
      comment: typeof comment === 'string' ? comment : undefined,
      trim: options['trim'] === true,
    },
    text: readTextOptions(options),
    search: readHeaderSearch(options),
    ragged: { pad: policies.includes('pad'), trim: policies.includes('trim') },
    names: columnNames(options),
    types: recordTypes(options, 'columns'),
  };
}

export function text(options: FormatOptions, key: string, otherwise: string): string {
  const value = options[key];
  return typeof value === 'string' ? value : otherwise;
}
