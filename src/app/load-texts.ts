import { readText, type Config } from '../config/index.ts';
import { createIssue, type Issue } from '../core/issue.ts';
import { isJsonObject } from '../core/json.ts';
import { knownTexts } from '../core/known-texts.ts';
import { parseYaml, type KeyPath, type PositionedYaml } from '../core/positioned-yaml.ts';
import { suggestion } from '../core/shape.ts';
import { placesOf, type Texts } from '../core/text.ts';
import type { ProviderDefinition } from '../providers/index.ts';

type Definitions = ReadonlyMap<string, ProviderDefinition>;

/** Reads the translations a configuration names; a later file replaces texts of an earlier one. `shown`: a path in messages. */
export function loadTexts(
  config: Config,
  definitions: Definitions,
  shown: (path: string) => string,
  issues: Issue[],
): Texts {
  const known = translatable(definitions);
  const texts = new Map<string, string>();
  const isList = Array.isArray((config.yaml.value as { texts?: unknown }).texts);
  for (const [index, path] of config.texts.entries()) {
    const text = readText(path);
    if (text === undefined) {
      const place: KeyPath = isList ? ['texts', index] : ['texts'];
      issues.push(createIssue('missing-file', config.yaml.place(place), { what: `cannot read ${shown(path)}` }));
      continue;
    }
    const yaml = parseYaml(text, shown(path));
    issues.push(...yaml.issues);
    for (const [template, translation] of entriesOf(yaml, issues)) {
      const found = findings(template, translation, known, yaml);
      issues.push(...found);
      if (found.length === 0) texts.set(template, translation);
    }
  }
  return texts;
}

/** How many of the texts that could be translated are not. */
export function untranslated(texts: Texts, definitions: Definitions): number {
  return [...translatable(definitions)].filter((template) => !texts.has(template)).length;
}

/** Our own texts, and those in which provider definitions state their rules. */
function translatable(definitions: Definitions): ReadonlySet<string> {
  const stated = [...definitions.values()].flatMap(({ operations }) =>
    [...operations.values()].flatMap(({ schema, key }) => [
      ...descriptionsIn(schema),
      // With values in it, it is one of ours.
      ...(key.expected.length === 1 ? [key.expected[0]] : []),
    ]),
  );
  return new Set([...knownTexts, ...stated]);
}

/** Words of JSON Schema that hold data. */
const DATA = new Set(['examples', 'enum', 'default', 'const', 'x-broken']);

function descriptionsIn(schema: unknown, isNamed = false): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap((inner) => descriptionsIn(inner));
  if (!isJsonObject(schema)) return [];
  return Object.entries(schema).flatMap(([name, value]) => {
    // Under `properties` stand names of fields, which may be any.
    if (isNamed) return descriptionsIn(value);
    if (name === 'description' && typeof value === 'string') return [value];
    return DATA.has(name) ? [] : descriptionsIn(value, name === 'properties' || name === '$defs');
  });
}

/** What has no translation yet may stand there empty. */
function entriesOf(
  { value, place, keyPlace }: PositionedYaml,
  issues: Issue[],
): readonly (readonly [string, string])[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object' || Array.isArray(value)) {
    const what = 'the file is not a list of texts and translations';
    issues.push(createIssue('wrong-type', place([]), { what, expected: '"English text": "translation"' }));
    return [];
  }
  return Object.entries(value).flatMap(([template, translation]: [string, unknown]) => {
    if (translation === null || translation === '') return [];
    if (typeof translation === 'string') return [[template, translation] as const];
    issues.push(
      createIssue('wrong-type', keyPlace([template]), { what: 'the translation is not a text', got: template }),
    );
    return [];
  });
}

function findings(
  template: string,
  translation: string,
  known: ReadonlySet<string>,
  { keyPlace }: PositionedYaml,
): readonly Issue[] {
  if (!known.has(template)) {
    // Only a warning: texts become clearer over time, and a translation that lags behind must not stop the work.
    const { hint = 'The text may have changed: dray schema texts lists all of them.' } = suggestion(template, [
      ...known,
    ]);
    const what = 'there is no such text to translate';
    return [createIssue('unknown-key', keyPlace([template]), { what, got: template, hint, severity: 'warning' })];
  }
  const [wanted, found] = [template, translation].map((text) => placesOf(text).map((place) => `{${place}}`));
  if (wanted?.join() === found?.join()) return [];
  const what = 'the translation has other places than its text';
  const expected = wanted?.length === 0 ? 'none' : wanted?.join(' and ');
  const got = found?.join(' and ') ?? '';
  return [createIssue('wrong-value', keyPlace([template]), { what, expected: expected ?? '', got })];
}
