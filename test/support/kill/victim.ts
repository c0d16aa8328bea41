import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Finished } from '../dray.ts';

/** A durable step of a process, counted from 1, and whether the process dies just before or just after it. */
export interface KillPoint {
  readonly step: number;
  readonly side: 'before' | 'after';
}

export interface VictimOptions {
  /** Directory that holds the program's `src`. */
  readonly tree: string;
  readonly cwd: string;
  readonly at?: KillPoint;
  /** Path of a file that gets one line per step. */
  readonly trace?: string;
}

const preload = fileURLToPath(new URL('preload.mjs', import.meta.url));
const DEADLINE_MS = 30_000;

/** Runs the program to its end, or to the step it is killed at. A process that hangs is ended and says so. */
export async function runVictim(argv: readonly string[], { tree, cwd, at, trace }: VictimOptions): Promise<Finished> {
  const isWatched = at !== undefined || trace !== undefined;
  const nodeOptions = isWatched ? ['--import', preload] : [];
  const plan = {
    ...(at === undefined ? {} : { KILL_AT: `${at.step}:${at.side}` }),
    ...(trace === undefined ? {} : { KILL_TRACE: trace }),
  };
  const child = spawn(process.execPath, [...nodeOptions, join(tree, 'src/main.ts'), ...argv], {
    cwd,
    env: { ...process.env, ...plan },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const deadline = setTimeout(() => child.kill('SIGABRT'), DEADLINE_MS);
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  clearTimeout(deadline);
  return { ...output, code, signal };
}

/** The steps of a traced process, in order. */
export async function readTrace(path: string): Promise<string[]> {
  return (await readFile(path, 'utf8')).split('\n').slice(0, -1);
}
