import { stringify } from 'yaml';
import type { JsonSchema } from '../../../src/core/json.ts';
import {
  dateNames,
  dateSymbols,
  numberSymbols,
  type PatternSymbol,
} from '../../../src/mapping/values/pattern-reference.ts';
import { valueExamples } from '../../../src/mapping/values/value-examples.ts';
import { directivesOf, isIssueCode } from './pattern-tables.ts';

/** A mapping in which every line of a table of the page is one field, and what its test expects. */
export interface PatternExample {
  readonly name: string;
  readonly text: string;
  readonly schema?: JsonSchema;
}

/** The tables of patterns and values as mappings, so that they are executed like everything else on the page. */
export function patternExamples(): readonly PatternExample[] {
  const numbers = numberSymbols.map((symbol) => field(symbol, { $as: 'number' }, JSON.parse(symbol.value)));
  const dates = [...dateSymbols, ...dateNames].map((symbol) => {
    const isTime = symbol.value.includes('T');
    // A clock time without an offset is read as UTC here; a zone beside an offset would say nothing.
    const isLocal = isTime && !/(Z|[+-]\d\d:\d\d)$/.test(symbol.value);
    const as = isTime ? { $as: 'datetime', ...(isLocal ? { $zone: 'UTC' } : {}) } : { $as: 'date' };
    return field(symbol, as, isLocal ? `${symbol.value}Z` : symbol.value);
  });
  return [
    { name: 'number-symbols', text: mappingOf(numbers) },
    { name: 'date-symbols', text: mappingOf(dates) },
    values(),
  ];
}

interface Field {
  readonly cell: string;
  readonly directives: object;
  /** Undefined: nothing comes of it. */
  readonly value?: unknown;
  readonly issue?: string;
}

function field({ format, text }: PatternSymbol, as: object, value: unknown): Field {
  return { cell: text, directives: { ...as, $format: format }, value };
}

function values(): PatternExample {
  const fields = valueExamples.map(({ text, directives, value }): Field => {
    const own = { cell: text, directives: directivesOf(directives) };
    if (value === 'absent') return own;
    return isIssueCode(value) ? { ...own, issue: value } : { ...own, value: JSON.parse(value) };
  });
  const properties = Object.fromEntries(valueExamples.map(({ type }, index) => [`V${index}`, { type }]));
  return { name: 'values', text: mappingOf(fields), schema: { type: 'object', properties } };
}

/** What comes right and what does not are two documents: an issue would take the values of the other with it. */
function mappingOf(fields: readonly Field[]): string {
  const names = fields.map((_, index) => `V${index}`);
  const right = fields.map(({ cell, issue }) => (issue === undefined ? cell : ''));
  const wrong = fields.map(({ cell, issue }) => (issue === undefined ? '' : cell));
  const given = (cells: readonly string[]): string =>
    `${['Id', ...names].join()}\n${['1', ...cells].map(quoted).join()}\n`;
  const expected = fields.flatMap(({ value }, index) => (value === undefined ? [] : [[`V${index}`, value] as const]));
  const issues = fields.flatMap(({ issue }, index) =>
    issue === undefined ? [] : [{ line: 2, column: `V${index}`, code: issue }],
  );
  return stringify({
    read: { format: 'csv' },
    document: { type: 'value', key: 'Id' },
    map: Object.fromEntries(
      fields.map(({ directives }, index) => [`V${index}`, { $from: `V${index}`, ...directives }]),
    ),
    tests: [
      { name: 'what is read', given: given(right), expect: [Object.fromEntries(expected)] },
      ...(issues.length === 0 ? [] : [{ name: 'what is refused', given: given(wrong), issues }]),
    ],
  });
}

function quoted(cell: string): string {
  return `"${cell.replaceAll('"', '""')}"`;
}
