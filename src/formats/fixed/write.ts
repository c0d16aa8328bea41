import { Failure } from '../../core/failure.ts';
import type { CellFinding, FileFacts, FormatOptions, RecordColumns, TypedRow } from '../../core/format.ts';
import { say } from '../../core/text.ts';
import { createEncoder } from '../text/encoder.ts';
import { cellsOfTypes, tooLong, type Cells } from '../writing/cells.ts';
import { hasTrailer, readEnvelope } from '../writing/envelope.ts';
import { asTyped, oneKind } from '../writing/record-columns.ts';
import { createTally } from '../writing/totals.ts';
import { createRuler, sliceUnits, type Measured, type Ruler } from './ruler.ts';
import { readWriteLayout, writeFields, type WriteField, type WriteLayout } from './write-layout.ts';

const ROWS_AT_ONCE = 500;
/** What would end the line, move what follows out of its columns, or show as nothing. */
const CONTROLS = /[\p{Cc}\u2028\u2029]/gu;

/**
 * Writes rows of text at the positions of their columns; every record has its full length.
 * @throws Failure bad-config for a value that does not fit and may not be cut, and for a character that the encoding
 * cannot hold: nothing is cut or replaced unless it is declared.
 */
export function writeFixed(
  rows: AsyncIterable<readonly string[]>,
  columns: readonly string[],
  options: FormatOptions,
  facts?: FileFacts,
): AsyncGenerator<Uint8Array, void, void> {
  return writeMixedFixed(asTyped(rows), oneKind(columns), options, facts);
}

/** Writes records of several types, each at the positions of its own fields, with the same failures. */
export async function* writeMixedFixed(
  rows: AsyncIterable<TypedRow>,
  types: RecordColumns,
  options: FormatOptions,
  facts?: FileFacts,
): AsyncGenerator<Uint8Array, void, void> {
  const layout = readWriteLayout(options);
  const { header, trailer, sums, records } = readEnvelope(options);
  const cells = cellsOfTypes(types, options, sums, layout.text.encoding);
  const writers = new Map(
    [...types].map(([type, columns]) => [type, recordWriter(readWriteLayout(options, type), columns)]),
  );
  const [any] = cells.values();
  const tally = createTally(types, sums, records);
  const own = (record: 'header' | 'trailer', values: NonNullable<typeof header>['values']): string => {
    const fields = ownFields(options, record);
    const write = recordWriter(
      { ...layout, fields },
      values.map(({ name }) => name),
    );
    return write(values.map(({ template }) => any?.own(template, facts, tally) ?? '')) + layout.text.lineEnd;
  };
  const encode = createEncoder(layout.text);
  let text = layout.text.hasByteOrderMark ? '\ufeff' : '';
  if (header !== undefined) text += own('header', header.values);
  for await (const row of rows) {
    tally.add(row);
    const values = cells.get(row.type)?.write(row.cells) ?? row.cells;
    text += (writers.get(row.type)?.(values) ?? '') + layout.text.lineEnd;
    if (tally.rows % ROWS_AT_ONCE !== 0) continue;
    yield encode(text);
    text = '';
  }
  if (trailer !== undefined && hasTrailer(tally, facts)) text += own('trailer', trailer.values);
  if (text !== '') yield encode(text);
}

function ownFields(options: FormatOptions, record: 'header' | 'trailer'): readonly WriteField[] {
  const { [record]: fields } = options['records'] as Readonly<Record<string, object>>;
  return writeFields({ fields }).toSorted((a, b) => a.from - b.from);
}

/** What of a row {@link writeFixed} could not write. */
export function checkFixedRow(
  columns: readonly string[],
  options: FormatOptions,
): (row: readonly string[]) => readonly CellFinding[] {
  const check = checkMixedFixedRow(oneKind(columns), options);
  return (row) => check({ type: '', cells: row });
}

