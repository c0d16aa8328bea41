import type { PayloadCheck } from '../payload/payload-check.ts';
import type { SchemaField } from './fields.ts';
import type { ColumnProfile } from './profile.ts';

const DATE = '2026-05-04';
const DATETIME = '2026-05-04T09:15:00-05:00';

/** What a property wants, as far as its schema tells. */
export type Wanted = 'number' | 'boolean' | 'date' | 'datetime' | 'list' | 'text';

export function wantedOf({ view }: SchemaField, check: PayloadCheck | undefined): Wanted {
  const { types, values, pointer } = view;
  if (values !== undefined) return 'list';
  if (types?.has('string') !== true && types !== undefined) {
    if (types.has('number') || types.has('integer')) return 'number';
    if (types.has('boolean')) return 'boolean';
  }
  const takes = (text: string): boolean => check !== undefined && check.checkConstant(text, pointer) === undefined;
  if (check === undefined || takes('text')) return 'text';
  if (takes(DATE)) return 'date';
  return takes(DATETIME) ? 'datetime' : 'text';
}

/** Whether a property that wants a date also takes a time of day with it. */
export function takesTime({ view }: SchemaField, check: PayloadCheck | undefined): boolean {
  return check !== undefined && check.checkConstant(DATETIME, view.pointer) === undefined;
}

/** How much of a column a property could take, from 0 to 1. An empty column fits everywhere, and nowhere well. */
export function fitOf(field: SchemaField, profile: ColumnProfile, check: PayloadCheck | undefined): number {
  const { kind } = profile.guess;
  if (kind === 'empty') return 0.7;
  switch (wantedOf(field, check)) {
    case 'number':
      return kind === 'integer' || kind === 'number' ? 1 : kind === 'digits' ? 0.6 : 0;
    case 'date':
    case 'datetime':
      return kind === 'date' ? 1 : 0.2;
    case 'boolean':
      return kind === 'boolean' ? 1 : (profile.distinct ?? Infinity) <= 3 ? 0.7 : 0;
    case 'list':
      return (profile.distinct ?? Infinity) <= 50 ? 0.9 : 0.4;
    case 'text':
      return kind === 'email' && field.meaning.concept !== 'email' ? 0.3 : textFit(field, profile, check);
  }
}

function textFit(field: SchemaField, { values }: ColumnProfile, check: PayloadCheck | undefined): number {
  const refused = misfits(field, values, check).length;
  return 1 - (refused / Math.max(values.length, 1)) * 0.7;
}

/** Values that the schema would refuse as they stand. */
export function misfits(
  { view }: SchemaField,
  values: readonly string[],
  check: PayloadCheck | undefined,
): readonly string[] {
  return check === undefined ? [] : values.filter((value) => check.checkConstant(value, view.pointer) !== undefined);
}
