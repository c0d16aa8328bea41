import { cp, glob, mkdir, rename, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/**
 * Fills a folder that does not exist yet with files to start from. A folder that exists is never touched: what its users
 * moved or deleted must not come back.
 */
export async function seedFolder(path: string, seed: Readonly<Record<string, string>>, base: string): Promise<void> {
  if (Object.keys(seed).length === 0 || (await exists(path))) return;
  // Built aside and renamed, so that a crash half-way leaves a folder that is still to be seeded.
  const aside = join(dirname(path), `.${basename(path)}.seed`);
  for (const [directory, pattern] of Object.entries(seed)) {
    const target = join(aside, directory);
    await mkdir(target, { recursive: true });
    for await (const file of glob(pattern, { cwd: base })) await cp(resolve(base, file), join(target, basename(file)));
  }
  await rename(aside, path);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
