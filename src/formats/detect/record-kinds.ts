import { cellKind } from './cells.ts';
import type { Row } from './header.ts';
import { point, type Point } from './types.ts';

const MOST_KINDS = 8;

/**
 * Whether a delimited file mixes kinds of records, told by their first value: H, D, T. Only where the kinds differ in their
 * number of values or in what stands in them; a column of a few codes alone is no sign.
 */
export function detectRecordKinds(rows: readonly Row[]): Point | undefined {
  const groups = Map.groupBy(rows, ({ cells }) => cells[0]?.trim() ?? '');
  const isCode = [...groups.keys()].every((code) => /^[A-Za-z][A-Za-z0-9_-]{0,11}$/.test(code));
  if (!isCode || groups.size < 2 || groups.size > MOST_KINDS || rows.length <= groups.size) return undefined;
  const shapes = [...groups.values()].map(shapeOf);
  if (shapes.some((shape) => shape === undefined) || new Set(shapes).size < 2) return undefined;
  const records = Object.fromEntries([...groups].map(([code, group]) => [nameOf(code), kindOf(code, group, rows)]));
  const why = `the first value of every line is one of ${[...groups.keys()].join(', ')}, and what follows differs`;
  return point('records', records, 'unsure', why, ['no records, if all lines are of one kind']);
}

/** What the rows of one kind have in common; undefined when they are too different. */
function shapeOf(rows: readonly Row[]): string | undefined {
  const widths = new Set(rows.map(({ cells }) => cells.length));
  if (widths.size > 1) return undefined;
  const [width = 0] = widths;
  const kinds = Array.from({ length: width }, (_, index) => {
    const found = new Set(rows.map(({ cells }) => cellKind(cells[index] ?? '')).filter((kind) => kind !== 'empty'));
    return found.size === 1 ? [...found][0] : 'any';
  });
  return kinds.join(',');
}

function kindOf(code: string, group: readonly Row[], rows: readonly Row[]): Readonly<Record<string, unknown>> {
  const width = group[0]?.cells.length ?? 0;
  const columns = Array.from({ length: width }, (_, index) => (index === 0 ? `${code}_Type` : `${code}_${index + 1}`));
  const isOnly = group.length === 1;
  const role = isOnly && group[0] === rows[0] ? 'envelope' : isOnly && group[0] === rows.at(-1) ? 'trailer' : 'part';
  return { is: code, ...(role === 'part' ? {} : { role }), columns };
}

/** Names of record types are letters and digits, and some are taken. */
function nameOf(code: string): string {
  const name = code.replaceAll(/[^A-Za-z0-9]/g, '');
  return ['lines', 'head', 'picked', 'document'].includes(name) ? `${name}Record` : name;
}
