import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findings } from './support.ts';

const page = readFileSync(fileURLToPath(new URL('../../../docs/provider.md', import.meta.url)), 'utf8');
const blocks = [...page.matchAll(/```yaml\n([^]*?)```/g)].map(([, text = '']) => text);

const of = (start: string): string[] => blocks.filter((text) => text.startsWith(start));
const indented = (text: string, by: number): string => text.replaceAll(/^(?=.)/gm, ' '.repeat(by));
const feed = (text: string): string =>
  `summary: the page\nfeeds:\n  things:\n    summary: x\n    path: /things\n    identity: id\n${indented(text, 4)}`;

describe('the examples of a feed in docs/provider.md', () => {
  it.each([of('paging:').flatMap((text) => text.trim().split('\n')), of('changes:'), of('follow:')].flat())(
    '%s',
    (text) => {
      expect(findings(feed(text))).toEqual([]);
    },
  );

  it('show every way of paging, and are all looked at', () => {
    const shown = of('paging:').join('');
    for (const name of ['index', 'numberedKey', 'offset', 'page', 'link', 'token'])
      expect(shown).toContain(`{ ${name}: `);
    expect([of('changes:'), of('follow:'), of('shipments:')].map(({ length }) => length)).toEqual([1, 1, 1]);
  });

  it('follow a list', () => {
    const [example] = of('stock:');
    expect(findings(`summary: the page\nfeeds:\n${indented(example ?? '', 2)}`)).toEqual([]);
  });

  it('order reports', () => {
    const [example] = of('movements:');
    expect(findings(`summary: the page\nfeeds:\n${indented(example ?? '', 2)}`)).toEqual([]);
  });

  it('follow the records of an operation', () => {
    const operation = '{ summary: x, method: POST, path: /orders, key: { from: "{document.key}" }, repeat: none }';
    const text = `summary: the page\noperations:\n  order.create: ${operation}\nfeeds:\n${indented(of('shipments:').join(''), 2)}`;
    expect(findings(text)).toEqual([]);
  });
});
