import { isJsonObject, isRawNumber, type Json } from '../../core/json.ts';

/** A place of a payload that says something else. */
export interface FieldChange {
  /** JSON pointer. */
  readonly pointer: string;
  /** JSON text; undefined: it was or is not there. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What differs between two payloads, place by place, in the order of the first. Numbers are compared as they are written. */
export function jsonDiff(before: Json, after: Json): readonly FieldChange[] {
  const changes: FieldChange[] = [];
  compare(before, after, '', changes);
  return changes;
}

function compare(before: Json | undefined, after: Json | undefined, pointer: string, changes: FieldChange[]): void {
  if (isJsonObject(before) && isJsonObject(after)) {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      compare(own(before, name), own(after, name), `${pointer}/${escaped(name)}`, changes);
    }
  } else if (isList(before) && isList(after)) {
    for (let index = 0; index < Math.max(before.length, after.length); index++) {
      compare(before[index], after[index], `${pointer}/${index}`, changes);
    }
  } else if (textOf(before) !== textOf(after)) {
    changes.push({ pointer: pointer === '' ? '/' : pointer, before: textOf(before), after: textOf(after) });
  }
}

function own(object: { readonly [name: string]: Json | undefined }, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function textOf(value: Json | undefined): string | undefined {
  return isRawNumber(value) ? value.rawJSON : value === undefined ? undefined : JSON.stringify(value);
}
