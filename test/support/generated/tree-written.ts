import { atomsOf, diceOf, textOf } from './content.ts';
import { canonical, type GeneratedFile } from './generated-file.ts';
import type { TreePlan } from './json-file.ts';
import { writeFile } from './reading.ts';

const NUMBERS = ['7', '-0.50', '1E+2', '123456789012345678901', '0'] as const;

/** Rows of text under columns, written by the format itself: texts, and numbers in the last column. */
export async function treesWritten(format: 'json' | 'ndjson', plan: TreePlan): Promise<GeneratedFile> {
  const dice = diceOf(plan.rolls);
  const atoms = atomsOf('utf-8', true);
  const names = [...plan.names.map((numbers, index) => `${textOf(numbers, atoms)}${index}`), 'Number'];
  const drawn = format === 'ndjson' && plan.rows.length === 0 ? [[]] : plan.rows;
  const rows = drawn.map((row) =>
    names.map((_, column) =>
      column === names.length - 1 ? (NUMBERS[dice(NUMBERS.length)] ?? '0') : textOf(row[column] ?? [], atoms),
    ),
  );
  const isMarked = plan.hasMark && plan.encoding.startsWith('utf-');
  const indent = plan.blanks * 2;
  const wrap = plan.path.join('.');
  const isWrapped = format === 'json' && wrap !== '';
  const bytes = await writeFile(format, rows, names, {
    encoding: plan.encoding,
    bom: isMarked,
    lineEnd: ['lf', 'crlf', 'cr'][plan.lineEnd % 3] ?? 'lf',
    numbers: ['Number'],
    ...(format === 'json' ? { indent } : {}),
    ...(isWrapped ? { wrap } : {}),
  });
  const linesEach = format === 'json' && indent > 0 ? names.length + 2 : 1;
  const before = format === 'json' ? 2 : 1;
  return {
    format,
    by: 'write',
    encoding: plan.encoding,
    options: { encoding: plan.encoding, ...(isWrapped ? { path: wrap } : {}) },
    bytes,
    records: rows.map((row, index) => ({ line: before + index * linesEach, tree: treeOf(names, row) })),
    columns: { '': [] },
    passedOver: 0,
    notices: rows.length === 0 ? ['no-records'] : [],
  };
}

function treeOf(names: readonly string[], row: readonly string[]): string {
  const last = names.length - 1;
  const members = names.map(
    (name, index) => [name, index === last ? (row[index] ?? '') : canonical(row[index] ?? '')] as const,
  );
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`;
}
