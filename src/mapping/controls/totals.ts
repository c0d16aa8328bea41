import { parsePath, type JsonPath } from '../../core/path.ts';
import { say, type Phrase } from '../../core/text.ts';
import type { InboundDefinition } from '../types.ts';
import { columnName, type ColumnName } from './cells.ts';
import { decimalReader, type ReadDecimal } from './exact-sum.ts';
import type { DocumentTotal, HashedSpec, StatedTotals, SummedSpec } from './types.ts';

/** One total: where it is stated, and what it must agree with. */
export interface Total {
  /** Position from 1, or a column. */
  readonly place: string;
  readonly measure: Measure;
}

/** What is measured in the records. */
export type Measure =
  | { readonly kind: 'count'; readonly of: string }
  /** What a path of a tree leads to; of lists their elements. */
  | { readonly kind: 'elements'; readonly of: string; readonly path: JsonPath }
  | { readonly kind: 'sum'; readonly column: ColumnName; readonly read: ReadDecimal; readonly readStated: ReadDecimal }
  | { readonly kind: 'hash'; readonly column: ColumnName; readonly keep: number | undefined };

type Definition = Pick<InboundDefinition, 'read' | 'document'>;

const counted: Readonly<Partial<Record<string, Phrase>>> = {
  records: say`the records`,
  documents: say`the documents`,
  lines: say`the lines`,
};
const nothing: ReadDecimal = () => undefined;

/** The totals a rule names, each by itself. Number formats that cannot be used are told when the mapping is checked. */
export function totalsOf(rule: StatedTotals, definition: Definition): readonly Total[] {
  const { count, of = 'records', sums = {}, hash = {} } = rule;
  const counts = typeof count === 'object' ? count : count === undefined ? {} : { [String(count)]: of };
  return [
    ...Object.entries(counts).map(([place, what]): Total => ({ place, measure: { kind: 'count', of: what } })),
    ...Object.entries(sums).map(([place, spec]): Total => ({ place, measure: sumOf(spec, definition) })),
    ...Object.entries(hash).map(([place, spec]): Total => ({ place, measure: hashOf(spec, definition) })),
  ];
}

export function documentTotal(place: string, total: DocumentTotal, definition: Definition): Total {
  const { count = 'lines', sum, hash } = total;
  if (sum !== undefined) return { place, measure: sumOf(sum, definition) };
  if (hash !== undefined) return { place, measure: hashOf(hash, definition) };
  const path = definition.read.shape === 'table' || count === 'lines' ? undefined : parsePath(count);
  return { place, measure: path === undefined ? { kind: 'count', of: count } : { kind: 'elements', of: count, path } };
}

function sumOf(spec: SummedSpec, definition: Definition): Measure {
  const { of, format, stated } = typeof spec === 'string' ? { of: spec } : spec;
  return {
    kind: 'sum',
    column: columnName(of, definition),
    read: decimalReader(format) ?? nothing,
    readStated: decimalReader(stated ?? format) ?? nothing,
  };
}

function hashOf(spec: HashedSpec, definition: Definition): Measure {
  const { of, keep } = typeof spec === 'string' ? { of: spec } : spec;
  return { kind: 'hash', column: columnName(of, definition), keep };
}

/** What is measured, in words: `the trailer does not agree with …`. */
export function measureText(measure: Measure): Phrase {
  if (measure.kind === 'sum') return say`the sum of ${measure.column.text}`;
  if (measure.kind === 'hash') return say`the hash total of ${measure.column.text}`;
  if (measure.kind === 'elements') return say`the number of ${measure.of}`;
  return counted[measure.of] ?? say`the "${measure.of}" records`;
}
