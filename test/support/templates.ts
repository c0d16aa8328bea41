import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { issueCatalogue, type CatalogueEntry } from '../../src/core/issue-catalogue.ts';
import { repository } from './dray.ts';

/** Every template that a site may translate, as the source says them now: sorted, each once. */
export function templatesOfSource(): readonly string[] {
  const source = join(repository, 'src');
  const told = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => templatesIn(readFileSync(join(source, name), 'utf8')));
  const listed = Object.values<CatalogueEntry>(issueCatalogue)
    .filter(({ scope }) => scope !== 'config')
    .flatMap(({ what, hint = '' }) => [what, hint]);
  // A template without a letter has nothing to translate.
  return [...new Set([...told, ...listed])].filter((text) => /\p{L}/u.test(text.replaceAll(/\{\d+\}/g, ''))).sort();
}

/** Templates of the phrases in a source text, those inside others too. */
export function templatesIn(text: string): readonly string[] {
  return [...text.matchAll(/\bsay`/g)].map(({ index, 0: tag }) => templateAt(text, index + tag.length));
}

function templateAt(text: string, from: number): string {
  let template = '';
  let values = 0;
  for (let at = from; text[at] !== '`'; at++) {
    if (at >= text.length) throw new Error(`a phrase without an end: ${text.slice(from, from + 60)}`);
    if (text.startsWith('${', at)) {
      at = endOfValue(text, at + 2);
      template += `{${values++}}`;
    } else if (text[at] === '\\') {
      const [escaped = '', code] = /^u([0-9a-f]{4})|^./s.exec(text.slice(at + 1, at + 6)) ?? [];
      template += code === undefined ? escaped : String.fromCharCode(parseInt(code, 16));
      at += escaped.length;
    } else template += text[at];
  }
  return template;
}

/** Place of the brace that closes a value; strings and templates in it may hold braces of their own. */
function endOfValue(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === '}') return at;
    if (character === '{') at = endOfValue(text, at + 1);
    else if (character === "'" || character === '"') at = endOfString(text, at);
    else if (character === '`') at = endOfTemplate(text, at + 1);
  }
  throw new Error(`a value without an end: ${text.slice(from, from + 60)}`);
}

function endOfString(text: string, from: number): number {
  for (let at = from + 1; ; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === text[from]) return at;
  }
}

function endOfTemplate(text: string, from: number): number {
  for (let at = from; ; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '`') return at;
    else if (text.startsWith('${', at)) at = endOfValue(text, at + 2);
  }
}
