import { isJsonObject, scalarText, type Json } from '../../core/json.ts';
import { selectAll, selectFirst } from '../../core/path.ts';
import type { ProviderMessage } from '../../core/provider.ts';
import type { MessageList, MessagePaths } from '../definition.ts';

// A provider in somebody's hands must not fill the ledger or a result file.
const MOST_MESSAGES = 100;
const LONGEST_TEXT = 1_000;
/** Warnings of one accepted document: all of them stand in one line of its result file. */
export const MOST_NOTICES = 20;

/** What an answer says is wrong: messages about fields first, a text that stands in both places once. Texts pass through `redact` before they are cut. */
export function readMessages(
  answer: Json | undefined,
  paths: MessagePaths,
  redact: (text: string) => string,
  most = MOST_MESSAGES,
): ProviderMessage[] {
  const about = [
    ...paths.fields.flatMap((path) => selectAll(answer, path)).flatMap(fieldMessages),
    ...paths.lists.flatMap((list) => selectAll(answer, list.each).flatMap((entry) => listMessage(entry, list))),
  ];
  // Many providers say the first of the list once more in words for all of it.
  const told = new Set(about.map(({ text }) => text));
  const general = paths.texts
    .flatMap((path) => selectAll(answer, path))
    .flatMap((text) => messagesInside(text, paths.inside))
    .filter(({ text }) => !told.has(text) && told.add(text));
  return [...about, ...general].slice(0, most).map(({ text, field }) => {
    const short = explained(redact(text).slice(0, LONGEST_TEXT), paths.explain);
    return field === undefined ? { text: short } : { text: short, field: redact(field).slice(0, LONGEST_TEXT) };
  });
}

function fieldMessages(fields: Json): ProviderMessage[] {
  if (!isJsonObject(fields)) return [];
  return Object.entries(fields).flatMap(([field, texts]) =>
    (Array.isArray(texts) ? (texts as readonly Json[]) : [texts]).flatMap((text) => message(text, field)),
  );
}

function listMessage(entry: Json, { text, field, prefix }: MessageList): ProviderMessage[] {
  const name = field === undefined ? '' : (scalarText(selectFirst(entry, field)) ?? '');
  return message(selectFirst(entry, text), name === '' ? undefined : `${prefix}${name}`);
}

/** A text may hold several messages, each with its field. */
function messagesInside(text: Json, inside: RegExp | undefined): ProviderMessage[] {
  const [whole] = message(text);
  if (whole === undefined || inside === undefined) return whole === undefined ? [] : [whole];
  const found = [...whole.text.slice(0, MOST_MESSAGES * LONGEST_TEXT).matchAll(inside)];
  const messages = found.flatMap(({ groups }) => message(groups?.['text'], groups?.['field']));
  return messages.length === 0 ? [whole] : messages;
}

function message(text: Json | undefined, field?: string): ProviderMessage[] {
  const words = scalarText(text)?.trim() ?? '';
  if (words === '') return [];
  return [field === undefined || field === '' ? { text: words } : { text: words, field }];
}

/** What the words of a provider mean, behind them. */
function explained(text: string, explain: MessagePaths['explain']): string {
  const words = new Set(explain === undefined ? [] : text.split(/[^\w-]+/));
  const found = [...(explain ?? [])].find(([word]) => words.has(word));
  return found === undefined ? text : `${text} (${found[1]})`;
}
