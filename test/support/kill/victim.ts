import { spawn, type ChildProcess } from 'node:child_process';
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

/** The nth step, counted from 1, whose line in a close trace matches. */
export interface NamedStep {
  readonly pattern: string;
  readonly nth: number;
  readonly side: KillPoint['side'];
}

export interface VictimOptions {
  /** Directory that holds the program's `src`. */
  readonly tree: string;
  readonly cwd: string;
  readonly at?: KillPoint;
  readonly on?: NamedStep;
  /** Path of a file that gets one line per step. */
  readonly trace?: string;
  /** Whether its lines say the values of statements, what a transaction commits, and looks at names. */
  readonly isClose?: boolean;
}

const preload = fileURLToPath(new URL('preload.mjs', import.meta.url));
// On a machine that has too much to do a start alone takes half a minute.
const DEADLINE_MS = 120_000;

/** Runs the program to its end, or to the step it is killed at. A process that hangs is ended and says so. */
export async function runVictim(argv: readonly string[], options: VictimOptions): Promise<Finished> {
  return startVictim(argv, options).finished;
}

/** The same, for those who have something to do with it meanwhile. */
export function startVictim(
  argv: readonly string[],
  options: VictimOptions,
): { child: ChildProcess; finished: Promise<Finished> } {
  const { tree, cwd } = options;
  const plan = planOf(options);
  const nodeOptions = Object.keys(plan).length > 0 ? ['--import', preload] : [];
  const child = spawn(process.execPath, [...nodeOptions, join(tree, 'src/main.ts'), ...argv], {
    cwd,
    env: { ...process.env, ...plan },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const deadline = setTimeout(() => child.kill('SIGABRT'), DEADLINE_MS);
  const finished = once(child, 'close').then(([code, signal]) => {
    clearTimeout(deadline);
    return { ...output, code: code as number | null, signal: signal as NodeJS.Signals | null };
  });
  return { child, finished };
}

function planOf({ at, on, trace, isClose = false }: VictimOptions): Record<string, string> {
  return {
    ...(at === undefined ? {} : { KILL_AT: `${at.step}:${at.side}` }),
    ...(on === undefined ? {} : { KILL_ON: JSON.stringify(on) }),
    ...(trace === undefined ? {} : { KILL_TRACE: trace }),
    ...(isClose ? { KILL_CLOSELY: '1' } : {}),
  };
}

/** The steps of a traced process, in order. */
export async function readTrace(path: string): Promise<string[]> {
  return (await readFile(path, 'utf8')).split('\n').slice(0, -1);
}
