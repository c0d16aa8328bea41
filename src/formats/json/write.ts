import { Failure } from '../../core/failure.ts';
import type { CellFinding, FileFacts, FormatOptions, RecordColumns, TypedRow } from '../../core/format.ts';
import { say } from '../../core/text.ts';
import { BLOCK_BYTES } from '../text/bytes.ts';
import { createTextWriter } from '../text/encodings.ts';
import { writeTextOptions } from '../text/options.ts';
import { cellsOfTypes, type Cells } from '../writing/cells.ts';
import { hasTrailer, readEnvelope, type OwnRecord } from '../writing/envelope.ts';
import { asTyped, oneKind, optionsOfType } from '../writing/record-columns.ts';
import { createTally } from '../writing/totals.ts';
import { pathNames } from './options.ts';
import { escapeCharacter } from './escapes.ts';

/** Where rows stand in a file. */
interface Frame {
  readonly isLines: boolean;
  /** What stands around the rows; given the members that stand beside them. */
  opening(members: string): string;
  readonly between: string;
  closing(members: string): string;
  /** Written before every line of a row. */
  readonly indent: string;
  /** Spaces for each level; 0: a row stands on one line. */
  readonly step: number;
}

/**
 * Writes an array of objects, one for each row, their members in the order of the columns.
 * @throws Failure bad-config for columns that cannot be members of one object, and for a text that is no number.
 */
export function writeJson(
  rows: AsyncIterable<readonly string[]>,
  columns: readonly string[],
  options: FormatOptions,
  facts?: FileFacts,
): AsyncGenerator<Uint8Array, void, void> {
  return writeMixedJson(asTyped(rows), oneKind(columns), options, facts);
}

