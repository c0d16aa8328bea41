import { connect, type Socket } from 'node:net';
import SftpClient from 'ssh2-sftp-client';
import { Failure } from '../../core/failure.ts';
import { chooseAlgorithms } from './algorithms.ts';
import { fingerprintOf, keyType, trustedKeys, type TrustedKeys } from './host-key.ts';
import { createRequests, type Channel, type Line, type Requests } from './requests.ts';
import { serverAddress, type ServerSettings } from './settings.ts';

/** One connection to a server, from its opening to its end; never opened again. */
export interface Session extends Requests {
  /** Why it ended; undefined while it stands. */
  ended(): Failure | undefined;
  /** Whether the server has answered anything since it was opened. */
  hasAnswered(): boolean;
  hangUp(): Promise<void>;
}

/** Unanswered signs of life after which a connection counts as lost. */
const MOST_SILENT = 3;
/** How long a server is given to say goodbye. */
const GOODBYE_MS = 2000;

/**
 * Connects, compares the server's key, logs in and opens the channel, all within the deadline. Nothing secret is sent
 * before the key was compared.
 * @throws Failure server-unreachable, server-unknown (with the fingerprint that was seen), server-refused.
 */
export async function openSession(settings: ServerSettings, stop: AbortSignal): Promise<Session> {
  const trusted = await trustedKeys(settings);
  const address = serverAddress(settings);
  const silent = new Failure('server-unreachable', `${address} does not answer`);
  const deadline = AbortSignal.any([AbortSignal.timeout(settings.timeoutMs), stop]);
  const { promise: overdue, reject } = Promise.withResolvers<never>();
  const giveUp = (): void => reject(silent);
  deadline.addEventListener('abort', giveUp, { once: true });
  overdue.catch(() => undefined);
  // ssh2 leaves the socket as it is: without this each small request waits for the acknowledgement of the one before.
  const socket = connect({ host: settings.host, port: settings.port, noDelay: true, keepAlive: true });
  socket.on('error', () => undefined);
  try {
    if (deadline.aborted) throw silent;
    return await Promise.race([overdue, logIn(socket, settings, trusted)]);
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    deadline.removeEventListener('abort', giveUp);
  }
}

async function logIn(socket: Socket, settings: ServerSettings, trusted: TrustedKeys): Promise<Session> {
  let refusal: Failure | undefined;
  let cause: unknown;
  const hostVerifier = (key: Buffer): boolean => {
    if (trusted.trusts(key)) return true;
    refusal = unknownServer(key, settings);
    return false;
  };
  // Without callbacks of ours the client writes to the console.
  const client = new SftpClient('dray', { error: () => undefined, end: () => undefined, close: () => undefined });
  // The client passes on the text of an error and not what kind it is.
  client.on('error', (error: unknown) => (cause ??= error));
  client.on('keyboard-interactive', (_name, _instructions, _language, prompts: unknown, finish: unknown) =>
    answerPrompts(prompts, finish, settings.password ?? ''),
  );
  try {
    const channel = await client.connect({
      sock: socket,
      username: settings.username,
      ...credentials(settings),
      hostVerifier,
      algorithms: chooseAlgorithms(settings.legacy, trusted.types) as unknown as object,
      keepaliveInterval: settings.keepAliveMs,
      keepaliveCountMax: MOST_SILENT,
      readyTimeout: settings.timeoutMs,
    });
    return createSession(client, channel, socket, settings);
  } catch (error) {
    throw refusal ?? connectFailure(cause ?? error, settings);
  }
}

/** The methods in the order in which they are tried; a server may ask for a key and then for a password. */
function credentials({ password, privateKey, passphrase, agent }: ServerSettings): SftpClient.ConnectOptions {
  const key = privateKey === undefined ? {} : { privateKey: `${privateKey}\n` };
  return {
    ...key,
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(agent === undefined ? {} : { agent }),
    ...(password === undefined ? {} : { password, tryKeyboard: true }),
    authHandler: [
      ...(privateKey === undefined ? [] : ['publickey' as const]),
      ...(agent === undefined ? [] : ['agent' as const]),
      ...(password === undefined ? [] : ['password' as const, 'keyboard-interactive' as const]),
    ],
  };
}

/** Some servers ask for the password as a question. Anything else they ask gets no answer. */
function answerPrompts(prompts: unknown, finish: unknown, password: string): void {
  if (typeof finish !== 'function' || !Array.isArray(prompts)) return;
  const asked = prompts as readonly { readonly echo?: boolean }[];
  finish(asked.map(({ echo }) => (asked.length === 1 && echo !== true ? password : '')));
}

function unknownServer(key: Buffer, settings: ServerSettings): Failure {
  const seen = `${fingerprintOf(key)} (${keyType(key)})`;
  const isPinned = settings.hostKeys.length > 0 || settings.knownHosts !== undefined;
  const remedy = isPinned
    ? 'nothing was sent. If its operator confirms that the key was replaced, put the new fingerprint under sftp.hostKey of the folder'
    : 'nothing was sent. Compare it with what its operator says; if it is the same, put it under sftp.hostKey of the folder';
  return new Failure('server-unknown', `${serverAddress(settings)} shows the key ${seen}; ${remedy}`);
}

function connectFailure(error: unknown, settings: ServerSettings): Failure {
  const address = serverAddress(settings);
  const options = { cause: error };
  const level = error instanceof Error && 'level' in error ? error.level : undefined;
  if (level === 'client-authentication' || level === 'agent') {
    return new Failure('server-refused', `${address}: user, password or key`, options);
  }
  if (level === 'handshake') {
    const detail = `${address} has no algorithm in common with us; older ones must be named under sftp.legacy`;
    return new Failure('server-unreachable', detail, options);
  }
  if (error instanceof Error && /privateKey/.test(error.message)) {
    return new Failure(
      'server-refused',
      `${address}: the private key cannot be read; is its passphrase right?`,
      options,
    );
  }
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : '';
  return new Failure('server-unreachable', `${address}${/^ \(E[A-Z_]+\)$/.test(code) ? code : ''}`, options);
}

function createSession(client: SftpClient, channel: Channel, socket: Socket, settings: ServerSettings): Session {
  const waiting = new Set<(failure: Failure) => void>();
  let over: Failure | undefined;
  let answers = 0;
  const line: Line = {
    channel,
    timeoutMs: settings.timeoutMs,
    ended: () => over,
    end(failure) {
      if (over !== undefined) return;
      over = failure;
      socket.destroy();
      for (const tell of waiting) tell(failure);
      waiting.clear();
    },
    onEnd(callback) {
      waiting.add(callback);
      return () => waiting.delete(callback);
    },
    answered: () => (answers += 1),
  };
  const lose = (cause?: unknown): void =>
    line.end(new Failure('server-unreachable', `${serverAddress(settings)}: the connection was lost`, { cause }));
  for (const event of ['error', 'end', 'close']) client.on(event, lose);
  // A channel that ends while the connection stands would leave its requests without an answer.
  channel.on('error', lose);
  channel.on('close', lose);
  channel.on('end', lose);
  return {
    ...createRequests(line),
    ended: () => over,
    hasAnswered: () => answers > 0,
    async hangUp() {
      if (over !== undefined) return;
      const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()));
      client.end().catch(() => undefined);
      const timer = setTimeout(() => socket.destroy(), GOODBYE_MS);
      await gone;
      clearTimeout(timer);
      line.end(new Failure('stopped'));
    },
  };
}
