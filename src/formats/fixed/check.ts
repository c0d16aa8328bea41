import type { FormatOptions, OptionFinding } from '../../core/format.ts';
import { checkCellOptions } from '../writing/cell-options.ts';
import { checkEnvelope } from '../writing/envelope.ts';
import { readLayout, readUnit, type RecordLayout } from './layout.ts';
import { createRuler, isMultibyte, narrowest } from './ruler.ts';
import { readWriteLayout, writeFields } from './write-layout.ts';

/** What the schemas cannot say of a layout. */
export function checkFixed(
  use: 'read' | 'write',
  options: FormatOptions,
  columns?: readonly string[],
): readonly OptionFinding[] {
  return use === 'read' ? checkRead(options) : checkWrite(options, columns);
}

function checkRead(options: FormatOptions): readonly OptionFinding[] {
  const hasFields = options['fields'] !== undefined;
  const hasRecords = options['records'] !== undefined;
  if (!hasFields && !hasRecords) {
    return [{ code: 'missing-key', path: [], what: '"fields" is missing: nothing says where the values stand' }];
  }
  const both: OptionFinding = {
    code: 'wrong-value',
    path: ['fields'],
    what: '"fields" and "records" cannot both be given',
    hint: 'Give each record type its own fields.',
  };
  const layout = readLayout(options);
  return [
    ...(hasFields && hasRecords ? [both] : []),
    ...layout.kinds.flatMap((kind) => checkKind(kind, options)),
    ...hiddenTypes(layout.kinds),
    ...checkUnit(options),
  ];
}

function checkKind(kind: RecordLayout, options: FormatOptions): readonly OptionFinding[] {
  const path = kind.type === undefined ? [] : ['records', kind.type];
  const hasOwnLength =
    kind.type !== undefined &&
    (options['records'] as Readonly<Record<string, { length?: number }>>)[kind.type]?.length !== undefined;
  const findings: OptionFinding[] = [...overlaps(kind.fields, [...path, 'fields'], true)];
  const beyond = kind.fields.find(({ to }) => to > kind.length);
  if (beyond !== undefined) {
    const what = `the field ${beyond.name} ends at ${beyond.to}, behind the end of the record at ${kind.length}`;
    findings.push({ code: 'wrong-value', path: [...path, 'fields', beyond.name], what });
  }
  if (hasOwnLength && options['lineEnds'] === 'none') {
    const what = 'without line ends all records are of one length';
    findings.push({ code: 'wrong-value', path: [...path, 'length'], what, hint: 'Give it once, as read.length.' });
  }
  return findings;
}

