import { Worker } from 'node:worker_threads';
import { formatNames, type FormatName } from './generated-file.ts';

/** What to run: so many drawn files, shared among the formats. */
export interface Order {
  readonly seed: number;
  readonly files: number;
  /** Left out: all. */
  readonly format?: FormatName;
  /** Of fast-check: repeats one case, the smallest that was found. */
  readonly path?: string;
}

/** Files by what they were: `csv · cp437 · cut` and what became of them. */
export interface Count {
  readonly format: FormatName;
  readonly encoding: string;
  readonly what: string;
  readonly end: string;
  readonly files: number;
}

export interface GeneratedFailure {
  readonly format: FormatName;
  readonly message: string;
  /** The smallest case, as drawn. */
  readonly drawn: string;
  /** Undefined where a loop never came back and nothing could be made smaller. */
  readonly path: string | undefined;
}

export interface Outcome {
  readonly counts: readonly Count[];
  readonly failures: readonly GeneratedFailure[];
}

/** What a worker is given, and what it tells. */
export interface Task {
  readonly format: FormatName;
  readonly seed: number;
  readonly runs: number;
  readonly path: string | undefined;
}
export type Message =
  | { readonly kind: 'begun'; readonly drawn: string }
  | { readonly kind: 'done'; readonly counts: readonly Count[]; readonly failure: GeneratedFailure | undefined };

/** How the files are shared: CSV has most dialects, a workbook takes longest. */
const SHARES: Readonly<Record<FormatName, number>> = { csv: 0.3, fixed: 0.2, json: 0.15, ndjson: 0.15, xlsx: 0.2 };
const AT_ONCE = 2;
/** Of one file with all that is done with it; each single reading has 5 s and says so itself. */
const LONGEST_SILENCE_MS = 30_000;

/** Draws files and reads them, format by format in threads of their own, so that even a loop without end is told. */
export async function runGenerated(
  { seed, files, format, path }: Order,
  tell?: (runs: number) => void,
): Promise<Outcome> {
  const waiting = formatNames
    .filter((name) => format === undefined || name === format)
    .map((name): Task => ({
      format: name,
      seed,
      runs: format === undefined ? Math.max(Math.round(files * SHARES[name]), 1) : files,
      path,
    }));
  const outcomes: Outcome[] = [];
  let begun = 0;
  const work = async (): Promise<void> => {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
      outcomes.push(await runTask(task, () => tell?.(++begun)));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { counts: outcomes.flatMap(({ counts }) => counts), failures: outcomes.flatMap(({ failures }) => failures) };
}

async function runTask(task: Task, tell: () => void): Promise<Outcome> {
  const worker = new Worker(new URL('worker.ts', import.meta.url), { workerData: task, execArgv: [] });
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
  let drawn = '';
  const hung = (): void => {
    const message = `nothing came back for ${LONGEST_SILENCE_MS / 1000} s`;
    resolve({ counts: [], failures: [{ format: task.format, message, drawn, path: undefined }] });
  };
  const timer = setTimeout(hung, LONGEST_SILENCE_MS);
  worker.on('message', (message: Message) => {
    timer.refresh();
    if (message.kind === 'done') {
      resolve({ counts: message.counts, failures: message.failure === undefined ? [] : [message.failure] });
    } else {
      ({ drawn } = message);
      tell();
    }
  });
  worker.on('error', reject);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
