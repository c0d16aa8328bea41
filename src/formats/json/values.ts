import { isRawNumber, type Json } from '../../core/json.ts';

/** `__proto__` is a name like any other: assigned, it would replace the prototype. */
export function defineMember(object: Record<string, Json>, name: string, value: Json): void {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}

/** What people call a kind of value. */
export function nameOfKind(value: Json | undefined): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'string') return 'a text';
  if (typeof value === 'number' || isRawNumber(value)) return 'a number';
  return typeof value === 'boolean' ? String(value) : 'an object';
}