interface Span {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** A field inside another is a part of it that is read by itself: worth a warning, since it may be a slip. */
function overlaps(spans: readonly Span[], path: readonly string[], mayNest: boolean): readonly OptionFinding[] {
  const sorted = spans.toSorted((a, b) => a.from - b.from || b.to - a.to);
  const findings: OptionFinding[] = [];
  let before: Span | undefined;
  for (const span of sorted) {
    if (before !== undefined && span.from < before.to) {
      const isNested = span.to <= before.to;
      findings.push({
        code: 'wrong-value',
        path: [...path, span.name],
        severity: isNested && mayNest ? 'warning' : 'error',
        what: `the field ${shown(span)} ${isNested ? 'lies inside' : 'overlaps'} ${shown(before)}`,
      });
    }
    if (before === undefined || span.to > before.to) before = span;
  }
  return findings;
}

function shown({ name, from, to }: Span): string {
  return `${name} (${from + 1} to ${to})`;
}

/** Types that never come to be taken, because every record of theirs fits one above them. */
function hiddenTypes(kinds: readonly RecordLayout[]): readonly OptionFinding[] {
  return kinds.flatMap((kind, index): OptionFinding[] => {
    const above = kinds.slice(0, index).find((other) => other.signs.every((sign) => isImplied(sign, kind)));
    if (above === undefined || kind.type === undefined) return [];
    const what = `no record is ever ${kind.type}: all of them fit ${above.type ?? ''}, which stands above it`;
    return [{ code: 'wrong-value', path: ['records', kind.type, 'is'], what, hint: `Move ${kind.type} up.` }];
  });
}

function isImplied(sign: RecordLayout['signs'][number], { signs }: RecordLayout): boolean {
  return signs.some(({ at, text }) => at <= sign.at && text.slice(sign.at - at).startsWith(sign.text));
}

function checkUnit(options: FormatOptions): readonly OptionFinding[] {
  const { encoding, onBad } = readLayout(options).text;
  if (readUnit(options) !== 'bytes' || onBad !== 'replace' || !isMultibyte(encoding)) return [];
  const what = `bytes of ${encoding} cannot be counted where bad ones are replaced`;
  return [{ code: 'wrong-value', path: ['onBad'], what, hint: 'Set onBad: fail, or count characters.' }];
}

function checkWrite(options: FormatOptions, columns: readonly string[] | undefined): readonly OptionFinding[] {
  if (options['fields'] === undefined) {
    return [{ code: 'missing-key', path: [], what: '"fields" is missing: nothing says where the values stand' }];
  }
  const fields = writeFields(options);
  const spans = fields.map(({ name, from, length }) => ({ name, from, to: from + length }));
  const { length } = readWriteLayout(options);
  const findings: OptionFinding[] = [...overlaps(spans, ['fields'], false), ...checkWidths(options)];
  for (const { name, to } of spans.filter((span) => span.to > length)) {
    const what = `the field ${name} ends at ${to}, behind the end of the record at ${length}`;
    findings.push({ code: 'wrong-value', path: ['fields', name], what });
  }
  for (const { name, align, overflow } of fields.filter(({ pad }) => pad === '0')) {
    const path = ['fields', name];
    if (align === 'left') findings.push({ code: 'wrong-value', path, what: 'zeros behind a number change it' });
    if (overflow === 'cut')
      findings.push({ code: 'wrong-value', path, what: 'a number that is cut is another number' });
  }
  return [
    ...findings,
    ...digitNames(options),
    ...checkColumns(fields, columns),
    ...checkCellOptions(options, columns),
    ...checkEnvelope(options, columns),
    ...checkOwnRecords(options, length),
  ];
}

function checkOwnRecords(options: FormatOptions, length: number): readonly OptionFinding[] {
  const records = Object.entries((options['records'] ?? {}) as Readonly<Record<string, object>>);
  return records.flatMap(([which, fields]) => {
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
function checkWidths(options: FormatOptions): readonly OptionFinding[] {
  const { fields, unit, text } = readWriteLayout(options);
  const width = narrowest(unit, text.encoding);
  const ruler = createRuler(unit, text.encoding);
  return fields.flatMap(({ name, from, length, pad }): OptionFinding[] => {
    const path = ['fields', name];
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
function digitNames(options: FormatOptions): readonly OptionFinding[] {
  const declared = Object.entries(options['fields'] as Readonly<Record<string, unknown>>);
  if (declared.length === 1) return [];
  return declared
    .filter(([name, field]) => /^\d+$/.test(name) && !Array.isArray(field) && !hasPosition(field))
    .map(([name]): OptionFinding => ({
      code: 'wrong-value',
      path: ['fields', name],
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
): readonly OptionFinding[] {
  if (columns === undefined) return [];
  const names = fields.map(({ name }) => name);
  return [
    ...columns
      .filter((column) => !names.includes(column))
      .map((column): OptionFinding => ({
        code: 'missing-key',
        path: ['fields'],
        what: `the column ${column} has no field`,
      })),
    ...names
      .filter((name) => !columns.includes(name))
      .map((name): OptionFinding => ({
        code: 'unknown-reference',
        path: ['fields', name],
        what: `no column of the mapping is called ${name}`,
      })),
  ];
}
