import type { FileFacts } from '../../core/format.ts';
import type { Totals } from './totals.ts';

/** A text with places in braces: `T{rows:6}`. */
export interface PlaceTemplate {
  /** Columns whose sums it states. */
  readonly sums: readonly string[];
  /** Whether it is one count or sum and nothing else: JSON writes it as a number. */
  readonly isNumber: boolean;
  text(facts: FileFacts | undefined, totals: Totals): string;
}

/** Places whose text the file's maker knows. */
const GIVEN: Readonly<Record<string, RegExp>> = {
  date: /^.+$/,
  'as-of': /^.+$/,
  seq: /^[1-9]\d?$/,
  document: /^$/,
  site: /^$/,
  flow: /^$/,
  repeat: /^$/,
};
const COUNTS = new Set(['rows', 'records']);
const PLACE = /\{([a-z-]+)(?::([^{}]*))?\}/g;

/** `{rows:6}`, `{rows:line}`, `{rows:line:6}`: a record type and a number of digits. */
const COUNTED = /^(?:([A-Za-z][A-Za-z0-9]*)(?::|$))?([1-9]\d?)?$/;

/**
 * Answers in words what is wrong with a template; undefined when nothing is. `columns`: those that may be summed; `types`:
 * record types whose rows may be counted.
 */
export function templateProblem(
  template: string,
  columns: readonly string[] | undefined,
  types: readonly string[] = [],
): string | undefined {
  for (const [whole, name = '', detail = ''] of template.matchAll(PLACE)) {
    if (name === 'sum') {
      if (columns !== undefined && !columns.includes(detail)) return `no column is called "${detail}"`;
    } else if (COUNTS.has(name)) {
      const [fits, type] = COUNTED.exec(detail) ?? [];
      if (fits === undefined || detail.endsWith(':')) return `${whole} takes a number of digits, or nothing`;
      if (type !== undefined && (name !== 'rows' || !types.includes(type))) return `no record type is called "${type}"`;
    } else if (GIVEN[name]?.test(detail) !== true) {
      return `${whole} is no place; there are {rows}, {records}, {sum:Column}, {date:…}, {as-of:…}, {seq:6}, {document}, {site}, {flow} and {repeat}`;
    }
  }
  return /[{}]/.test(template.replaceAll(PLACE, '')) ? 'a brace without its partner' : undefined;
}

/** Compiles a checked template. */
export function compilePlaces(template: string): PlaceTemplate {
  const places = [...template.matchAll(PLACE)];
  const [only] = places;
  const isTotal = (name = ''): boolean => name === 'sum' || COUNTS.has(name);
  return {
    sums: places.flatMap(([, name, column]) => (name === 'sum' && column !== undefined ? [column] : [])),
    isNumber:
      only !== undefined && only[0] === template && isTotal(only[1]) && (only[1] === 'sum' || digitsOf(only[2]) === 0),
    text: (facts, totals) =>
      // In one go: braces inside a value are no places.
      template.replaceAll(PLACE, (whole, name: string, detail = '') => {
        if (name === 'sum') return totals.sum(detail);
        if (COUNTS.has(name)) {
          const [, type] = COUNTED.exec(detail) ?? [];
          const rows = type === undefined ? totals.rows : totals.ofType(type);
          return String(name === 'rows' ? rows : totals.records).padStart(digitsOf(detail), '0');
        }
        return facts?.fill(whole.slice(1, -1)) ?? '';
      }),
  };
}

function digitsOf(detail = ''): number {
  return Number(COUNTED.exec(detail)?.[2] ?? 0);
}
