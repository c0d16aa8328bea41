import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { findings } from './support.ts';

const page = readFileSync(fileURLToPath(new URL('../../../docs/provider.md', import.meta.url)), 'utf8');
const blocks = [...page.matchAll(/```yaml\n([^]*?)```/g)].map(([, text = '']) => text);
const schema = {
  type: 'object',
  properties: {
    requestType: { enum: ['CHANGE'] },
    note: { type: 'string' },
    lines: { type: 'array', items: { type: 'object', properties: { sku: { type: 'string' } } } },
  },
};
const settings = ['clientId', 'clientSecret', 'certificate', 'key', 'authority'];
const head = `summary: the page\nsettings:\n${settings.map((name) => `  ${name}: { summary: one }\n`).join('')}`;

const files = {
  'schemas/change.json': JSON.stringify(schema),
  'schemas/paper.json': JSON.stringify({ type: 'object', properties: { contentType: { type: 'string' } } }),
  'schemas/products.json': JSON.stringify({ type: 'object', properties: { products: { type: 'array' } } }),
};
const shown = blocks.filter((text) => /^(auth|operations|notices):/.test(text));

it('each example of auth, of notices and of an operation is a definition without findings', () => {
  const words = new Set(shown.map((text) => text.slice(0, text.indexOf(':'))));
  expect(words).toEqual(new Set(['auth', 'operations', 'notices']));
  for (const text of shown) expect(findings(head + text, files)).toEqual([]);
});
