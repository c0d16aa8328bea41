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

it('the examples of auth and of an operation are definitions without findings', () => {
  const shown = blocks.filter((text) => text.startsWith('auth:') || text.startsWith('operations:'));
  expect(shown).toHaveLength(2);
  expect(findings(head + shown.join(''), { 'schemas/change.json': JSON.stringify(schema) })).toEqual([]);
});
