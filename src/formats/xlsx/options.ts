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

/** Which cells of a workbook are read, and how. */
export interface ReadRules {
  /** Name, or position from 1 among the sheets that are shown; undefined: the first that is shown. */
  readonly sheet: string | number | undefined;
  readonly search: HeaderSearch;
  readonly merged: 'first' | 'fill';
  readonly hidden: 'take' | 'skip' | 'refuse';
  /** Names of the columns of a sheet that has no header. */
  readonly names: readonly string[] | undefined;
}

export const readOptions: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    sheet: {
      type: ['string', 'integer'],
      minLength: 1,
      minimum: 1,
      description:
        'The sheet: its name, or its position from 1 among those that are shown. Default: the first that is shown.',
    },
    ...headerSearchOptions,
    merged: {
      enum: ['first', 'fill'],
      default: 'first',
      description: 'Where the value of merged cells stands: in the first of them only, or in all of them.',
    },
    hidden: {
      enum: ['take', 'skip', 'refuse'],
      default: 'take',
      description:
        'Hidden rows and columns: take reads them like the others and says so, skip passes them over, refuse refuses the file.',
    },
    columns: columnsOption('a sheet without a header row, in their order from column A'),
  },
  dependentSchemas: { header: withoutColumnNames },
};

export function readRules(options: FormatOptions): ReadRules {
  const { sheet } = options;
  return {
    sheet: typeof sheet === 'string' || typeof sheet === 'number' ? sheet : undefined,
    search: readHeaderSearch(options),
    merged: options['merged'] === 'fill' ? 'fill' : 'first',
    hidden: options['hidden'] === 'skip' || options['hidden'] === 'refuse' ? options['hidden'] : 'take',
    names: columnNames(options),
  };
}
