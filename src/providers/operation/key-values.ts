import type { Context } from '../context.ts';
import type { OperationDefinition } from '../definition.ts';
import type { TemplateValues } from '../request/template.ts';
import { uuidOf } from '../request/uuid.ts';

/** What templates may say of a key at a provider. */
export function keyValues(
  { name, key: { pattern } }: Pick<OperationDefinition, 'name' | 'key'>,
  key: string,
  { provider, settings }: Pick<Context, 'provider' | 'settings'>,
) {
  const parts = pattern?.exec(key)?.groups;
  return {
    key,
    uuid: uuidOf(provider, name, key),
    settings,
    ...(parts === undefined ? {} : { parts }),
  } satisfies TemplateValues;
}
