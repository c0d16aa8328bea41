import process from 'node:process';
import { formatNames } from '../support/generated/generated-file.ts';
import { runGenerated, type Count, type GeneratedFailure } from '../support/generated/run.ts';

export interface Asked {
  readonly seed?: string | undefined;
  readonly files: string;
  readonly format?: string | undefined;
  readonly path?: string | undefined;
}

const EVERY = 500;

/** Draws files, reads them sound and damaged, prints what they were and what became of them. Answers whether all is well. */
export async function runFiles(asked: Asked): Promise<boolean> {
  const seed = asked.seed === undefined ? Date.now() % 0x7fffffff : Number(asked.seed);
  const format = formatNames.find((name) => name === asked.format);
  if (!Number.isInteger(seed) || !(Number(asked.files) > 0) || (asked.format !== undefined && format === undefined)) {
    print(`usage: npm run soak -- [--seed N] [--files N] [--format ${formatNames.join('|')}] [--path P]`);
    return false;
  }
  print(`seed ${seed}`);
  const startMs = performance.now();
  const { counts, failures } = await runGenerated(
    {
      seed,
      files: Number(asked.files),
      ...(format === undefined ? {} : { format }),
      ...(asked.path === undefined ? {} : { path: asked.path }),
    },
    (begun) => {
      if (begun % EVERY === 0) process.stderr.write(`${begun} files\n`);
    },
  );
  printCounts(counts);
  const files = counts.reduce((sum, count) => sum + count.files, 0);
  print(`${files} files in ${Math.round((performance.now() - startMs) / 1000)} s, ${failures.length} failures`);
  for (const failure of failures) printFailure(failure, seed, asked.files);
  return failures.length === 0;
}

/** By format, encoding and what was done to the files. */
function printCounts(counts: readonly Count[]): void {
  const rows = [...counts].sort((a, b) => keyOf(a).localeCompare(keyOf(b)));
  for (const [key, group] of Map.groupBy(rows, keyOf)) {
    const ends = group.map(({ end, files }) => `${end} ${files}`).join(', ');
    print(`${key.padEnd(56)} ${ends}`);
  }
  for (const [end, group] of Map.groupBy(counts, ({ what, end }) =>
    what.startsWith('sound') ? what : `damaged: ${end}`,
  )) {
    print(`${end.padEnd(56)} ${group.reduce((sum, { files }) => sum + files, 0)}`);
  }
}

/** Two damages are counted under the first. */
function keyOf({ format, encoding, what }: Count): string {
  return `${format.padEnd(7)} ${encoding.padEnd(13)} ${what.split(' + ', 1)[0] ?? ''}`;
}

function printFailure({ format, message, drawn, path }: GeneratedFailure, seed: number, files: string): void {
  const repeat = path === undefined ? `--files ${files}` : `--path ${path}`;
  print(
    `\nFAILED ${format}: ${message}\ndrawn: ${drawn}\nrepeat: npm run soak -- --seed ${seed} --format ${format} ${repeat}`,
  );
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
