import { diceOf } from './content.ts';
import { placed, valueOf, measureOf, type FixedPlan } from './fixed-plan.ts';
import type { GeneratedFile } from './generated-file.ts';
import { writeFile } from './reading.ts';

/** The same values written by the format itself: one kind of record, every field with its padding. */
export async function fixedWritten(drawn: FixedPlan): Promise<GeneratedFile> {
  const plan = { ...drawn, hasTabs: false };
  const dice = diceOf(plan.rolls);
  const fields = placed(plan, 1).map((field) => ({ ...field, pad: field.pad ?? (' ' as const) }));
  const columns = fields.map(({ name }) => name);
  const rows = plan.rows.map((row) =>
    // No writer puts what ends a line into a record.
    fields.map((field, index) => valueOf(field, row[index] ?? [], index === 0, plan).replaceAll('\u2028', '')),
  );
  const declared = Object.fromEntries(
    fields.map(({ name, at, length, pad, align }) => [name, { at, length, pad, align }]),
  );
  const ends = plan.encoding.startsWith('ebcdic') ? ['lf', 'crlf', 'cr', 'nel'] : ['lf', 'crlf', 'cr'];
  const isMarked = plan.hasMark && plan.encoding.startsWith('utf-');
  const length = (fields.at(-1)?.at ?? 1) - 1 + (fields.at(-1)?.length ?? 0) + dice(3) * measureOf(plan)(' ');
  const common = { fields: declared, encoding: plan.encoding, unit: plan.unit, length };
  const lineEnd = plan.isBlocks ? 'none' : (ends[plan.lineEnd % ends.length] ?? 'lf');
  return {
    format: 'fixed',
    by: 'write',
    encoding: plan.encoding,
    options: { ...common, ...(plan.isBlocks ? { lineEnds: 'none' } : {}) },
    bytes: await writeFile('fixed', rows, columns, { ...common, lineEnd, bom: isMarked }),
    records: rows.map((cells, index) => ({ line: index + 1, cells })),
    columns: { '': columns },
    passedOver: 0,
    notices: [],
  };
}
