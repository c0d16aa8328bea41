import type { FormatOptions } from '../../core/format.ts';
import { writeTextOptions, type TextWriting } from '../text/options.ts';
import { defaultAlign, type Unit } from './layout.ts';

/** A field of the records to be written; positions from 0. */
export interface WriteField {
  readonly name: string;
  readonly from: number;
  readonly length: number;
  readonly align: 'left' | 'right';
  readonly pad: string;
  readonly overflow: 'fail' | 'cut';
}

/** What checked write options say about a file. */
export interface WriteLayout {
  /** By their positions. */
  readonly fields: readonly WriteField[];
  readonly length: number;
  readonly unit: Unit;
  /** Undefined: a line break inside a value stops the file. */
  readonly breakAs: ' ' | undefined;
  readonly text: TextWriting;
}

type Declared = number | readonly [number, number] | LongField;
interface LongField {
  readonly at?: number;
  readonly length: number;
  readonly align?: 'left' | 'right';
  readonly pad?: string;
  readonly overflow?: 'fail' | 'cut';
}

/** `type`: of the records of one of the types that the file mixes. */
export function readWriteLayout(options: FormatOptions, type = ''): WriteLayout {
  const { header, trailer, ...types } = (options['records'] ?? {}) as Readonly<Record<string, TypeLayout>>;
  const own = types[type];
  const fields = writeFields(type === '' ? options : { fields: own?.fields });
  const around = [header, trailer].map((record) => writeFields({ fields: record ?? {} }));
  // Readers of positions expect records of one length, whatever their kind; a type that says its length is let out.
  const others = Object.values(types).filter(({ length }) => length === undefined);
  const all = [writeFields(options), ...others.map((each) => writeFields({ fields: each.fields })), ...around].flat();
  const text = writeTextOptions(options);
  return {
    fields: fields.toSorted((a, b) => a.from - b.from),
    length: own?.length ?? (typeof options['length'] === 'number' ? options['length'] : endOf(all)),
    unit: options['unit'] === 'bytes' ? 'bytes' : 'characters',
    breakAs: options['lineBreaks'] === 'blank' ? ' ' : undefined,
    text: options['lineEnd'] === 'none' ? { ...text, lineEnd: '' } : text,
  };
}

/** What `write.records` says of the layout of a record type. */
interface TypeLayout {
  readonly fields?: object;
  readonly length?: number;
}

function endOf(fields: readonly WriteField[]): number {
  return Math.max(0, ...fields.map(({ from, length }) => from + length));
}

/** The fields in the order in which they are declared. */
export function writeFields(options: FormatOptions): readonly WriteField[] {
  let next = 0;
  return Object.entries((options['fields'] ?? {}) as Readonly<Record<string, Declared>>).map(([name, declared]) => {
    const { at, length, pad = ' ', align, overflow = 'fail' } = longForm(declared);
    const from = at === undefined ? next : at - 1;
    next = from + length;
    return { name, from, length, pad, align: align ?? defaultAlign(pad), overflow };
  });
}

function longForm(declared: Declared): LongField {
  if (typeof declared === 'number') return { length: declared };
  return isPair(declared) ? { at: declared[0], length: declared[1] } : declared;
}

function isPair(declared: Declared): declared is readonly [number, number] {
  return Array.isArray(declared);
}
