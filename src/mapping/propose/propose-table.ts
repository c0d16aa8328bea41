import type { SchemaField } from './fields.ts';
import type { ColumnProfile } from './profile.ts';
import type { ProposedTable } from './proposal.ts';
import { countryWords } from './words.ts';

/** More different values than that are not a list of codes. */
const MOST_ENTRIES = 50;

/** A table from the values of a column to those the schema lists; undefined when none is needed, or none can help. */
export function proposeTable(field: SchemaField, column: ColumnProfile): ProposedTable | undefined {
  const allowed = field.view.values?.filter((value) => typeof value === 'string');
  const { values, distinct } = column;
  if (allowed === undefined || values.every((value) => allowed.includes(value))) return undefined;
  if (distinct === undefined || distinct > MOST_ENTRIES) return undefined;
  const translate = translator(allowed);
  const last = field.path.at(-1) ?? 'values';
  const entries = values.map((text) => ({ text, ...translate(text) }));
  return { name: `${last.charAt(0).toLowerCase()}${last.slice(1)}`, entries };
}

type Translated = { readonly value: string | undefined; readonly isSure: boolean };

function translator(allowed: readonly string[]): (text: string) => Translated {
  const same = new Map(allowed.map((value) => [value.toLowerCase(), value]));
  const countries = countryNames(allowed);
  return (text) => {
    const word = text.trim().toLowerCase();
    const value = same.get(word) ?? countries.get(word);
    return { value, isSure: value !== undefined };
  };
}

/** Names of countries in English and German, where the allowed values are their codes of two letters. */
function countryNames(allowed: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const codes = allowed.filter((value) => /^[A-Z]{2}$/.test(value));
  if (codes.length < 100) return names;
  for (const [word, code] of Object.entries(countryWords)) if (codes.includes(code)) names.set(word, code);
  for (const language of ['en', 'de']) {
    const regions = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' });
    for (const code of codes) {
      const name = regions.of(code)?.toLowerCase();
      if (name !== undefined && !names.has(name)) names.set(name, code);
    }
  }
  return names;
}
