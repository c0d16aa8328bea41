import type { FormatOptions } from '../../core/format.ts';
import { recordTypes, type Sign } from '../record-types.ts';
import { readTextOptions, type TextOptions } from '../text/options.ts';

/** One field of a record; positions from 0. */
export interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** Undefined: nothing is taken away; outer blanks are the mapping's to trim. */
  readonly pad: string | undefined;
  readonly align: 'left' | 'right';
}

/** How records of one kind are laid out. */
export interface RecordLayout {
  /** Undefined: all records of the file are of this kind. */
  readonly type: string | undefined;
  readonly signs: readonly Sign[];
  readonly columns: readonly string[];
  readonly fields: readonly Field[];
  readonly length: number;
}

/** What checked read options say about a file. */
export interface Layout {
  readonly kinds: readonly RecordLayout[];
  /** Length of each record of a file without line ends; undefined where records are lines. */
  readonly blockLength: number | undefined;
  readonly unit: Unit;
  readonly short: 'pad' | 'reject';
  readonly long: 'ignore-blank' | 'reject';
  readonly rejectsTabs: boolean;
  readonly headerLines: number;
  readonly ignored: readonly string[];
  readonly text: TextOptions;
}

export type Unit = 'characters' | 'bytes';

interface LongField {
  readonly at: number;
  readonly length: number;
  readonly pad?: string;
  readonly align?: 'left' | 'right';
}
/** `fields` as a mapping gives them. */
export type DeclaredFields = Readonly<Record<string, readonly [number, number] | LongField>>;

export function readLayout(options: FormatOptions): Layout {
  const kinds = recordLayouts(options);
  const isBlocks = options['lineEnds'] === 'none';
  return {
    kinds,
    blockLength: isBlocks ? Math.max(1, ...kinds.map(({ length }) => length)) : undefined,
    unit: readUnit(options),
    short: options['short'] === 'reject' ? 'reject' : 'pad',
    long: options['long'] === 'reject' ? 'reject' : 'ignore-blank',
    rejectsTabs: options['tabs'] !== 'keep',
    headerLines: (options['header'] as { lines?: number } | undefined)?.lines ?? 0,
    ignored: [options['ignore'] ?? []].flat().map(String),
    text: readTextOptions(options),
  };
}

/** Without line ends only bytes can tell where a record ends. */
export function readUnit(options: FormatOptions): Unit {
  if (options['unit'] === 'bytes' || options['unit'] === 'characters') return options['unit'];
  return options['lineEnds'] === 'none' ? 'bytes' : 'characters';
}

function recordLayouts(options: FormatOptions): readonly RecordLayout[] {
  const types = recordTypes<DeclaredFields>(options, 'fields');
  if (types === undefined) return [recordLayout(options, options['fields'] as DeclaredFields | undefined)];
  const declared = options['records'] as Readonly<Record<string, { readonly length?: number }>>;
  return types.map(({ name, signs, columns }) => {
    const own = declared[name]?.length;
    const length = own === undefined ? options['length'] : own;
    const signed = Math.max(...signs.map(({ at, text }) => at - 1 + text.length));
    return { ...recordLayout({ length }, columns, signed), type: name, signs };
  });
}

/** `least`: what a record is at least as long as. */
function recordLayout(options: FormatOptions, declared: DeclaredFields = {}, least = 0): RecordLayout {
  const fields = Object.entries(declared).map(([name, field]) => readField(name, field));
  const { length } = options;
  return {
    type: undefined,
    signs: [],
    columns: fields.map(({ name }) => name),
    fields,
    length: typeof length === 'number' ? length : Math.max(least, ...fields.map(({ to }) => to)),
  };
}

function readField(name: string, declared: DeclaredFields[string]): Field {
  const long: LongField = isPair(declared) ? { at: declared[0], length: declared[1] } : declared;
  const { at, length, pad } = long;
  return { name, from: at - 1, to: at - 1 + length, pad, align: long.align ?? defaultAlign(pad) };
}

function isPair(declared: DeclaredFields[string]): declared is readonly [number, number] {
  return Array.isArray(declared);
}

/** Zeros fill numbers up from the left: behind the digits they would change them. */
export function defaultAlign(pad: string | undefined): 'left' | 'right' {
  return pad === '0' ? 'right' : 'left';
}
