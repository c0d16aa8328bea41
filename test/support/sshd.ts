import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A real OpenSSH server of the test's own, as an ordinary process on a free port of loopback. */
export interface Sshd {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly username: string;
  /** Fingerprint of the server's key, as `ssh-keygen -l` shows it. */
  readonly hostKey: string;
  /** The same key as a line of a known_hosts file. */
  readonly knownHost: string;
  /** Text of a private key that may log in, and of the same key locked with {@link passphrase}. */
  readonly privateKey: string;
  readonly lockedKey: string;
  readonly passphrase: string;
  /** File with the private key, for an agent. */
  readonly keyFile: string;
  /** Ends the server and every connection; answers when they are gone. */
  stop(): Promise<void>;
  /** Starts it again on the same port with the same keys. */
  start(): Promise<void>;
  /** Stops it and removes what it made. */
  close(): Promise<void>;
}

export interface SshdOptions {
  /** Options of the server's part that speaks SFTP: `-R` for read-only, `-P rename` to forbid a request. */
  readonly sftp?: string;
  /** Further lines of its configuration. */
  readonly lines?: readonly string[];
}

const PASSPHRASE = 'open sesame';
const START_MS = 10_000;

/**
 * Starts OpenSSH's server with keys made for this run.
 * @throws when it is not installed: a test that needs it must fail, not be skipped.
 */
export async function startSshd({ sftp = '', lines = [] }: SshdOptions = {}): Promise<Sshd> {
  const program = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/sbin/sshd'].find((path) => existsSync(path));
  if (program === undefined)
    throw new Error('sshd is missing: install openssh-server (apt-get install openssh-server)');
  const directory = await mkdtemp(join(tmpdir(), 'dray-sshd-'));
  const file = (name: string): string => join(directory, name);
  await makeKey(file('host_key'));
  await makeKey(file('user_key'));
  await writeFile(file('locked_key'), await readFile(file('user_key')), { mode: 0o600 });
  await run('ssh-keygen', ['-p', '-q', '-P', '', '-N', PASSPHRASE, '-f', file('locked_key')]);
  await writeFile(file('authorized_keys'), await readFile(file('user_key.pub')), { mode: 0o600 });
  const port = await freePort();
  await writeFile(file('sshd_config'), configuration(port, file, sftp, lines));
  // Only root's sshd gives up its rights, and it wants this directory for it.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  const publicKey = await readFile(file('host_key.pub'), 'utf8');
  let child: ChildProcess | undefined;
  const stop = async (): Promise<void> => {
    if (child !== undefined) await end(child);
    child = undefined;
  };
  const start = async (): Promise<void> => {
    child = await begin(program, file('sshd_config'));
  };
  await start();
  return {
    host: '127.0.0.1',
    port,
    username: userInfo().username,
    hostKey: (await run('ssh-keygen', ['-l', '-f', file('host_key.pub')])).stdout.split(' ')[1] ?? '',
    knownHost: `[127.0.0.1]:${port} ${publicKey.trim()}`,
    privateKey: await readFile(file('user_key'), 'utf8'),
    lockedKey: await readFile(file('locked_key'), 'utf8'),
    passphrase: PASSPHRASE,
    keyFile: file('user_key'),
    stop,
    start,
    async close() {
      await stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function makeKey(path: string): Promise<unknown> {
  return run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path]);
}

function configuration(port: number, file: (name: string) => string, sftp: string, lines: readonly string[]): string {
  return [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${file('host_key')}`,
    `AuthorizedKeysFile ${file('authorized_keys')}`,
    'PidFile none',
    'UsePAM no',
    'StrictModes no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin yes',
    'MaxStartups 100',
    `Subsystem sftp internal-sftp ${sftp}`,
    ...lines,
    '',
  ].join('\n');
}

async function begin(program: string, config: string): Promise<ChildProcess> {
  const child = spawn(program, ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let told = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    told += text;
    if (told.includes('Server listening')) resolve();
  });
  child.once('error', reject);
  child.once('exit', () => reject(new Error(`sshd ended at once: ${told}`)));
  const timer = setTimeout(() => reject(new Error(`sshd does not listen: ${told}`)), START_MS);
  try {
    await promise;
    return child;
  } finally {
    clearTimeout(timer);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  // Its connections are processes of their own sessions; they are its children still.
  const sessions = await descendants(child.pid);
  process.kill(child.pid, 'SIGKILL');
  for (const pid of sessions) kill(pid);
  await gone;
}

async function descendants(pid: number): Promise<number[]> {
  const { stdout } = await run('ps', ['-e', '-o', 'pid=,ppid=']);
  const pairs = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    pairs.filter(([, of]) => of === parent).flatMap(([own = 0]) => [own, ...below(own)]);
  return below(pid);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
