import type { SchemaView } from '../payload/schema-view.ts';
import { understandName, type NameMeaning } from './name.ts';

/** A property of the payload, with what is below it. */
export interface SchemaField {
  /** Names from the root; lists have no step of their own. */
  readonly path: readonly string[];
  readonly view: SchemaView;
  readonly kind: 'value' | 'object' | 'list' | 'values';
  /** Required wherever the object around it is. */
  readonly isRequired: boolean;
  readonly meaning: NameMeaning;
  /** Properties of an object, or of the objects of a list. */
  readonly children: readonly SchemaField[];
}

const DEEPEST = 6;

/** Every property a schema names, as a tree. */
export function schemaFields(view: SchemaView, path: readonly string[] = []): readonly SchemaField[] {
  if (path.length >= DEEPEST) return [];
  return view.names.flatMap((name): SchemaField[] => {
    const own = view.property(name);
    if (own === undefined || view.verdict(name) === 'unknown') return [];
    const below = [...path, name];
    const kind = kindOf(own);
    const inner = kind === 'list' ? own.items : kind === 'object' ? own : undefined;
    return [
      {
        path: below,
        view: own,
        kind,
        isRequired: view.required.has(name),
        meaning: understandName(name, path),
        children: inner === undefined ? [] : schemaFields(inner, below),
      },
    ];
  });
}

function kindOf(view: SchemaView): SchemaField['kind'] {
  const { types, items, names } = view;
  if (types?.has('array') === true) return items !== undefined && isObject(items) ? 'list' : 'values';
  return isObject(view) || (types === undefined && names.length > 0) ? 'object' : 'value';
}

function isObject({ types, names }: SchemaView): boolean {
  return types?.has('object') === true && names.length > 0;
}

/** Every single value of a tree of fields that is outside lists, or of one list. */
export function valueFields(fields: readonly SchemaField[]): readonly SchemaField[] {
  return fields.flatMap((field) => {
    if (field.kind === 'value') return [field];
    return field.kind === 'object' ? valueFields(field.children) : [];
  });
}

/** The lists of objects in a tree of fields, those inside lists left out. */
export function listFields(fields: readonly SchemaField[]): readonly SchemaField[] {
  return fields.flatMap((field) => {
    if (field.kind === 'list') return [field];
    return field.kind === 'object' ? listFields(field.children) : [];
  });
}
