import { createHash } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { Failure } from '../core/failure.ts';
import type { LedgerReader, SequencePosition } from '../core/ledger.ts';

/** What a running dray tells the commands that want to look into its ledger. */
export interface Control extends LedgerReader {
  hello(): Promise<{ readonly pid: number; readonly startedAt: number }>;
  /** Visible files that are not being taken yet, and work that cannot be done, in words for people. */
  situation(): Promise<Situation>;
  /** A person decided: a held submission is sent again. */
  releaseSubmission(submissionId: number): Promise<void>;
  /** A person decided: a held submission is not sent any more. */
  giveUpSubmission(submissionId: number): Promise<void>;
  /** A person decided: the files of a flow go on after this position. */
  setSequence(flow: string, position: SequencePosition): Promise<void>;
  /** A person decided: a published file is written again; answers whether its bytes are kept. */
  rewriteFile(fileId: number): Promise<boolean>;
  /** A person decided: a flow reads its feed again from a cursor. */
  recollectFlow(flow: string, from: string): Promise<void>;
  /** A person decided: a file that is not out is withdrawn; answers whether it could be. */
  withdrawFile(fileId: number): Promise<boolean>;
  /** A person decided: what did not come is not waited for any more. */
  closeIncident(id: number): Promise<boolean>;
  /** A person decided: files that stay where they are may be taken once more; answers how many were known. */
  forgetFiles(folder: string, paths: readonly string[]): Promise<number>;
}

export interface Situation {
  readonly waiting: readonly {
    readonly flow: string;
    readonly path: string;
    readonly why: string;
    /** No flow picks it. */
    readonly isStray?: boolean;
  }[];
  readonly troubles: readonly string[];
}

const METHODS = [
  'hello',
  'situation',
  'overview',
  'drops',
  'drop',
  'documents',
  'outboundFiles',
  'filesAbout',
  'outboundFlow',
  'feedItems',
  'request',
  'submissions',
  'incidents',
  'sequences',
  'expectations',
  'releaseSubmission',
  'giveUpSubmission',
  'setSequence',
  'closeIncident',
  'rewriteFile',
  'recollectFlow',
  'withdrawFile',
  'forgetFiles',
] as const satisfies readonly (keyof Control)[];
type Method = (typeof METHODS)[number];

// The address of a Unix socket holds about 100 bytes, and a short path is what a socket beside a deep ledger lacks.
const LONGEST_ADDRESS = 100;

/** Address of the socket that belongs to a ledger file. */
export function controlAddress(ledgerPath: string): string {
  const name = createHash('sha256').update(ledgerPath).digest('hex').slice(0, 16);
  if (process.platform === 'win32') return `\\\\.\\pipe\\dray-${name}`;
  const beside = `${ledgerPath}.sock`;
  return Buffer.byteLength(beside) <= LONGEST_ADDRESS ? beside : `${tmpdir()}/dray-${name}.sock`;
}

/** Answers questions on a local socket that only this user can open. The caller holds the ledger's lock. */
export async function serveControl(address: string, control: Control): Promise<{ close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    const lines = createInterface({ input: socket });
    // A client may go away at any time; the line reader passes on its socket's error.
    lines.on('error', () => socket.destroy());
    lines.on('line', (line) => {
      void answer(line, control).then((text) => socket.writable && socket.write(`${text}\n`));
    });
  });
  // What a killed process left; nobody listens there, since the lock is ours.
  if (process.platform !== 'win32') rmSync(address, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, resolve);
  });
  if (process.platform !== 'win32') chmodSync(address, 0o600);
  server.unref();
  return {
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

async function answer(line: string, control: Control): Promise<string> {
  try {
    const { method, params } = JSON.parse(line) as { method: Method; params: unknown[] };
    if (!METHODS.includes(method)) throw new Failure('bad-usage', 'unknown method');
    const call = control[method] as (...parameters: unknown[]) => Promise<unknown>;
    return JSON.stringify({ result: (await call(...params)) ?? null });
  } catch (error) {
    return JSON.stringify({ error: error instanceof Error ? error.message : 'failed' });
  }
}

/** Connects to a running dray; undefined when none listens. */
export async function connectControl(address: string): Promise<(Control & { close(): void }) | undefined> {
  const socket = connect(address);
  const isOpen = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  });
  if (!isOpen) return undefined;
  const lines = createInterface({ input: socket });
  lines.on('error', () => socket.destroy());
  const replies = lines[Symbol.asyncIterator]();
  socket.on('error', () => socket.destroy());
  let queue: Promise<unknown> = Promise.resolve();
  const call = (method: Method, params: readonly unknown[]): Promise<unknown> => {
    const reply = queue.then(async () => {
      if (socket.writable) socket.write(`${JSON.stringify({ method, params })}\n`);
      const line = await replies.next().catch(() => undefined);
      if (line === undefined || line.done === true) {
        throw new Failure('ledger-unreachable', 'the running dray went away');
      }
      const { result, error } = JSON.parse(line.value) as { result?: unknown; error?: string };
      if (error !== undefined) throw new Failure('ledger-unreachable', error);
      return result ?? undefined;
    });
    queue = reply.catch(() => undefined);
    return reply;
  };
  const methods = Object.fromEntries(METHODS.map((method) => [method, (...params: unknown[]) => call(method, params)]));
  return { ...(methods as unknown as Control), close: () => socket.destroy() };
}
