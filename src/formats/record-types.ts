import type { FormatOptions } from '../core/format.ts';
import type { JsonSchema } from '../core/json.ts';

/**
 * What a record of a type is for. `part`: it belongs to a document. `envelope`: it stands above the documents that follow
 * it (file header, batch header). `trailer`: totals of what came before. `ignore`: nobody needs it.
 */
const roles = ['part', 'envelope', 'trailer', 'ignore'] as const;
export type RecordRole = (typeof roles)[number];

/** A text that stands at a place of the record: a character of a fixed record, a value of a delimited one, from 1. */
export interface Sign {
  readonly at: number;
  readonly text: string;
}

/** One of the kinds of records that a file mixes, as `read.records` declares it. `C`: how the format says its columns. */
export interface RecordType<C> {
  readonly name: string;
  readonly role: RecordRole;
  /** All must be there. */
  readonly signs: readonly Sign[];
  readonly columns: C | undefined;
}

const sign = {
  type: ['string', 'object'],
  minLength: 1,
  required: ['at', 'text'],
  additionalProperties: false,
  properties: { at: { type: 'integer', minimum: 1 }, text: { type: 'string', minLength: 1 } },
};

/** Schema of `read.records`; `columns` is the format's own property that says what the columns of one record type are. */
export function recordTypesSchema(columns: Readonly<Record<string, JsonSchema>>, position: string): JsonSchema {
  return {
    type: 'object',
    description: `Record types by name, for files that mix them: header, detail, trailer. The first that fits is taken.`,
    minProperties: 1,
    propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9]*$', not: { enum: ['lines', 'head', 'picked', 'document'] } },
    additionalProperties: {
      type: 'object',
      required: ['is'],
      additionalProperties: false,
      properties: {
        is: {
          description: `How it is told: the text it begins with, or { at, text } with at = ${position} from 1; of a list, all.`,
          ...sign,
          type: ['string', 'object', 'array'],
          minItems: 1,
          items: sign,
        },
        role: {
          enum: roles,
          default: 'part',
          description:
            'part: belongs to a document. envelope: stands above the documents after it. trailer: totals. ignore: skipped.',
        },
        by: {
          description: 'Whose record it is: same value as document.group. Left out: of the document before it.',
          type: ['string', 'array'],
          minLength: 1,
          minItems: 1,
          items: { type: 'string', minLength: 1 },
        },
        ...columns,
      },
    },
  };
}

interface Declared {
  readonly is: string | Sign | readonly (string | Sign)[];
  readonly role?: RecordRole;
  readonly [columns: string]: unknown;
}

/**
 * The record types that checked read options declare, in their order; undefined when all records are of one kind.
 * `columns` names the format's own property, as given to {@link recordTypesSchema}.
 */
export function recordTypes<C>(options: FormatOptions, columns: string): readonly RecordType<C>[] | undefined {
  const declared = options['records'] as Readonly<Record<string, Declared>> | undefined;
  if (declared === undefined) return undefined;
  return Object.entries(declared).map(([name, type]) => ({
    name,
    role: type.role ?? 'part',
    columns: type[columns] as C | undefined,
    signs: [type.is].flat().map((each) => (typeof each === 'string' ? { at: 1, text: each } : each)),
  }));
}

/** The first type whose signs are all there. */
export function findRecordType<T extends { readonly signs: readonly Sign[] }>(
  types: readonly T[],
  has: (sign: Sign) => boolean,
): T | undefined {
  return types.find(({ signs }) => signs.every(has));
}
