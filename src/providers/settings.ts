import { Failure } from '../core/failure.ts';
import { createIssue, type Issue, type Place } from '../core/issue.ts';
import { suggestion } from '../core/shape.ts';
import type { ProviderDefinition } from './definition.ts';
import { isHeaderText } from './request/header-text.ts';
import { fillTemplate } from './request/template.ts';

type Given = Readonly<Record<string, string>>;

/**
 * Compares the settings of a configuration with those the definition asks for.
 * `placeOf` answers where a setting stands, or where all of them do.
 */
export function checkSettings(
  definition: ProviderDefinition,
  given: Given,
  placeOf: (name?: string) => Place,
): Issue[] {
  const known = [...definition.settings.keys()];
  const unknown = Object.keys(given)
    .filter((name) => !definition.settings.has(name))
    .map((name) => {
      const what = `${definition.file} knows no setting "${name}"`;
      return createIssue('unknown-key', placeOf(name), { what, ...suggestion(name, known) });
    });
  const missing = missingSettings(definition, given).map((name) => {
    const what = `the setting "${name}" is missing: ${definition.settings.get(name)?.summary ?? ''}`;
    return createIssue('missing-key', placeOf(given[name] === undefined ? undefined : name), { what });
  });
  const wrong = wrongSettings(definition, given).map(([name, got, values]) => {
    const what = `the setting "${name}" has a value that is not allowed`;
    const details = { what, expected: `one of ${values.join(', ')}`, ...suggestion(got, values) };
    // A secret that was put in the wrong place must not be shown.
    return createIssue('wrong-value', placeOf(name), details);
  });
  return [...unknown, ...missing, ...wrong];
}

function wrongSettings(definition: ProviderDefinition, given: Given): [name: string, got: string, readonly string[]][] {
  return [...definition.settings].flatMap(([name, { values }]) => {
    const got = given[name] ?? '';
    return got === '' || values === undefined || values.includes(got) ? [] : [[name, got, values]];
  });
}

function missingSettings(definition: ProviderDefinition, given: Given): string[] {
  return [...definition.settings]
    .filter(([name, setting]) => (given[name] ?? '') === '' && setting.default === undefined)
    .map(([name]) => name);
}

/**
 * The value of every setting.
 * @throws Failure bad-config when one is missing.
 */
export function resolveSettings(definition: ProviderDefinition, given: Given): ReadonlyMap<string, string> {
  const missing = missingSettings(definition, given);
  if (missing.length > 0) throw new Failure('bad-config', `missing settings: ${missing.join(', ')}`);
  const wrong = wrongSettings(definition, given).map(([name]) => name);
  if (wrong.length > 0)
    throw new Failure('bad-config', `settings with values that are not allowed: ${wrong.join(', ')}`);
  return new Map(
    [...definition.settings].map(([name, setting]) => {
      const value = given[name] ?? '';
      return [name, value === '' ? (setting.default ?? '') : value];
    }),
  );
}

/**
 * The headers that prove who we are.
 * @throws Failure bad-config when a value cannot stand in a header; never says the value.
 */
export function authHeaders(
  definition: ProviderDefinition,
  settings: ReadonlyMap<string, string>,
): Readonly<Record<string, string>> {
  const headers = definition.auth.headers.map(({ name, value }) => [name, fillTemplate(value, { settings }) ?? '']);
  for (const [name = '', value = ''] of headers) {
    if (!isHeaderText(value)) {
      throw new Failure('bad-config', `the value of header ${name} has characters that a header cannot carry`);
    }
  }
  return Object.fromEntries(headers) as Record<string, string>;
}
