import type { InboundConfig } from '../config/index.ts';
import type { ProviderDefinition } from '../providers/index.ts';
import type { Purpose } from './load-mapping.ts';

/** What the mapping of a flow is for: one operation, or several of which each document says one. */
export function purposeOf({ operation, choice }: InboundConfig, { operations }: ProviderDefinition): Purpose {
  if (choice === undefined) return { operation };
  const { from, otherwise } = choice;
  const table = new Map(Object.entries(choice.table));
  const names = [...new Set([...(otherwise === undefined ? [] : [otherwise]), ...table.values()])];
  const schemas = new Map(names.map((name) => [name, operations.get(name)?.schema] as const));
  return { purposes: { from, table, schemas, ...(otherwise === undefined ? {} : { otherwise }) } };
}
