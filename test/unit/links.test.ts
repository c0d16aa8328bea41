import { access, readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from '../support/dray.ts';

const docs = await readdir(join(repository, 'docs'), { recursive: true });
const pages = [
  ...['README.md', 'CHANGELOG.md'].map((name) => join(repository, name)),
  ...docs
    .filter((name) => name.endsWith('.md') && !name.startsWith('examples'))
    .map((name) => join(repository, 'docs', name)),
];

describe('links between pages', () => {
  it.each(pages.map((page) => relative(repository, page)))('of %s lead somewhere', async (page) => {
    const text = await readFile(join(repository, page), 'utf8');
    const targets = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => target);
    const broken: string[] = [];
    for (const target of new Set(targets.filter((one) => !/^[a-z]+:/.test(one)))) {
      const isThere = await access(join(repository, dirname(page), decodeURIComponent(target))).then(
        () => true,
        () => false,
      );
      if (!isThere) broken.push(target);
    }
    expect(broken).toEqual([]);
  });
});
