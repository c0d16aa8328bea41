import { resolve } from 'node:path';
import { readText } from '../config/index.ts';
import { systemClock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Provider } from '../core/provider.ts';
import { formats } from '../formats/index.ts';
import { createProvider } from '../providers/index.ts';
import type { Project } from './project.ts';

/** A provider of a project, ready for use; undefined when there is none of that name. `sandboxUrl`: of the stand-in. */
export function openProvider(
  { config, definitions }: Project,
  name: string,
  sandboxUrl: string | undefined,
  log: Log,
): Provider | undefined {
  const definition = definitions.get(name);
  const provider = config.providers.get(name);
  if (definition === undefined || provider === undefined) return undefined;
  const { baseUrl, ...options } = provider;
  return createProvider(definition, {
    ...options,
    name,
    baseUrl: baseUrl === 'sandbox' ? `${sandboxUrl ?? ''}${definition.sandbox ?? ''}` : baseUrl,
    clock: systemClock,
    log,
    formats,
    readFile: (path) => readText(resolve(config.directory, path)),
  });
}
