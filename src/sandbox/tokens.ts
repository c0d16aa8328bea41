import { guidOf } from './random.ts';

/** A token somebody was given; times are the stand-in's, in ms. */
interface Token {
  readonly client: string;
  readonly endsAt: number;
}

/** The tokens a stand-in has given out. Plain data, so that it can be kept with the stand-in's state. */
export interface TokenBook {
  given: number;
  readonly tokens: Map<string, Token>;
}

export function createTokenBook(): TokenBook {
  return { given: 0, tokens: new Map() };
}

/** A new token of a client. `seconds`: its life. */
export function giveToken(book: TokenBook, client: string, seconds: number, now: number, seed: number): string {
  for (const [text, { endsAt }] of book.tokens) if (endsAt <= now) book.tokens.delete(text);
  book.given++;
  const text = guidOf('token', seed, client, book.given).replaceAll('-', '');
  book.tokens.set(text, { client, endsAt: now + seconds * 1000 });
  return text;
}

/** Whose token an `Authorization: Bearer` header carries; undefined when it is absent, unknown or over. */
export function bearerOf(book: TokenBook, header: string | undefined, now: number): string | undefined {
  const [, text = ''] = /^Bearer ([^ ]+)$/i.exec(header ?? '') ?? [];
  const token = book.tokens.get(text);
  return token === undefined || token.endsAt <= now ? undefined : token.client;
}

/** Makes every token invalid at once. */
export function revokeTokens(book: TokenBook): void {
  book.tokens.clear();
}
