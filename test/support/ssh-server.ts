import { createHash, generateKeyPairSync } from 'node:crypto';
import { createRequire } from 'node:module';
import { once, type EventEmitter } from 'node:events';

/** The part of ssh2's server that the tests use; the client brings the library along. */
interface Library {
  readonly utils: { parseKey(text: string): { getPublicSSH(): Buffer } };
  readonly Server: new (
    config: object,
    onConnection: (client: EventEmitter & { end(): void; setNoDelay(isOn: boolean): void }) => void,
  ) => EventEmitter & {
    listen(port: number, host: string, done: () => void): void;
    address(): { port: number };
    close(done: () => void): void;
  };
}
interface Login {
  readonly method: string;
  readonly username: string;
  readonly password?: string;
  accept(): void;
  reject(methods?: readonly string[], isPartial?: boolean): void;
  prompt?(prompts: readonly object[], answer: (answers: readonly string[]) => void): void;
}

/** The answering side of the protocol, as ssh2 offers it to a server. */
export interface Answers extends EventEmitter {
  handle(id: number, handle: Buffer): void;
  status(id: number, code: number, message?: string): void;
  name(id: number, names: readonly object[]): void;
  attrs(id: number, attributes: object): void;
  data(id: number, bytes: Buffer): void;
}

/** A server that behaves as a test wants it to. */
export interface OddServer {
  readonly port: number;
  readonly hostKey: string;
  /** Methods of login that were tried, in order. */
  readonly logins: readonly string[];
  close(): Promise<void>;
}

export interface OddServerOptions {
  /** What to make of an attempt; default: everybody may in. */
  readonly login?: (login: Login) => void;
  /** Answers the requests of a channel; default: not at all. */
  readonly sftp?: (answers: Answers) => void;
  readonly algorithms?: object;
}

const load = createRequire(createRequire(import.meta.url).resolve('ssh2-sftp-client'));
const { Server, utils } = load('ssh2') as Library;

export async function startOddServer({ login, sftp, algorithms = {} }: OddServerOptions = {}): Promise<OddServer> {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'pkcs1', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const publicKey = utils.parseKey(privateKey).getPublicSSH();
  const logins: string[] = [];
  const clients = new Set<{ end(): void }>();
  const server = new Server({ hostKeys: [privateKey], algorithms }, (client) => {
    // As OpenSSH has it; otherwise each answer waits for the acknowledgement of the one before.
    client.setNoDelay(true);
    clients.add(client);
    client.on('error', () => undefined);
    client.on('close', () => clients.delete(client));
    client.on('authentication', (attempt: Login) => {
      logins.push(attempt.method);
      if (login === undefined) attempt.accept();
      else login(attempt);
    });
    client.on('session', (accept: () => EventEmitter) => {
      accept().on('sftp', (acceptSftp: () => Answers) => {
        const answers = acceptSftp();
        answers.on('error', () => undefined);
        sftp?.(answers);
      });
    });
  });
  const listening = once(server, 'listening');
  server.listen(0, '127.0.0.1', () => undefined);
  await listening;
  return {
    port: server.address().port,
    hostKey: `SHA256:${createHash('sha256').update(publicKey).digest('base64').replace('=', '')}`,
    logins,
    async close() {
      const gone = new Promise<void>((resolve) => server.close(resolve));
      for (const client of clients) client.end();
      await gone;
    },
  };
}

/** Attributes of a regular file. */
export const regular = (size: number): object => ({
  mode: 0o100644,
  uid: 0,
  gid: 0,
  size,
  atime: 1,
  mtime: 1_700_000_000,
});
const directory = { mode: 0o040755, uid: 0, gid: 0, size: 0, atime: 1, mtime: 1_700_000_000 };

export interface OddFiles {
  /** Names the one directory lists, in the batches in which it lists them. */
  readonly batches?: readonly (readonly object[])[];
  /** Instead of the end after the last batch. */
  readonly listingEndsWith?: number;
  /** Content of files by the last part of their path. */
  readonly files?: Readonly<Record<string, Buffer>>;
  /** The size a file says it has, where that is not its own. */
  readonly sizes?: Readonly<Record<string, number>>;
  /** The most a read answers with. */
  readonly mostBytes?: number;
  /** What every look at a file answers instead. */
  readonly lookStatus?: number;
}

export function listed(filename: string, attributes: object = regular(3)): object {
  return { filename, longname: `-rw-r--r-- 1 a a 3 Jan 1 00:00 ${filename}`, attrs: attributes };
}

/** A read-only directory `/home` with odd ways. Answers what was asked, as `OPEN /home/a.csv`. */
export function serveOddFiles(answers: Answers, odd: OddFiles, asked: string[] = []): void {
  const { batches = [], files = {}, sizes = {}, mostBytes = Infinity } = odd;
  const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  const sizeOf = (name: string): number | undefined => sizes[name] ?? files[name]?.length;
  let batch = 0;
  const look = (id: number, path: string): void => {
    asked.push(`LOOK ${path}`);
    const size = sizeOf(lastPart(path));
    if (path === '/home' || path === '/home/in') answers.attrs(id, directory);
    else if (odd.lookStatus !== undefined) answers.status(id, odd.lookStatus);
    else if (size === undefined) answers.status(id, 2);
    else answers.attrs(id, regular(size));
  };
  answers.on('REALPATH', (id: number, path: string) =>
    answers.name(id, [{ filename: path, longname: path, attrs: {} }]),
  );
  answers.on('STAT', look);
  answers.on('LSTAT', look);
  answers.on('OPENDIR', (id: number) => {
    batch = 0;
    answers.handle(id, Buffer.from('directory'));
  });
  answers.on('READDIR', (id: number) => {
    const names = batches[batch++];
    if (names === undefined) answers.status(id, odd.listingEndsWith ?? 1);
    else answers.name(id, names);
  });
  answers.on('OPEN', (id: number, path: string) => {
    asked.push(`OPEN ${path}`);
    answers.handle(id, Buffer.from(lastPart(path)));
  });
  answers.on('FSTAT', (id: number, handle: Buffer) => answers.attrs(id, regular(sizeOf(String(handle)) ?? 0)));
  answers.on('READ', (id: number, handle: Buffer, offset: number, length: number) => {
    const bytes = files[String(handle)] ?? Buffer.alloc(0);
    const piece = bytes.subarray(offset, offset + Math.min(length, mostBytes));
    if (piece.length === 0) answers.status(id, 1);
    else answers.data(id, piece);
  });
  answers.on('CLOSE', (id: number) => answers.status(id, 0));
  for (const refused of ['RENAME', 'REMOVE', 'MKDIR', 'WRITE'])
    answers.on(refused, (id: number) => answers.status(id, 3));
}
