import { say, type Phrase } from '../../core/text.ts';
import { findRecordType } from '../record-types.ts';
import type { RecordLayout } from './layout.ts';
import { offsetAt, type Measured } from './ruler.ts';

/** The first kind of record whose signs are all there. */
export function kindOf(kinds: readonly RecordLayout[], measured: Measured): RecordLayout | undefined {
  return findRecordType(kinds, ({ at, text }) => measured.text.startsWith(text, offsetAt(measured, at - 1)));
}

/** Name of the field a position, from 0, lies in. */
export function columnAt({ fields }: RecordLayout, unit: number): string | undefined {
  return fields.find(({ from, to }) => unit >= from && unit < to)?.name;
}

/** How a person tells records of this kind: `order ("H")`, `line ("D", "CN" at 24)`. */
export function describeKind({ type = '', signs }: RecordLayout): Phrase {
  const told = signs.map(({ at, text }) => (at === 1 ? say`"${text}"` : say`"${text}" at ${at}`));
  return say`${type} (${told.reduce((all, next) => say`${all}, ${next}`)})`;
}
