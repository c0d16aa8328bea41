import type { Document } from 'yaml';
import { code, listOf, plain, table } from './page-parts.ts';

interface WebhooksShape {
  readonly verify:
    | 'none'
    | {
        readonly hmac?: {
          readonly header: string;
          readonly algorithm?: string;
          readonly encoding?: string;
          readonly prefix?: string;
          readonly secret: string | readonly string[];
        };
        readonly header?: { readonly name: string; readonly value: string | readonly string[] };
      };
  readonly bodyBytes?: number;
  readonly identity?: string | readonly string[];
  readonly type?: string;
  readonly types?: readonly string[];
  readonly time?: string;
  readonly document?: string | readonly string[];
  readonly wakes: Readonly<
    Record<string, { readonly when?: Readonly<Record<string, unknown>>; readonly key?: string }>
  >;
}

/** What a provider posts: where to, how it is proved, and the feeds it wakes. `note`: what the definition says of it. */
export function webhooks(document: Document, note: string): string {
  const node = document.get('webhooks', true);
  if (node === undefined) return '';
  const shape = plain(document, node) as WebhooksShape;
  const place =
    'Posted to `/` and the name of the provider in the configuration, while `dray run` is up: ' +
    '[webhooks.md](../webhooks.md).';
  return [place, note, proof(shape), facts(shape), wakes(shape)].filter((text) => text !== '').join('\n\n');
}

function proof({ verify }: WebhooksShape): string {
  if (verify === 'none') return 'Nothing proves who posts: an event can only make dray read its feeds.';
  const { hmac, header } = verify;
  if (header !== undefined) {
    return `A post is the provider's when its header ${code(header.name)} holds ${listOf(header.value, ' or ')}.`;
  }
  if (hmac === undefined) return '';
  const { algorithm = 'sha256', encoding = 'hex', prefix = '', secret } = hmac;
  const written = `in ${encoding}${prefix === '' ? '' : ` behind ${code(prefix)}`}`;
  const hash = `HMAC-${algorithm.toUpperCase()} of its bytes`;
  return `A post is the provider's when its header ${code(hmac.header)} holds the ${hash}, ${written}, with ${listOf(secret, ' or ')} as the key.`;
}

function facts({ bodyBytes, identity, type, types = [], time, document }: WebhooksShape): string {
  const rows = [
    ['the same event again', identity === undefined ? 'the same bytes' : `the same ${listOf(identity, ' and ')}`],
    ['type', type === undefined ? '' : code(type)],
    ['known types', types.map(code).join(', ')],
    ['time', time === undefined ? '' : code(time)],
    ['document', document === undefined ? '' : listOf(document, ' or ')],
    ['longest post', bodyBytes === undefined ? '' : `${bodyBytes} bytes`],
  ];
  return table(
    ['in an event', 'is'],
    rows.filter(([, value]) => value !== ''),
  );
}

function wakes({ wakes: woken }: WebhooksShape): string {
  const rows = Object.entries(woken).map(([feed, { when = {}, key }]) => {
    const told = Object.entries(when).map(([path, value]) => `${code(path)} = ${listOf(value)}`);
    return [code(feed), told.join(' and '), key === undefined ? '' : `the record of ${code(key)}`];
  });
  return table(['feed that is read', 'when', 'first'], rows);
}
