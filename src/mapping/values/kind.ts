import type { SchemaView } from '../payload/schema-view.ts';
import type { YamlValue } from '../types.ts';

/** What a text becomes. `check` is the grammar it must follow, `emit` the JSON type it is sent as. */
export interface ValueKind {
  readonly check: 'string' | 'integer' | 'number' | 'boolean';
  readonly emit: 'string' | 'number' | 'boolean';
}

export type As = 'date' | 'datetime' | 'integer' | 'number' | 'boolean' | 'gtin' | 'string';

const text: ValueKind = { check: 'string', emit: 'string' };
const integer: ValueKind = { check: 'integer', emit: 'number' };
const number: ValueKind = { check: 'number', emit: 'number' };
const boolean: ValueKind = { check: 'boolean', emit: 'boolean' };

/** The schema decides; `$as` where the schema leaves a choice. Undefined: the schema wants no single value here. */
export function valueKind(as: As | undefined, view: SchemaView | undefined): ValueKind | undefined {
  const types = view?.types;
  const allows = (type: string): boolean => types === undefined || types.has(type);
  if (as === 'integer') return allows('integer') || allows('number') ? integer : { ...integer, emit: 'string' };
  if (as === 'number') return allows('number') ? number : allows('integer') ? integer : { ...number, emit: 'string' };
  if (as === 'boolean') return allows('boolean') ? boolean : { ...boolean, emit: 'string' };
  if (allows('string')) return text;
  if (allows('number')) return number;
  if (allows('integer')) return integer;
  // A date has no other way than text or milliseconds.
  return as === undefined && allows('boolean') ? boolean : undefined;
}

export function asOf(node: YamlValue | undefined): As | undefined {
  return node === undefined ? undefined : (node as As);
}
