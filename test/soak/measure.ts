import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { repository } from '../support/dray.ts';

/** What a run of the real program cost, and how it ended. */
export interface Measured {
  /** Null: ended by us. */
  readonly code: number | null;
  readonly seconds: number;
  /** The most memory the process ever had. */
  readonly peakMegabytes: number;
  readonly lines: number;
  /** The last of what it said on standard error. */
  readonly said: string;
}

const SAMPLE_MS = 50;
const KEPT_CHARACTERS = 4000;

/** Runs dray. `until`: it is ended as soon as it says this on standard error. */
export async function measureDray(argv: readonly string[], cwd: string, until?: string): Promise<Measured> {
  const startMs = performance.now();
  const child = spawn(process.execPath, [join(repository, 'src/main.ts'), ...argv], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let peakKilobytes = 0;
  let lines = 0;
  let said = '';
  const sample = async (): Promise<void> => {
    // The kernel keeps the high-water mark; it is gone with the process, so it is read all along.
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
    peakKilobytes = Math.max(peakKilobytes, Number(/VmHWM:\s*(\d+) kB/.exec(status)?.[1] ?? 0));
  };
  const timer = setInterval(() => void sample(), SAMPLE_MS);
  child.stdout.on('data', (piece: Buffer) => (lines += countLines(piece)));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-KEPT_CHARACTERS);
    if (until !== undefined && said.includes(until)) void sample().then(() => child.kill('SIGKILL'));
  });
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(timer);
  return {
    code,
    seconds: (performance.now() - startMs) / 1000,
    peakMegabytes: (peakKilobytes * 1024) / 1e6,
    lines,
    said,
  };
}

function countLines(piece: Buffer): number {
  let count = 0;
  for (let at = piece.indexOf(10); at !== -1; at = piece.indexOf(10, at + 1)) count++;
  return count;
}
