import * as fc from 'fast-check';
import { rolls, seed, type Seed } from './content.ts';
import { kinds, type CellKind } from './xlsx-cells.ts';

/** What a workbook is to be, as drawn. */
export interface XlsxPlan {
  readonly columns: readonly (readonly [CellKind, Seed])[];
  readonly rows: readonly (readonly Seed[])[];
  readonly head: 'first' | 'names' | 'has' | 'line';
  readonly titles: readonly Seed[];
  readonly skip: number;
  readonly hidden: 'take' | 'skip';
  readonly choice: 'default' | 'name' | 'number';
  readonly is1904: boolean;
  readonly isWide: boolean;
  readonly isLarge: boolean;
  readonly rolls: Seed;
}

export const xlsxPlan: fc.Arbitrary<XlsxPlan> = fc.record({
  columns: fc.array(fc.tuple(fc.constantFrom(...kinds), seed), { minLength: 1, maxLength: 5 }),
  rows: fc.array(fc.array(seed, { maxLength: 5 }), { maxLength: 8 }),
  head: fc.constantFrom('first', 'names', 'has', 'line'),
  titles: fc.array(seed, { maxLength: 3 }),
  skip: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 2 }) }),
  hidden: fc.constantFrom('take', 'skip'),
  choice: fc.constantFrom('default', 'name', 'number'),
  is1904: fc.boolean(),
  isWide: fc.boolean(),
  isLarge: fc.oneof({ weight: 60, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  rolls,
});
