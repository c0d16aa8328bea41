import type { InboundDefinition } from '../types.ts';

/**
 * Names of the files that belong to the picked one, by part: `SalesOrders{rest}.csv` picked as `SalesOrders0417.csv` makes
 * `SalesOrderItems{rest}.csv` mean `SalesOrderItems0417.csv`. Undefined when the picked name does not fit.
 */
export function companionNames(
  definition: Pick<InboundDefinition, 'read'>,
  pickedName: string,
): ReadonlyMap<string, string> | undefined {
  const { name, with: companions } = definition.read;
  const captured = name === undefined ? new Map<string, string>() : capture(name, pickedName);
  if (captured === undefined) return undefined;
  const names = Object.entries(companions).map(([part, own]) => [part, fill(own.name, captured)] as const);
  // `SalesOrders{rest}` also fits `SalesOrdersItems…` when that is how companions are called: they are no heads.
  return names.some(([, companion]) => companion === pickedName) ? undefined : new Map(names);
}

/**
 * Name of the picked file that a companion belongs to, as far as its own name tells; `*` stands for the rest. Undefined when
 * it is no companion.
 */
export function headName({ read }: Pick<InboundDefinition, 'read'>, companionName: string): string | undefined {
  for (const own of Object.values(read.with)) {
    const captured = capture(own.name, companionName);
    if (captured === undefined || read.name === undefined) continue;
    return read.name.replace(/\{([a-z]+)\}/g, (_all, name: string) => captured.get(name) ?? '*');
  }
  return undefined;
}

/** Names between braces in a file name pattern. */
export function captureNames(pattern: string): string[] {
  return [...pattern.matchAll(/\{([a-z]+)\}/g)].map(([, name = '']) => name);
}

function capture(pattern: string, text: string): Map<string, string> | undefined {
  const names = captureNames(pattern);
  const literal = pattern.split(/\{[a-z]+\}/).map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const match = new RegExp(`^${literal.join('([^/]*?)')}$`).exec(text);
  return match === null ? undefined : new Map(names.map((name, index) => [name, match[index + 1] ?? '']));
}

function fill(pattern: string, captured: ReadonlyMap<string, string>): string {
  return pattern.replace(/\{([a-z]+)\}/g, (_all, name: string) => captured.get(name) ?? '');
}
