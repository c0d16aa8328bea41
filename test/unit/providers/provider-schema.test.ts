import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { expect, it } from 'vitest';
import { createAjv } from '../../../src/core/shape.ts';
import { providerSchema } from '../../../src/providers/index.ts';

const file = fileURLToPath(new URL('../../../src/providers/provider.schema.json', import.meta.url));

it('the schema file for editors says what the program checks (vitest -u writes it)', async () => {
  const text = await format(JSON.stringify(providerSchema), { parser: 'json', printWidth: 120 });
  await expect(text).toMatchFileSnapshot(file);
});

it('the schema is strict and usable', () => {
  expect(() => createAjv().compile(providerSchema)).not.toThrow();
});
