import { Failure } from '../../core/failure.ts';
import type { FormatOptions } from '../../core/format.ts';
import { BLOCK_BYTES } from '../text/bytes.ts';
import { createTextWriter } from '../text/encodings.ts';
import { writeTextOptions } from '../text/options.ts';
import { pathNames } from './options.ts';
import { escapeCharacter } from './escapes.ts';

/** Where rows stand in a file. */
interface Frame {
  readonly opening: string;
  readonly between: string;
  readonly closing: string;
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
): AsyncGenerator<Uint8Array, void, void> {
  const wrap = pathNames(options, 'wrap');
  const { lineEnd } = writeTextOptions(options, '\n');
  const given = options['indent'];
  const step = typeof given === 'number' ? given : 2;
  const frame: Frame = {
    opening: `${wrap.map((name) => `{${JSON.stringify(name)}: `).join('')}[`,
    between: ',',
    closing: `]${'}'.repeat(wrap.length)}${lineEnd}`,
    indent: ' '.repeat(step),
    step,
  };
  return writeRows(rows, columns, options, frame);
}

/** Writes one object on each line, with the same failures. */
export function writeNdjson(
  rows: AsyncIterable<readonly string[]>,
  columns: readonly string[],
  options: FormatOptions,
): AsyncGenerator<Uint8Array, void, void> {
  return writeRows(rows, columns, options, { opening: '', between: '', closing: '', indent: '', step: 0 });
}

async function* writeRows(
  rows: AsyncIterable<readonly string[]>,
  columns: readonly string[],
  options: FormatOptions,
  frame: Frame,
): AsyncGenerator<Uint8Array, void, void> {
  const { encoding, lineEnd, hasByteOrderMark } = writeTextOptions(options, '\n');
  const write = createTextWriter(encoding);
  const isLines = frame.opening === '';
  const toText = compileMember(treeOf(columns, options), options, { ...frame, lineEnd });
  let text = (hasByteOrderMark ? '\ufeff' : '') + frame.opening;
  let isFirst = true;
  for await (const row of rows) {
    if (!isFirst) text += frame.between;
    isFirst = false;
    text += isLines ? toText(row) + lineEnd : lineEnd + frame.indent + toText(row);
    if (text.length < BLOCK_BYTES) continue;
    yield write(text, escapeCharacter);
    text = '';
  }
  text += isFirst || isLines ? frame.closing : lineEnd + frame.closing;
  if (text !== '') yield write(text, escapeCharacter);
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
