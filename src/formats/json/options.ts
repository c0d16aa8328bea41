import type { FormatOptions, OptionFinding, RecordColumns } from '../../core/format.ts';
import type { JsonSchema } from '../../core/json.ts';
import { parsePath } from '../../core/path.ts';
import { checkCellOptions, lengthOption } from '../writing/cell-options.ts';
import { checkEnvelope, envelopeSchema, recordMembers } from '../writing/envelope.ts';
import { columnNames } from '../writing/record-columns.ts';
import { textReadOptions, textWriteOptions, textWriteRules } from '../text/options.ts';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';
// Names and dots only: a file has one place where its records are.
const PATH = String.raw`^(\$\.)?[^.\[\]$][^.\[\]]*(\.[^.\[\]]+)*$`;

export const jsonReadOptions: JsonSchema = {
  $schema: DIALECT,
  type: 'object',
  properties: {
    ...textReadOptions,
    path: {
      type: 'string',
      pattern: PATH,
      description:
        'Names that lead to the records, `Orders` or `data.orders`. An array there holds one record in each element; an object there is one record. Left out: the file itself is that array or that object.',
    },
  },
};

export const ndjsonReadOptions: JsonSchema = { $schema: DIALECT, type: 'object', properties: { ...textReadOptions } };

const { encoding, bom, lineEnd } = textWriteOptions;
const lineWriteOptions = {
  encoding: {
    ...encoding,
    description: String.raw`Encoding of the file. A character it lacks is written as \u and its code.`,
  },
  bom,
  lineEnd: { ...lineEnd, default: 'lf' },
  nested: {
    type: 'boolean',
    default: false,
    description: 'Whether a column named ShipTo.City is the member City of an object ShipTo.',
  },
  numbers: {
    type: 'array',
    items: { type: 'string', minLength: 1 },
    description:
      'Columns whose texts are written as numbers, digit for digit; an empty one as null. All others are texts. A text that is no JSON number is an issue and its row waits.',
  },
  lengths: lengthOption,
  records: envelopeSchema(recordMembers),
} as const;

export const ndjsonWriteOptions: JsonSchema = {
  $schema: DIALECT,
  type: 'object',
  properties: lineWriteOptions,
  ...textWriteRules,
};

export const jsonWriteOptions: JsonSchema = {
  $schema: DIALECT,
  type: 'object',
  properties: {
    ...lineWriteOptions,
    wrap: {
      type: 'string',
      pattern: PATH,
      description: 'Names of objects around the array: `Orders` gives { "Orders": [ … ] }. Left out: the array alone.',
    },
    indent: {
      type: 'integer',
      minimum: 0,
      maximum: 8,
      default: 2,
      description: 'Spaces for each level; with 0 every object stands on one line.',
    },
  },
  ...textWriteRules,
};

/** The names of a checked path option, outermost first. */
export function pathNames(options: FormatOptions, option: 'path' | 'wrap'): readonly string[] {
  const path = options[option];
  const steps = typeof path === 'string' ? (parsePath(path)?.steps ?? []) : [];
  return steps.flatMap((step) => (step.kind === 'name' ? [step.name] : []));
}

/** What the schemas cannot say: members around an array need an object to stand in. */
export function checkJsonWriting(isLines: boolean) {
  return (use: 'read' | 'write', options: FormatOptions, columns?: readonly string[]): readonly OptionFinding[] =>
    use === 'read' ? [] : writeFindings(isLines, options, columns);
}

/** The same where a file mixes kinds of objects. */
export function checkMixedJson(isLines: boolean) {
  return (options: FormatOptions, types: RecordColumns): readonly OptionFinding[] =>
    writeFindings(isLines, options, columnNames(types), [...types.keys()]);
}

function writeFindings(
  isLines: boolean,
  options: FormatOptions,
  columns: readonly string[] | undefined,
  types: readonly string[] = [],
): readonly OptionFinding[] {
  const { records, wrap, lengths, numbers } = options;
  const findings = [
    ...checkCellOptions({ lengths, numbers }, columns),
    ...checkEnvelope(options, columns, types),
    ...(isLines ? [] : repeatedMembers(options)),
  ];
  if (isLines || records === undefined || wrap !== undefined) return findings;
  const what = 'a bare array has no place for a header or a trailer';
  return [...findings, { code: 'missing-key', path: ['records'], what, hint: 'Name the array with wrap.' }];
}

/** Members of one object that share a name. */
function repeatedMembers(options: FormatOptions): readonly OptionFinding[] {
  const { header, trailer } = (options['records'] ?? {}) as Partial<Record<'header' | 'trailer', object>>;
  const taken = new Set([...pathNames(options, 'wrap').slice(-1), ...Object.keys(header ?? {})]);
  const inHeader = pathNames(options, 'wrap')
    .slice(-1)
    .filter((name) => Object.hasOwn(header ?? {}, name));
  const inTrailer = Object.keys(trailer ?? {}).filter((name) => taken.has(name));
  const what = 'another member of the object has this name';
  return [
    ...inHeader.map((name): OptionFinding => ({ code: 'wrong-value', path: ['records', 'header', name], what })),
    ...inTrailer.map((name): OptionFinding => ({ code: 'wrong-value', path: ['records', 'trailer', name], what })),
  ];
}
