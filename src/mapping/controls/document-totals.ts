import { createIssue, isError, type Issue } from '../../core/issue.ts';
import { say } from '../../core/text.ts';
import {
  PICKED_PART,
  type BoundMapping,
  type BuiltDocument,
  type Header,
  type InboundDefinition,
  type SourceRecord,
} from '../types.ts';
import { columnName, createCells, ownerOf, type Cells, type ColumnName, type Seen } from './cells.ts';
import { totalFinding } from './finding.ts';
import { createTally, type Counting } from './tally.ts';
import { documentTotal, type Total } from './totals.ts';

type Definition = Pick<InboundDefinition, 'read' | 'document' | 'controls'>;

interface StatedTotal {
  readonly total: Total;
  readonly name: ColumnName;
}

/** Totals that documents state about themselves, ready to be checked against their records. */
export function documentTotals(definition: Definition): readonly StatedTotal[] {
  return Object.entries(definition.controls?.document ?? {}).map(([place, rule]) => ({
    total: documentTotal(place, rule, definition),
    name: columnName(place, definition),
  }));
}

/** The mapping with documents refused whose totals do not agree. `headers` by name, `files` (shown in issues) by part. */
export function withDocumentTotals(
  bound: BoundMapping,
  definition: Definition,
  headers: ReadonlyMap<string, Header>,
  files: ReadonlyMap<string, string>,
): BoundMapping {
  const totals = documentTotals(definition);
  if (totals.length === 0) return bound;
  const counting: Counting = {
    cells: cellsOf(definition, headers),
    fileName: (part) => files.get(part) ?? '',
    isPart: ({ part }) => part === PICKED_PART,
    begins: undefined,
  };
  const checked = (built: BuiltDocument, records: readonly SourceRecord[]): BuiltDocument => {
    const found = totals.flatMap((total) => findings(total, records, counting, built));
    if (found.length === 0) return built;
    const { payload: _payload, ...rest } = built;
    return { ...rest, issues: [...built.issues, ...found] };
  };
  return {
    ...bound,
    build(records, operation) {
      const built = bound.build(records, operation);
      return built instanceof Promise ? built.then((document) => checked(document, records)) : checked(built, records);
    },
  };
}

function cellsOf({ read, document }: Definition, headers: ReadonlyMap<string, Header>): Cells {
  const cells = createCells({ read, document });
  for (const [name, header] of headers) {
    if (Object.hasOwn(read.with, name)) cells.header(name, header);
    else cells.header(PICKED_PART, header, name === PICKED_PART ? document.begins : name);
  }
  return cells;
}

function findings(
  { total, name }: StatedTotal,
  records: readonly SourceRecord[],
  counting: Counting,
  built: BuiltDocument,
): readonly Issue[] {
  const tally = createTally(total.measure, counting);
  for (const seen of records) tally.add(seen);
  const { cells } = counting;
  const stating = records.filter((seen) => states(seen, name, cells));
  const values = stating.map((seen) => ({ seen, text: cells.read(seen, name)?.find((text) => text !== '') ?? '' }));
  const first = values.find(({ text }) => text !== '') ?? values[0];
  const placeOf = (seen: Seen | undefined): Issue['where'] => ({
    file: counting.fileName(seen?.part ?? ''),
    line: seen?.record.line ?? built.line,
    column: name.column,
  });
  const other = values.find(({ text }) => text !== '' && text !== first?.text);
  if (other !== undefined) {
    const what = say`the records of the document state different totals`;
    const expected = say`${first?.text ?? ''}, as in line ${first?.seen.record.line ?? built.line}`;
    return [createIssue('document-total', placeOf(other.seen), { what, expected, got: other.text })];
  }
  const stated = first?.text ?? '';
  const difference = tally.difference(stated, 1);
  if (difference === undefined) return [];
  // A record or a value that is wrong by itself was told already, and the rest cannot be added up without it.
  if (built.issues.some(isError) && (difference.unreadable !== undefined || first === undefined)) return [];
  const by = say`the total in ${name.text}`;
  return [
    totalFinding(
      'document-total',
      { total, where: placeOf(first?.seen), stated, by, scope: say`of the document` },
      difference,
    ),
  ];
}

function states(seen: Seen, name: ColumnName, cells: Cells): boolean {
  return name.owner === undefined ? seen.part === PICKED_PART && cells.has(seen, name) : ownerOf(seen) === name.owner;
}