/** The same of a record of one of several types. */
export function checkMixedFixedRow(
  types: RecordColumns,
  options: FormatOptions,
): (row: TypedRow) => readonly CellFinding[] {
  const { encoding } = readWriteLayout(options).text;
  const checks = new Map(
    [...cellsOfTypes(types, options, readEnvelope(options).sums, encoding)].map(([type, cells]) => [
      type,
      checkOf(types.get(type) ?? [], cells, readWriteLayout(options, type)),
    ]),
  );
  return ({ type, cells }) => checks.get(type)?.(cells) ?? [];
}

function checkOf(
  columns: readonly string[],
  cells: Cells,
  layout: WriteLayout,
): (row: readonly string[]) => readonly CellFinding[] {
  const ruler = createRuler(layout.unit, layout.text.encoding);
  const fields = columns.map((column) => layout.fields.find(({ name }) => name === column));
  return (row) => [
    ...cells.check(row),
    ...cells.write(row).flatMap((text, index): CellFinding[] => {
      const field = fields[index];
      if (field === undefined) return [];
      const { name, length, overflow } = field;
      if (layout.breakAs === undefined && text.search(CONTROLS) !== -1) {
        const what = say`the value holds a line break, a tab or another control character`;
        return [
          { code: 'not-allowed', column: name, what, hint: say`Declare lineBreaks: blank to write a blank instead.` },
        ];
      }
      const { units } = ruler(text);
      return overflow === 'fail' && units > length ? [tooLong(name, units, length)] : [];
    }),
  ];
}

/** @throws Failure bad-config when columns and fields do not agree. */
function recordWriter(layout: WriteLayout, columns: readonly string[]): (row: readonly string[]) => string {
  const ruler = createRuler(layout.unit, layout.text.encoding);
  const homeless = columns.find((column) => layout.fields.every(({ name }) => name !== column));
  if (homeless !== undefined) throw new Failure('bad-config', `write.fields has no field for the column ${homeless}`);
  const places = layout.fields.map((field) => ({ field, at: columns.indexOf(field.name) }));
  const empty = places.find(({ at }) => at === -1);
  if (empty !== undefined) throw new Failure('bad-config', `no column fills the field ${empty.field.name}`);
  return (row) => {
    let record = '';
    let unit = 0;
    for (const { field, at } of places) {
      record += fill(' ', field.from - unit, ruler) + fieldText(row[at] ?? '', field, layout, ruler);
      unit = field.from + field.length;
    }
    return record + fill(' ', layout.length - unit, ruler);
  };
}

function fieldText(value: string, field: WriteField, layout: WriteLayout, ruler: Ruler): string {
  const fitted = fit(ruler(withoutBreaks(value, field, layout)), field, layout, ruler);
  const missing = fill(field.pad, field.length - fitted.units, ruler);
  if (field.align === 'left') return fitted.text + missing;
  // A sign stands before the zeros: -12 becomes -0012.
  const sign = field.pad === '0' && /^[-+]/.test(fitted.text) ? fitted.text.slice(0, 1) : '';
  return sign + missing + fitted.text.slice(sign.length);
}

/** So many units of a character; in UTF-16 it takes two bytes. */
function fill(character: string, units: number, ruler: Ruler): string {
  return units <= 0 ? '' : character.repeat(Math.floor(units / ruler(character).units));
}

function withoutBreaks(value: string, { name }: WriteField, { breakAs }: WriteLayout): string {
  if (value.search(CONTROLS) === -1) return value;
  if (breakAs !== undefined) return value.replaceAll(CONTROLS, breakAs);
  throw new Failure(
    'bad-config',
    `a value of the column ${name} holds a line break, a tab or another control character; set lineBreaks: blank to write a blank instead`,
  );
}

function fit(measured: Measured, field: WriteField, { unit }: WriteLayout, ruler: Ruler): Measured {
  const { units } = measured;
  const { name, length, overflow } = field;
  if (units <= length) return measured;
  if (overflow === 'cut') return ruler(sliceUnits(measured, 0, length));
  throw new Failure(
    'bad-config',
    `a value of the column ${name} takes ${units} ${unit} and its field has ${length}; make the field longer, or set overflow: cut`,
  );
}
