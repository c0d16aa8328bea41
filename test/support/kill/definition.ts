import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import { ctlDefinition } from '../workspace.ts';

interface Definition {
  operations: Record<string, { body?: string }>;
  feeds: Record<string, object>;
}

/**
 * The shipped definition of CTL with only the operations and feeds that are used: each start compiles the schema of every
 * operation, and a sweep is nothing but starts.
 */
export async function smallDefinition(operations: readonly string[], feeds: readonly string[]): Promise<string> {
  const definition = parse(await readFile(ctlDefinition, 'utf8')) as Definition;
  const used = Object.entries(definition.operations).filter(([name]) => operations.includes(name));
  const located = used.map(([name, operation]) => [
    name,
    operation.body === undefined ? operation : { ...operation, body: resolve(dirname(ctlDefinition), operation.body) },
  ]);
  return stringify({
    ...definition,
    operations: Object.fromEntries(located),
    feeds: Object.fromEntries(Object.entries(definition.feeds).filter(([name]) => feeds.includes(name))),
  });
}
