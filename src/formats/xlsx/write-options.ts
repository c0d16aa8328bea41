import type { FormatOptions, OptionFinding } from '../../core/format.ts';
import type { JsonSchema } from '../../core/json.ts';
import { checkCellOptions, forOption, lengthOption } from '../writing/cell-options.ts';
import { checkEnvelope, envelopeSchema, recordTexts } from '../writing/envelope.ts';
import { parseNumberFormat } from './number-format.ts';

export interface WriteRules {
  readonly sheet: string;
  readonly numbers: ReadonlySet<string>;
  /** How dates are shown, by column. */
  readonly dates: ReadonlyMap<string, string>;
}

export const writeOptions: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    sheet: {
      type: 'string',
      minLength: 1,
      maxLength: 31,
      pattern: "^(?!')[^\\[\\]:*?/\\\\\\u0000-\\u001f]*(?<!')$",
      default: 'Sheet1',
      description: 'Name of the sheet.',
    },
    numbers: {
      type: 'array',
      items: { type: 'string' },
      description:
        'Columns whose values are numbers to the spreadsheet. All others are text, and so is a value that is no plain number of at most 15 digits.',
    },
    dates: {
      type: 'object',
      additionalProperties: { type: 'string', minLength: 1 },
      description:
        'Columns whose ISO 8601 values are dates to the spreadsheet, and how it shows them: { ShipDate: dd/mm/yyyy }. A value that is none stays text.',
    },
    for: { ...forOption, description: 'Who opens the file. A text in its own cell is never run, so nothing changes.' },
    lengths: lengthOption,
    records: envelopeSchema(recordTexts),
  },
};

export function writeRules(options: FormatOptions): WriteRules {
  const { sheet, numbers, dates } = options as {
    sheet?: string;
    numbers?: readonly string[];
    dates?: Record<string, string>;
  };
  return { sheet: sheet ?? 'Sheet1', numbers: new Set(numbers), dates: new Map(Object.entries(dates ?? {})) };
}

/** Columns that are not there, and ways to show a date that show none. */
export function checkWriteOptions(
  options: FormatOptions,
  columns: readonly string[] | undefined,
): readonly OptionFinding[] {
  const { numbers, dates } = writeRules(options);
  const isUnknown = (name: string): boolean => columns !== undefined && !columns.includes(name);
  const unknown = (name: string, path: OptionFinding['path']): OptionFinding => ({
    code: 'unknown-reference',
    path,
    what: `no column is called "${name}"`,
  });
  return [
    ...[...numbers].flatMap((name, index) => (isUnknown(name) ? [unknown(name, ['numbers', index])] : [])),
    ...[...dates].flatMap(([name, code]): OptionFinding[] => {
      if (isUnknown(name)) return [unknown(name, ['dates', name])];
      if (parseNumberFormat(code).kind === 'date') return [];
      const what = 'this is no way to show a date';
      return [{ code: 'wrong-value', path: ['dates', name], what, got: code, expected: 'a format such as yyyy-mm-dd' }];
    }),
    // What numbers: says of names that are not there is told above.
    ...checkCellOptions({ lengths: options['lengths'] }, columns),
    ...checkEnvelope(options, columns),
  ];
}
