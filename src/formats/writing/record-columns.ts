import type { FormatOptions, RecordColumns, TypedRow } from '../../core/format.ts';

/** The type of records that are all of one kind. */
const ONLY = '';

export function oneKind(columns: readonly string[]): RecordColumns {
  return new Map([[ONLY, columns]]);
}

export function isOneKind(types: RecordColumns): boolean {
  return types.has(ONLY);
}

export async function* asTyped(rows: AsyncIterable<readonly string[]>): AsyncGenerator<TypedRow, void, void> {
  for await (const cells of rows) yield { type: ONLY, cells };
}

/** The column of a type that a name means: `Qty` in every type that has it, `line.Qty` in one; undefined for none. */
export function columnOfType(name: string, type: string, columns: readonly string[]): string | undefined {
  if (columns.includes(name)) return name;
  const own = type !== ONLY && name.startsWith(`${type}.`) ? name.slice(type.length + 1) : '';
  return columns.includes(own) ? own : undefined;
}

/** All names by which options may speak of columns. */
export function columnNames(types: RecordColumns): readonly string[] {
  return [...types].flatMap(([type, columns]) =>
    type === ONLY ? columns : [...columns, ...columns.map((column) => `${type}.${column}`)],
  );
}

/** Names of columns as one type has them. */
export function namesOfType(names: readonly string[], type: string, columns: readonly string[]): readonly string[] {
  return names.flatMap((name) => columnOfType(name, type, columns) ?? []);
}

/** Options as they are for one type: what they say of columns, it says of its own. */
export function optionsOfType(options: FormatOptions, type: string, columns: readonly string[]): FormatOptions {
  if (type === ONLY) return options;
  const { numbers, lengths, ...others } = options as { numbers?: readonly string[]; lengths?: object };
  const limits = Object.entries(lengths ?? {}).flatMap(([name, limit]: [string, unknown]) => {
    const column = columnOfType(name, type, columns);
    // What is said of one type alone counts more than what is said of all.
    return column === undefined ? [] : [[column, limit, name !== column] as const];
  });
  return {
    ...others,
    ...(numbers === undefined ? {} : { numbers: namesOfType(numbers, type, columns) }),
    ...(lengths === undefined
      ? {}
      : { lengths: Object.fromEntries(limits.toSorted((a, b) => Number(a[2]) - Number(b[2]))) }),
  };
}
