/** A number in JSON written exactly as `text`, whatever its size or count of digits. */
export function rawNumber(text: string): object {
  // TypeScript's library does not know JSON.rawJSON yet.
  return (JSON as unknown as { rawJSON(value: string): object }).rawJSON(text);
}

/** JSON text of a value; a bigint becomes an integer of any size. */
export function renderJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? rawNumber(String(item)) : item));
}

// A key no JSON document of a user carries by accident.
const MAP_KEY = '\u0000map';
const BIGINT_KEY = '\u0000bigint';

/** JSON text that keeps maps and bigints apart from plain objects and numbers; `thaw` reads it back. */
export function freeze(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item === 'bigint') return { [BIGINT_KEY]: String(item) };
    if (item instanceof Map) return { [MAP_KEY]: [...item.entries()] };
    return item;
  });
}

/** Reads what `freeze` wrote. */
export function thaw(text: string): unknown {
  return JSON.parse(text, (_key, item: unknown) => {
    if (!isObject(item)) return item;
    const digits = item[BIGINT_KEY];
    if (typeof digits === 'string') return BigInt(digits);
    const entries = item[MAP_KEY];
    return Array.isArray(entries) ? new Map(entries as [unknown, unknown][]) : item;
  });
}

/** True for a JSON object; arrays and null are none. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value without the properties that are null: to some providers null counts as absent. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutNulls(item)]));
}
