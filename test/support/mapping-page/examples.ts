import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import type { Json } from '../../../src/core/json.ts';
import { repository } from '../dray.ts';

/** A whole mapping on the page about mappings. */
export interface Example {
  /** Name of its file, without the extension. */
  readonly name: string;
  readonly path: string;
  readonly text: string;
  readonly mapping: Json;
  /** A drop of it as a sender would send it, for what the text of a test cannot show: encodings, workbooks. */
  readonly drop?: string;
}

export const examplesDirectory = join(repository, 'docs/examples/mapping');

export function readExamples(): readonly Example[] {
  const drops = new Map(
    readdirSync(join(examplesDirectory, 'files')).map((file) => [file.replace(/\.\w+$/, ''), file]),
  );
  return readdirSync(examplesDirectory)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => {
      const name = basename(file, '.yaml');
      const drop = drops.get(name);
      drops.delete(name);
      const path = join(examplesDirectory, file);
      const text = readFileSync(path, 'utf8');
      const own = { name, path, text, mapping: parse(text) as Json };
      return drop === undefined ? own : { ...own, drop: join(examplesDirectory, 'files', drop) };
    });
}

/** A mapping that lies in a file only as long as `use` takes. */
export async function withExample<T>(name: string, text: string, use: (example: Example) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'dray-example-'));
  try {
    const path = join(directory, `${name}.yaml`);
    writeFileSync(path, text);
    return await use({ name, path, text, mapping: parse(text) as Json });
  } finally {
    rmSync(directory, { recursive: true });
  }
}
