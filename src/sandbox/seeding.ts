import { AdminError } from './frame.ts';
import { isObject } from './json.ts';

/** Adds one entry of master data. Throws `AdminError` when it is malformed. */
export type Seeder<Context> = (context: Context, entry: Record<string, unknown>) => void;

/** Adds `{kind: [entry, …]}`. Throws `AdminError` when a kind is unknown or something is malformed. */
export function seedEntries<Context>(
  data: unknown,
  seeders: Readonly<Record<string, Seeder<Context>>>,
  context: Context,
): void {
  if (!isObject(data)) throw new AdminError('seed data must be an object');
  for (const [kind, entries] of Object.entries(data)) {
    const seeder = Object.hasOwn(seeders, kind) ? seeders[kind] : undefined;
    if (seeder === undefined || !Array.isArray(entries)) throw new AdminError(`${kind} cannot be seeded`);
    for (const entry of entries as unknown[]) {
      if (!isObject(entry)) throw new AdminError(`${kind} must be a list of objects`);
      seeder(context, entry);
    }
  }
}

/** A field that must hold a text. Throws `AdminError` otherwise. */
export function readText(entry: Record<string, unknown>, name: string): string {
  const value = entry[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new AdminError(`${name} is missing`);
}
