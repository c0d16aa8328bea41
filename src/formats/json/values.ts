import { isRawNumber, type Json } from '../../core/json.ts';
import { say, type Phrase } from '../../core/text.ts';

/** `__proto__` is a name like any other: assigned, it would replace the prototype. */
export function defineMember(object: Record<string, Json>, name: string, value: Json): void {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}

export const anArray = say`an array`;

/** What people call a kind of value. */
export function nameOfKind(value: Json | undefined): Phrase {
  if (value === null || value === undefined) return say`${'null'}`;
  if (Array.isArray(value)) return anArray;
  if (typeof value === 'string') return say`a text`;
  if (typeof value === 'number' || isRawNumber(value)) return say`a number`;
  return typeof value === 'boolean' ? say`${String(value)}` : say`an object`;
}
