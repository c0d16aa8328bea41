import type { FormatOptions, OptionFinding, RecordColumns } from '../../core/format.ts';
import { suggestion } from '../../core/shape.ts';
import { checkCellOptions } from '../writing/cell-options.ts';
import { checkEnvelope } from '../writing/envelope.ts';
import { columnNames } from '../writing/record-columns.ts';
import { createRuler, narrowest } from './ruler.ts';
import { overlaps } from './spans.ts';
import { readWriteLayout, writeFields, type WriteLayout } from './write-layout.ts';

/** What the schemas cannot say of a layout that is written. */
export function checkWrite(options: FormatOptions, columns: readonly string[] | undefined): readonly OptionFinding[] {
  if (options['fields'] === undefined) {
    return [{ code: 'missing-key', path: [], what: '"fields" is missing: nothing says where the values stand' }];
  }
  return [
    ...checkPlan(options['fields'], readWriteLayout(options), ['fields']),
    ...checkColumns(writeFields(options), columns, ['fields']),
    ...checkTypes(options, []),
    ...checkCellOptions(options, columns),
    ...checkEnvelope(options, columns),
    ...checkOwnRecords(options, readWriteLayout(options).length),
  ];
}

/** The same where a file mixes record types: each has fields of its own. */
export function checkMixedFixed(options: FormatOptions, types: RecordColumns): readonly OptionFinding[] {
  const names = columnNames(types);
  const misplaced: OptionFinding = {
    code: 'wrong-value',
    path: ['fields'],
    what: 'each record type has fields of its own',
    hint: 'Write them under records, by type: { line: { fields: … } }.',
  };
  return [
    ...(options['fields'] === undefined ? [] : [misplaced]),
    ...checkTypes(options, [...types.keys()]),
    ...[...types].flatMap(([type, columns]) => checkType(options, type, columns)),
    ...checkCellOptions(options, names),
    ...checkEnvelope(options, names, [...types.keys()]),
    ...checkOwnRecords(options, readWriteLayout(options).length),
  ];
}

/** Layouts of record types that the mapping does not have. */
function checkTypes(options: FormatOptions, types: readonly string[]): readonly OptionFinding[] {
  return Object.keys(options['records'] ?? {})
    .filter((name) => name !== 'header' && name !== 'trailer' && !types.includes(name))
    .map((name) => ({
      code: 'unknown-reference',
      path: ['records', name],
      what: `no record type of the mapping is called ${name}`,
      ...suggestion(name, ['header', 'trailer', ...types]),
    }));
}

function checkType(options: FormatOptions, type: string, columns: readonly string[]): readonly OptionFinding[] {
  const records = (options['records'] ?? {}) as Readonly<Record<string, { fields?: object; length?: number }>>;
  const own = records[type];
  if (own?.fields === undefined) {
    const what = `nothing says where the values of ${type} stand`;
    return [{ code: 'missing-key', path: ['records'], what, hint: `Add ${type}: { fields: … }.` }];
  }
  const path = ['records', type, 'fields'];
  const findings = [
    ...checkPlan(own.fields, readWriteLayout(options, type), path),
    ...checkColumns(writeFields({ fields: own.fields }), columns, path),
  ];
  if (own.length === undefined || options['lineEnd'] !== 'none') return findings;
  const what = 'without line ends all records are of one length';
  const hint = 'Give it once, as write.length.';
  return [...findings, { code: 'wrong-value', path: ['records', type, 'length'], what, hint }];
}

/** What is wrong with the fields of one kind of record. */
function checkPlan(declared: unknown, layout: WriteLayout, path: readonly string[]): readonly OptionFinding[] {
  const fields = writeFields({ fields: declared });
  const spans = fields.map(({ name, from, length }) => ({ name, from, to: from + length }));
  const { length } = layout;
  const findings: OptionFinding[] = [...overlaps(spans, path, false), ...checkWidths(layout, path)];
  for (const { name, to } of spans.filter((span) => span.to > length)) {
    const what = `the field ${name} ends at ${to}, behind the end of the record at ${length}`;
    findings.push({ code: 'wrong-value', path: [...path, name], what });
  }
  for (const { name, align, overflow } of fields.filter(({ pad }) => pad === '0')) {
    const at = [...path, name];
    if (align === 'left') findings.push({ code: 'wrong-value', path: at, what: 'zeros behind a number change it' });
    if (overflow === 'cut')
      findings.push({ code: 'wrong-value', path: at, what: 'a number that is cut is another number' });
  }
  return [...findings, ...digitNames(declared as Readonly<Record<string, unknown>>, path)];
}

function checkOwnRecords(options: FormatOptions, length: number): readonly OptionFinding[] {
  const { header = {}, trailer = {} } = (options['records'] ?? {}) as Partial<Record<'header' | 'trailer', object>>;
  return Object.entries({ header, trailer }).flatMap(([which, fields]) => {
    const path = ['records', which];
    const spans = writeFields({ fields }).map((field) => ({ ...field, to: field.from + field.length }));
    const beyond = spans.filter(({ to }) => to > length);
    return [
      ...overlaps(spans, path, false),
      ...beyond.map(({ name, to }): OptionFinding => ({
        code: 'wrong-value',
        path: [...path, name],
        what: `the field ${name} ends at ${to}, behind the end of the record at ${length}`,
      })),
    ];
  });
}

/** What fills a record up must come out even. */
function checkWidths({ fields, unit, text }: WriteLayout, place: readonly string[]): readonly OptionFinding[] {
  const width = narrowest(unit, text.encoding);
  const ruler = createRuler(unit, text.encoding);
  return fields.flatMap(({ name, from, length, pad }): OptionFinding[] => {
    const path = [...place, name];
    if (from % width !== 0 || length % width !== 0) {
      return [
        {
          code: 'wrong-value',
          path,
          what: `in ${text.encoding} a character takes ${width} bytes, and half of one cannot be written`,
        },
      ];
    }
    const taken = ruler(pad).units;
    return taken === width
      ? []
      : [{ code: 'wrong-value', path, what: `the padding "${pad}" takes ${taken} bytes; expected ${width}` }];
  });
}

/** Objects put names made of digits first, whatever their order in the file. */
function digitNames(fields: Readonly<Record<string, unknown>>, path: readonly string[]): readonly OptionFinding[] {
  const declared = Object.entries(fields);
  if (declared.length === 1) return [];
  return declared
    .filter(([name, field]) => /^\d+$/.test(name) && !Array.isArray(field) && !hasPosition(field))
    .map(([name]): OptionFinding => ({
      code: 'wrong-value',
      path: [...path, name],
      what: 'a column named by digits needs its position',
      hint: `Write "${name}": [first position, length].`,
    }));
}

function hasPosition(field: unknown): boolean {
  return typeof field === 'object' && field !== null && 'at' in field;
}

function checkColumns(
  fields: readonly { readonly name: string }[],
  columns: readonly string[] | undefined,
  path: readonly string[],
): readonly OptionFinding[] {
  if (columns === undefined) return [];
  const names = fields.map(({ name }) => name);
  return [
    ...columns
      .filter((column) => !names.includes(column))
      .map((column): OptionFinding => ({
        code: 'missing-key',
        path,
        what: `the column ${column} has no field`,
      })),
    ...names
      .filter((name) => !columns.includes(name))
      .map((name): OptionFinding => ({
        code: 'unknown-reference',
        path: [...path, name],
        what: `no column of the mapping is called ${name}`,
      })),
  ];
}
