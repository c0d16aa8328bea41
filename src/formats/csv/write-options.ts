import type { FormatOptions, OptionFinding, RecordColumns } from '../../core/format.ts';
import type { JsonSchema } from '../../core/json.ts';
import { textWriteOptions, textWriteRules, writeTextOptions, type TextWriting } from '../text/options.ts';
import { charsetOptions, checkCellOptions, forOption, lengthOption, numberOptions } from '../writing/cell-options.ts';
import { checkEnvelope, envelopeSchema, recordTexts } from '../writing/envelope.ts';
import { columnNames } from '../writing/record-columns.ts';
import { ONE_CHARACTER, text } from './options.ts';

export interface WriteDialect {
  readonly delimiter: string;
  readonly quoting: 'minimal' | 'all' | 'none';
  readonly quote: string;
  readonly escape: string;
  readonly hasHeader: boolean;
  readonly text: TextWriting;
}

export const writeOptions: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    delimiter: {
      type: 'string',
      pattern: ONE_CHARACTER,
      default: ',',
      description: 'The one character between values.',
    },
    quote: {
      enum: ['minimal', 'all', 'none'],
      default: 'minimal',
      description:
        'Quote the values that need it, all of them, or none; with none a value that holds a delimiter or a line break is an issue and its row waits.',
    },
    quoteMark: { type: 'string', pattern: ONE_CHARACTER, default: '"', description: 'The character that quotes.' },
    escape: {
      type: 'string',
      pattern: ONE_CHARACTER,
      description: 'The character before a quote inside a quoted value. Default: the quote itself, doubled.',
    },
    ...textWriteOptions,
    header: { type: 'boolean', default: true, description: 'Whether the first line names the columns.' },
    for: forOption,
    ...numberOptions,
    lengths: lengthOption,
    ...charsetOptions,
    records: envelopeSchema(recordTexts),
  },
  ...textWriteRules,
};

/** The dialect that checked write options ask for. */
export function writeDialect(options: FormatOptions): WriteDialect {
  const quote = text(options, 'quoteMark', '"');
  const quoting = options['quote'];
  return {
    delimiter: text(options, 'delimiter', ','),
    quoting: quoting === 'all' || quoting === 'none' ? quoting : 'minimal',
    quote,
    escape: text(options, 'escape', quote),
    hasHeader: options['header'] !== false,
    text: writeTextOptions(options),
  };
}

export function checkWriteOptions(
  options: FormatOptions,
  columns: readonly string[] | undefined,
): readonly OptionFinding[] {
  return [...checkCellOptions(options, columns), ...checkEnvelope(options, columns)];
}

/** The same where a file mixes record types. */
export function checkMixedOptions(options: FormatOptions, types: RecordColumns): readonly OptionFinding[] {
  const named: OptionFinding = {
    code: 'wrong-value',
    path: ['header'],
    what: 'no line can name the columns: each record type has its own',
    hint: 'Leave header out.',
  };
  const names = columnNames(types);
  return [
    ...(options['header'] === true ? [named] : []),
    ...checkCellOptions(options, names),
    ...checkEnvelope(options, names, [...types.keys()]),
  ];
}
