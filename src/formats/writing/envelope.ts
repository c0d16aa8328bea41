import type { FileFacts, FormatOptions, OptionFinding } from '../../core/format.ts';
import type { JsonSchema } from '../../core/json.ts';
import { compilePlaces, templateProblem, type PlaceTemplate } from './places.ts';
import type { Totals } from './totals.ts';

/** A record around the rows: its values, in their order. */
export interface OwnRecord {
  readonly values: readonly OwnValue[];
}

interface OwnValue {
  /** Empty where values have no names. */
  readonly name: string;
  readonly template: PlaceTemplate;
}

/** What stands above and below the rows. */
export interface Envelope {
  readonly header: OwnRecord | undefined;
  readonly trailer: OwnRecord | undefined;
  /** Columns whose sums are stated. */
  readonly sums: readonly string[];
  /** How many records stand around the rows. */
  readonly records: number;
}

type Given = string | number | { readonly value: string | number };
type GivenRecord = readonly Given[] | Readonly<Record<string, Given>>;

/**
 * Schema of `write.records`; `record`: what the format says of the values of one. `types`: what it has to know of the record
 * types that a file mixes, where it has to.
 */
export function envelopeSchema(record: JsonSchema, types?: JsonSchema): JsonSchema {
  const text =
    'Texts with places: {rows}, {rows:line} of one record type, {records} and {sum:Column} of the file, {date:yyyyMMdd}, {as-of:…}, {seq:6}, {document}, {site}.';
  return {
    type: 'object',
    minProperties: 1,
    additionalProperties: types ?? false,
    properties: {
      header: { ...record, description: `The record above the rows. ${text}` },
      trailer: { ...record, description: `The record below the rows. ${text}` },
    },
    description: 'Records around the rows, which are those of map: header and trailer, with values of their own.',
  };
}

export const recordTexts: JsonSchema = {
  type: 'array',
  minItems: 1,
  items: { type: ['string', 'number'] },
};

export const recordMembers: JsonSchema = {
  type: 'object',
  minProperties: 1,
  additionalProperties: { type: ['string', 'number'] },
};

export function readEnvelope(options: FormatOptions): Envelope {
  const { header, trailer } = (options['records'] ?? {}) as { header?: GivenRecord; trailer?: GivenRecord };
  const records = [header, trailer].map((given) => (given === undefined ? undefined : readRecord(given)));
  const [above, below] = records;
  return {
    header: above,
    trailer: below,
    sums: [above, below].flatMap((record) => record?.values.flatMap(({ template }) => template.sums) ?? []),
    records: records.filter((record) => record !== undefined).length,
  };
}

function readRecord(given: GivenRecord): OwnRecord {
  const entries = Array.isArray(given) ? given.map((value: Given) => ['', value] as const) : Object.entries(given);
  return { values: entries.map(([name, value]) => ({ name, template: compilePlaces(textOf(value)) })) };
}

function textOf(given: Given): string {
  return String(typeof given === 'object' ? given.value : given);
}

/** Whether the file has its trailer: one without rows only where that is asked for. */
export function hasTrailer(totals: Totals, facts: FileFacts | undefined): boolean {
  return totals.rows > 0 || facts?.hasEmptyTrailer !== false;
}

/** Places that are not known, sums of columns that are not there, and totals above the rows they count. */
export function checkEnvelope(
  options: FormatOptions,
  columns: readonly string[] | undefined,
  types: readonly string[] = [],
): readonly OptionFinding[] {
  const { header = {}, trailer = {} } = (options['records'] ?? {}) as Partial<
    Record<'header' | 'trailer', GivenRecord>
  >;
  return Object.entries({ header, trailer }).flatMap(([which, record]) =>
    Object.entries(record).flatMap(([key, value]): OptionFinding[] => {
      const at = Array.isArray(record) ? Number(key) : key;
      const path = ['records', which, at];
      const template = textOf(value);
      const problem = templateProblem(template, columns, types);
      if (problem !== undefined) return [{ code: 'bad-template', path, what: problem }];
      if (which !== 'header' || !/\{(rows|records|sum)\b/.test(template)) return [];
      return [
        { code: 'bad-template', path, what: 'totals are known at the end only', hint: 'Put them into the trailer.' },
      ];
    }),
  );
}
