import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

export const repository = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');
const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export interface Finished {
  /** Exit code; null when a signal ended the process. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface DrayOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Options of Node itself, before the program: `--import …`. */
  readonly nodeOptions?: readonly string[];
}

/** Starts the real program as a process of its own. */
export function startDray(
  argv: readonly string[],
  options: DrayOptions = {},
): { child: ChildProcess; finished: Promise<Finished> } {
  const child = spawn(process.execPath, [...(options.nodeOptions ?? []), main, ...argv], {
    cwd: options.cwd ?? repository,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const finished = once(child, 'close').then(([code, signal]) => ({
    ...output,
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
  }));
  return { child, finished };
}

/** Runs the real program to its end. */
export function runDray(argv: readonly string[], options: DrayOptions = {}): Promise<Finished> {
  return startDray(argv, options).finished;
}

/** The objects a command printed, one per line. */
export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
