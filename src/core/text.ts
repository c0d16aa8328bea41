/**
 * A text for people: a template with numbered places, `lines {0} and {1} disagree`, and what stands in them. The template is
 * the key under which a site may translate it. A value that is a phrase is translated too; every other value is data and
 * stays as it is. Plain JSON, so that it survives the ledger.
 */
export type Phrase = readonly [template: string, ...values: PhraseValue[]];
export type PhraseValue = string | number | Phrase;

/** Translations by template. What is not in it stays English. */
export type Texts = ReadonlyMap<string, string>;

/** Tag of a template literal that becomes a phrase; the literal's values stand in the places {0}, {1}, … */
export function say(strings: TemplateStringsArray, ...values: readonly PhraseValue[]): Phrase {
  const template = strings.reduce((text, next, index) => `${text}{${index - 1}}${next}`);
  return [template, ...values];
}

/** Alternatives in words: `A or B or C`. */
export function eitherOf(values: readonly PhraseValue[]): Phrase {
  return values.slice(1).reduce<Phrase>((told, next) => say`${told} or ${next}`, say`${values[0] ?? ''}`);
}

/** All of them in words: `A and B and C`. */
export function allOf(values: readonly PhraseValue[]): Phrase {
  return values.slice(1).reduce<Phrase>((told, next) => say`${told} and ${next}`, say`${values[0] ?? ''}`);
}

const PLACE = /\{(\d{1,3})\}/g;

/** The phrase as people read it: translated where `texts` can, in English otherwise. */
export function phraseText([template, ...values]: Phrase, texts?: Texts): string {
  const text = texts?.get(template) ?? template;
  if (values.length === 0) return text;
  // In one go: braces inside a value are no places.
  return text.replaceAll(PLACE, (place, index: string) => {
    const value = values[Number(index)];
    if (value === undefined) return place;
    return typeof value === 'object' ? phraseText(value, texts) : String(value);
  });
}

/** Numbers of the places in a template, each once, ascending. */
export function placesOf(template: string): readonly number[] {
  const found = new Set([...template.matchAll(PLACE)].map(([, index]) => Number(index)));
  return [...found].sort((a, b) => a - b);
}
