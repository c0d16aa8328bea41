import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { failureCatalogue } from '../../src/core/failure.ts';
import { issueCatalogue, type CatalogueEntry } from '../../src/core/issue-catalogue.ts';
import { repository } from '../support/dray.ts';

const page = join(repository, 'docs/codes.md');

const SCOPES: Readonly<Record<CatalogueEntry['scope'], string>> = {
  document: 'A document is refused; the others of its file go on',
  drop: 'A file as a whole',
  provider: 'What the provider made of a document',
  config: 'Configuration, mappings and provider definitions',
};

function issueTable(scope: CatalogueEntry['scope']): string {
  const rows = Object.entries<CatalogueEntry>(issueCatalogue)
    .filter(([, entry]) => entry.scope === scope)
    .map(
      ([code, { severity, what, hint }]) =>
        `| \`${code}\` | ${severity} | ${what} | ${(hint ?? '').replaceAll('|', '\\|')} |`,
    );
  return [
    `## ${SCOPES[scope]}`,
    '',
    '| code | severity | meaning | how to mend |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function codesPage(): string {
  const failures = Object.entries(failureCatalogue).map(
    ([code, { kind, what }]) => `| \`${code}\` | ${kind} | ${what} |`,
  );
  return [
    '# Codes',
    '',
    'Every message carries one of these codes; the words around it may become clearer over time, the codes stay.',
    '',
    ...(['document', 'drop', 'provider', 'config'] as const).map(issueTable),
    '## What stops a piece of work',
    '',
    'Transient work is tried again, ambiguous work is looked up first, permanent trouble waits for a person.',
    '',
    '| code | kind | meaning |',
    '|---|---|---|',
    ...failures,
    '',
  ].join('\n');
}

test('docs/codes.md lists exactly the codes a user can meet', async () => {
  await expect(codesPage()).toMatchFileSnapshot(page);
});

test('no code of the catalogue is unused', () => {
  const source = join(repository, 'src');
  const text = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith('sandbox') && !/catalogue|failure\.ts$/.test(name))
    .map((name) => readFileSync(join(source, name), 'utf8'))
    .join('\n');
  const unused = [...Object.keys(issueCatalogue), ...Object.keys(failureCatalogue)].filter(
    (code) => !text.includes(`'${code}'`),
  );
  expect(unused).toEqual([]);
});