/** Writes objects of several kinds, one behind the other, with the same failures. */
export function writeMixedJson(
  rows: AsyncIterable<TypedRow>,
  types: RecordColumns,
  options: FormatOptions,
  facts?: FileFacts,
): AsyncGenerator<Uint8Array, void, void> {
  const wrap = pathNames(options, 'wrap');
  const { lineEnd } = writeTextOptions(options, '\n');
  const given = options['indent'];
  const step = typeof given === 'number' ? given : 2;
  const outer = wrap.slice(0, -1).map((name) => `{${JSON.stringify(name)}: `);
  const inner = wrap.slice(-1).map((name) => `${JSON.stringify(name)}: `);
  const frame: Frame = {
    isLines: false,
    opening: (members) => {
      const before = members === '' ? '' : `${members}, `;
      return `${outer.join('')}${inner.map((name) => `{${before}${name}`).join('')}[`;
    },
    between: ',',
    closing: (members) => `]${members === '' ? '' : `, ${members}`}${'}'.repeat(wrap.length)}${lineEnd}`,
    indent: ' '.repeat(step),
    step,
  };
  return writeRows(rows, types, options, frame, facts);
}

/** Writes one object on each line, with the same failures. */
export function writeNdjson(
  rows: AsyncIterable<readonly string[]>,
  columns: readonly string[],
  options: FormatOptions,
  facts?: FileFacts,
): AsyncGenerator<Uint8Array, void, void> {
  return writeMixedNdjson(asTyped(rows), oneKind(columns), options, facts);
}

/** Writes objects of several kinds, each on its line. */
export function writeMixedNdjson(
  rows: AsyncIterable<TypedRow>,
  types: RecordColumns,
  options: FormatOptions,
  facts?: FileFacts,
): AsyncGenerator<Uint8Array, void, void> {
  const { lineEnd } = writeTextOptions(options, '\n');
  const line = (members: string): string => (members === '' ? '' : `{${members}}${lineEnd}`);
  const frame: Frame = { isLines: true, opening: line, between: '', closing: line, indent: '', step: 0 };
  return writeRows(rows, types, options, frame, facts);
}

async function* writeRows(
  rows: AsyncIterable<TypedRow>,
  types: RecordColumns,
  options: FormatOptions,
  frame: Frame,
  facts: FileFacts | undefined,
): AsyncGenerator<Uint8Array, void, void> {
  const { encoding, lineEnd, hasByteOrderMark } = writeTextOptions(options, '\n');
  const write = createTextWriter(encoding);
  const { isLines } = frame;
  const texts = new Map(
    [...types].map(([type, columns]) => {
      const ofType = optionsOfType(options, type, columns);
      return [type, compileMember(treeOf(columns, options), ofType, { ...frame, lineEnd })];
    }),
  );
  const { header, trailer, sums, records } = readEnvelope(options);
  const cells = cellsOfTypes(types, { lengths: options['lengths'] ?? {} }, sums);
  const [any] = cells.values();
  const tally = createTally(types, sums, records);
  const own = (record: OwnRecord | undefined): string =>
    (record?.values ?? [])
      .map(({ name, template }) => {
        const value = any?.own(template, facts, tally) ?? '';
        return `${JSON.stringify(name)}: ${template.isNumber ? value : JSON.stringify(value)}`;
      })
      .join(', ');
  let text = (hasByteOrderMark ? '\ufeff' : '') + frame.opening(own(header));
  for await (const row of rows) {
    if (tally.rows > 0) text += frame.between;
    tally.add(row);
    const shown = texts.get(row.type)?.(cells.get(row.type)?.write(row.cells) ?? row.cells) ?? '';
    text += isLines ? shown + lineEnd : lineEnd + frame.indent + shown;
    if (text.length < BLOCK_BYTES) continue;
    yield write(text, escapeCharacter);
    text = '';
  }
  const closing = frame.closing(hasTrailer(tally, facts) ? own(trailer) : '');
  text += tally.rows === 0 || isLines ? closing : lineEnd + closing;
  if (text !== '') yield write(text, escapeCharacter);
}

/** What of a row could not be written. */
export function checkJsonRow(
  columns: readonly string[],
  options: FormatOptions,
): (row: readonly string[]) => readonly CellFinding[] {
  const check = checkMixedJsonRow(oneKind(columns), options);
  return (row) => check({ type: '', cells: row });
}

/** The same of a record of one of several types. */
export function checkMixedJsonRow(
  types: RecordColumns,
  options: FormatOptions,
): (row: TypedRow) => readonly CellFinding[] {
  const { sums } = readEnvelope(options);
  const checks = new Map(
    [...cellsOfTypes(types, { lengths: options['lengths'] ?? {} }, sums)].map(([type, cells]) => {
      const columns = types.get(type) ?? [];
      return [type, checkOf(columns, cells, optionsOfType(options, type, columns))];
    }),
  );
  return ({ type, cells }) => checks.get(type)?.(cells) ?? [];
}

function checkOf(
  columns: readonly string[],
  cells: Cells,
  options: FormatOptions,
): (row: readonly string[]) => readonly CellFinding[] {
  const { numbers = [] } = options as { numbers?: readonly string[] };
  const places = numbers.map((name) => ({ name, at: columns.indexOf(name) }));
  return (row) => [
    ...cells.check(row),
    ...places.flatMap(({ name, at }): CellFinding[] => {
      const text = row[at] ?? '';
      if (text === '' || NUMBER.test(text)) return [];
      return [
        { code: 'not-a-number', column: name, hint: say`Mend the mapping, or take the column out of write.numbers.` },
      ];
    }),
  ];
}

/** A member that holds the text of a column, or members. */
type Member = number | Map<string, Member>;

function treeOf(columns: readonly string[], options: FormatOptions): Map<string, Member> {
  const root = new Map<string, Member>();
  for (const [index, column] of columns.entries()) {
    const names = options['nested'] === true ? column.split('.') : [column];
    const last = names.pop() ?? '';
    let around = root;
    for (const name of names) {
      const inner = around.get(name) ?? new Map<string, Member>();
      if (typeof inner === 'number') throw twice(column);
      around.set(name, inner);
      around = inner;
    }
    if (around.has(last)) throw twice(column);
    around.set(last, index);
  }
  return root;
}

function twice(column: string): Failure {
  return new Failure('bad-config', `the column "${column}" and another one cannot both be members of one object`);
}

type ToText = (row: readonly string[]) => string;

function compileMember(root: Map<string, Member>, options: FormatOptions, frame: Frame & { lineEnd: string }): ToText {
  const numbers = new Set([options['numbers'] ?? []].flat().map(String));
  const compile = (member: Member, level: number, path: string): ToText => {
    if (typeof member === 'number') {
      const isNumber = numbers.delete(path);
      return (row) => valueText(row[member] ?? '', isNumber, path);
    }
    const inside = frame.step === 0 ? '' : frame.lineEnd + frame.indent + ' '.repeat(frame.step * level);
    const behind = frame.step === 0 ? '' : frame.lineEnd + frame.indent + ' '.repeat(frame.step * (level - 1));
    const members = [...member].map(
      ([name, value]) =>
        [
          `${inside}${JSON.stringify(name)}: `,
          compile(value, level + 1, path === '' ? name : `${path}.${name}`),
        ] as const,
    );
    const separator = frame.step === 0 ? ', ' : ',';
    return (row) => `{${members.map(([name, text]) => name + text(row)).join(separator)}${behind}}`;
  };
  const toText = compile(root, 1, '');
  const [unknown] = numbers;
  if (unknown === undefined) return toText;
  throw new Failure('bad-config', `numbers: names "${unknown}", which is no column`);
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

function valueText(text: string, isNumber: boolean, column: string): string {
  if (!isNumber) return JSON.stringify(text);
  if (text === '') return 'null';
  if (NUMBER.test(text)) return text;
  throw new Failure('bad-config', `a text in the column "${column}" is no JSON number; take it out of numbers:`);
}
