import { isJsonObject, scalarText, type Json, type JsonObject } from '../../core/json.ts';
import type { JsonPath, PathStep } from '../../core/path.ts';

/** A value a path led to. */
export interface ValueAt {
  readonly pointer: string;
  readonly value: Json;
  /** The object it is a property of. */
  readonly holder: JsonObject | undefined;
}

/** Every value the path leads to that is neither absent nor null, with its JSON pointer below `base`. */
export function valuesAt(root: Json, path: JsonPath, base: string): readonly ValueAt[] {
  let found: readonly ValueAt[] = [{ pointer: base, value: root, holder: undefined }];
  for (const step of path.steps) found = found.flatMap((at) => take(at, step));
  return found.filter(({ value }) => value !== null);
}

/** The first of them. */
export function valueAt(root: Json, path: JsonPath, base: string): ValueAt | undefined {
  return valuesAt(root, path, base)[0];
}

function take({ pointer, value }: ValueAt, step: PathStep): readonly ValueAt[] {
  if (step.kind === 'name') {
    const held = isJsonObject(value) && Object.hasOwn(value, step.name) ? value[step.name] : undefined;
    if (held === undefined) return [];
    return [{ pointer: `${pointer}/${pointerStep(step.name)}`, value: held, holder: value as JsonObject }];
  }
  if (!Array.isArray(value)) return [];
  const elements = value as readonly Json[];
  const all = elements.map((element, index) => ({ pointer: `${pointer}/${index}`, value: element, holder: undefined }));
  if (step.kind === 'index') return all.slice(step.index, step.index + 1);
  if (step.kind === 'each') return all;
  return all.filter((at) => isJsonObject(at.value) && scalarText(at.value[step.name]) === step.equals);
}

export function pointerStep(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
