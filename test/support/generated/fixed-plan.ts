import * as fc from 'fast-check';
import { atomsOf, rolls, seed, textOf, type Seed } from './content.ts';
import { codecOf, encodings, type Encoding } from './encode.ts';

interface DrawnField {
  readonly gap: number;
  readonly length: number;
  readonly pad: ' ' | '0' | 'x' | undefined;
  readonly align: 'left' | 'right';
}

/** What a fixed-width file is to be, as drawn. */
export interface FixedPlan {
  readonly encoding: Encoding;
  readonly hasMark: boolean;
  readonly unit: 'characters' | 'bytes';
  readonly isBlocks: boolean;
  readonly hasTypes: boolean;
  readonly fields: readonly DrawnField[];
  readonly rows: readonly (readonly Seed[])[];
  readonly titles: readonly Seed[];
  readonly isStrict: boolean;
  readonly hasTabs: boolean;
  readonly lineEnd: number;
  readonly isLarge: boolean;
  readonly rolls: Seed;
}

export const fixedPlan: fc.Arbitrary<FixedPlan> = fc.record({
  encoding: fc.constantFrom(...encodings),
  hasMark: fc.boolean(),
  unit: fc.constantFrom('characters', 'bytes'),
  isBlocks: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  hasTypes: fc.boolean(),
  fields: fc.array(
    fc.record({
      gap: fc.nat({ max: 2 }),
      length: fc.integer({ min: 3, max: 12 }),
      pad: fc.constantFrom(undefined, ' ', '0', 'x'),
      align: fc.constantFrom('left', 'right'),
    }),
    { minLength: 1, maxLength: 5 },
  ),
  rows: fc.array(fc.array(seed, { maxLength: 5 }), { minLength: 1, maxLength: 8 }),
  titles: fc.array(seed, { maxLength: 2 }),
  isStrict: fc.boolean(),
  hasTabs: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  lineEnd: fc.nat({ max: 5 }),
  isLarge: fc.oneof({ weight: 40, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  rolls,
});

/** A field with its place; positions from 1, in the unit of the file. */
export interface PlacedField extends DrawnField {
  readonly name: string;
  readonly at: number;
}

export type Measure = (text: string) => number;

export function measureOf({ unit, encoding }: Pick<FixedPlan, 'unit' | 'encoding'>): Measure {
  if (unit === 'characters') return (text) => Array.from(text).length;
  const { encode } = codecOf(encoding);
  return (text) => encode(text)?.length ?? 0;
}

/** Fields one after another from a position on; in UTF-16 every position in bytes is even. */
export function placed(plan: FixedPlan, from: number): readonly PlacedField[] {
  const width = measureOf(plan)(' ');
  let at = from;
  return plan.fields.map((field, index) => {
    at += field.gap * width;
    const place = { ...field, length: field.length * width, name: `F${index}`, at };
    at += place.length;
    // Zeros behind a number would change it.
    return field.pad === '0'
      ? { ...place, align: 'right' }
      : field.pad === undefined
        ? { ...place, align: 'left' }
        : place;
  });
}

const NUMBERS = ['0', '7', '-12', '+5', '0.5', '999', '-1', '10'] as const;

/** A value that its field holds whole and that can be told from its padding; the first of a record is not blank. */
export function valueOf(field: PlacedField, numbers: Seed, isFirst: boolean, plan: FixedPlan): string {
  if (field.pad === '0') return NUMBERS[(numbers[0] ?? 0) % NUMBERS.length] ?? '0';
  const atoms = atomsOf(plan.encoding, false);
  const measure = measureOf(plan);
  const drawn = textOf(numbers, plan.hasTabs ? [...atoms, '\t'] : atoms);
  let value = isFirst ? 'A' : '';
  for (const character of drawn) if (measure(value + character) <= field.length) value += character;
  const { pad } = field;
  if (pad === undefined) return isFirst ? value : value.trimStart();
  let plain = value.trim();
  while (pad !== ' ' && field.align === 'right' && plain.startsWith(pad)) plain = plain.slice(1).trim();
  while (pad !== ' ' && field.align === 'left' && plain.endsWith(pad)) plain = plain.slice(0, -1).trim();
  return plain;
}

/** The value with its padding. */
export function filled(value: string, { pad = ' ', align, length }: PlacedField, plan: FixedPlan): string {
  const measure = measureOf(plan);
  const missing = pad.repeat(Math.floor((length - measure(value)) / measure(pad)));
  if (align === 'left') return value + missing;
  const sign = pad === '0' && /^[-+]/.test(value) ? value.slice(0, 1) : '';
  return sign + missing + value.slice(sign.length);
}
