import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { repository } from '../../support/dray.ts';
import { providerPage } from '../../support/provider-page.ts';

const entries = await readdir(join(repository, 'mappings'), { withFileTypes: true });
const providers: string[] = [];
for (const entry of entries.filter((one) => one.isDirectory())) {
  const names = await readdir(join(repository, 'mappings', entry.name));
  if (names.includes('provider.yaml')) providers.push(entry.name);
}

describe('the reference page of a provider', () => {
  it.each(providers.sort())('docs/providers/%s.md says what its definition says', async (name) => {
    const definition = await readFile(join(repository, 'mappings', name, 'provider.yaml'), 'utf8');
    const file = join(repository, 'docs/providers', `${name}.md`);
    const options = await resolveConfig(file);
    const page = await format(providerPage(name, definition), { ...options, parser: 'markdown' });
    // With --update the page is written anew.
    await expect(page).toMatchFileSnapshot(file);
  });
});
