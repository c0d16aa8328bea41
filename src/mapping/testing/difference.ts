import { isRawNumber } from '../../core/json.ts';

const SHOWN = 8;

/** What differs, one line for each place; undefined when nothing does. Numbers compare by value, order of keys is free. */
export function differenceOf(expected: unknown, actual: unknown): string | undefined {
  const found: string[] = [];
  compare(plain(expected), plain(actual), '', found);
  if (found.length === 0) return undefined;
  const more = found.length > SHOWN ? [`and ${found.length - SHOWN} more`] : [];
  return [...found.slice(0, SHOWN), ...more].join('\n');
}

function plain(value: unknown): unknown {
  return isRawNumber(value) ? Number(value.rawJSON) : value;
}

function compare(expected: unknown, actual: unknown, pointer: string, found: string[]): void {
  if (isContainer(expected) && isContainer(actual) && Array.isArray(expected) === Array.isArray(actual)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      compare(own(expected, key), own(actual, key), `${pointer}/${key}`, found);
    }
  } else if (!Object.is(expected, actual) && expected !== actual) {
    found.push(`${pointer === '' ? '/' : pointer}: expected ${show(expected)}, got ${show(actual)}`);
  }
}

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function own(value: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(value, key) ? plain(value[key]) : undefined;
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : (JSON.stringify(value) ?? 'nothing');
}
