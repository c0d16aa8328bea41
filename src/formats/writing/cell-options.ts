import type { FormatOptions, OptionFinding } from '../../core/format.ts';
import type { Spelling } from './transliterate.ts';

export interface CellRules {
  readonly isForPeople: boolean;
  /** Columns whose values are numbers. */
  readonly numbers: ReadonlySet<string>;
  readonly decimalMark: string;
  readonly lengths: ReadonlyMap<string, { readonly length: number; readonly overflow: 'fail' | 'cut' }>;
  readonly spelling: Spelling | undefined;
  readonly isAscii: boolean;
  readonly replacement: string | undefined;
  /** Whether cells are written as they come. */
  readonly isPlain: boolean;
}

export const forOption = {
  enum: ['people', 'machines'],
  default: 'machines',
  description:
    'Who opens the file. people: a text that a spreadsheet would run as a formula gets an apostrophe in front; numbers stay as they are. machines: nothing is changed.',
} as const;

export const numberOptions = {
  numbers: {
    type: 'array',
    items: { type: 'string', minLength: 1 },
    description: 'Columns whose values are plain numbers; any other value is an issue and its row waits.',
  },
  decimalMark: {
    enum: ['.', ','],
    default: '.',
    description: 'The decimal mark of the columns in numbers and of sums.',
  },
} as const;

export const lengthOption = {
  type: 'object',
  minProperties: 1,
  propertyNames: { minLength: 1 },
  additionalProperties: {
    type: ['integer', 'object'],
    minimum: 1,
    required: ['length'],
    additionalProperties: false,
    properties: {
      length: { type: 'integer', minimum: 1, description: 'How many characters the value may have.' },
      overflow: {
        enum: ['fail', 'cut'],
        default: 'fail',
        description: 'A value that is too long: fail is an issue and its row waits, cut keeps its beginning.',
      },
    },
  },
  description: 'Longest values by column: { Name: 30, Street: { length: 35, overflow: cut } }.',
} as const;

export const charsetOptions = {
  transliterate: {
    enum: ['latin', 'german', 'nordic'],
    description:
      'Other spellings of characters that the encoding lacks. latin: Łódź becomes Lodz; german: ä becomes ae; nordic: å becomes aa. Left out: such a character is an issue, unless replacement is set.',
  },
  ascii: {
    type: 'boolean',
    default: false,
    description: 'Whether characters beyond ASCII count as lacking, whatever the encoding has.',
  },
} as const;

export function cellRules(options: FormatOptions): CellRules {
  const { numbers, decimalMark, lengths, transliterate, replacement } = options as {
    numbers?: readonly string[];
    decimalMark?: string;
    lengths?: Readonly<Record<string, number | { length: number; overflow?: 'fail' | 'cut' }>>;
    transliterate?: Spelling;
    replacement?: string;
  };
  const isForPeople = options['for'] === 'people';
  const limits = Object.entries(lengths ?? {}).map(([name, rule]) => {
    const { length, overflow = 'fail' } = typeof rule === 'number' ? { length: rule } : rule;
    return [name, { length, overflow }] as const;
  });
  return {
    isForPeople,
    numbers: new Set(numbers),
    decimalMark: decimalMark ?? '.',
    lengths: new Map(limits),
    spelling: transliterate,
    isAscii: options['ascii'] === true,
    replacement,
    isPlain: !isForPeople && (decimalMark ?? '.') === '.' && limits.every(([, { overflow }]) => overflow === 'fail'),
  };
}

/** Columns that are not there, and a number that would be cut. */
export function checkCellOptions(
  options: FormatOptions,
  columns: readonly string[] | undefined,
): readonly OptionFinding[] {
  const { numbers, decimalMark, lengths } = cellRules(options);
  const unknown = (name: string, path: OptionFinding['path']): readonly OptionFinding[] =>
    columns === undefined || columns.includes(name)
      ? []
      : [{ code: 'unknown-reference', path, what: `no column is called "${name}"` }];
  const cut = [...lengths].filter(([name, { overflow }]) => overflow === 'cut' && numbers.has(name));
  const idle = decimalMark !== '.' && numbers.size === 0 && !hasRecords(options);
  return [
    ...[...numbers].flatMap((name, index) => unknown(name, ['numbers', index])),
    ...[...lengths.keys()].flatMap((name) => unknown(name, ['lengths', name])),
    ...cut.map(([name]): OptionFinding => ({
      code: 'wrong-value',
      path: ['lengths', name],
      what: 'a number that is cut is another number',
    })),
    ...(idle
      ? [
          {
            code: 'missing-key',
            path: ['decimalMark'],
            what: 'nothing says which columns are numbers',
            hint: 'Name them in numbers.',
          } as const,
        ]
      : []),
  ];
}

function hasRecords(options: FormatOptions): boolean {
  return options['records'] !== undefined;
}
