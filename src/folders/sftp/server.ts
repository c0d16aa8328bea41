import { Failure, isFailure } from '../../core/failure.ts';
import { openSession, type Session } from './session.ts';
import { serverAddress, type ServerParts, type ServerSettings } from './settings.ts';

/** A server with the one connection all its folders share. */
export interface Server {
  readonly address: string;
  /**
   * Works over the connection, opened if need be. After failures the server is left alone for a while: until then every
   * work fails at once, so that nothing else waits for it.
   * @throws Failure server-unreachable, server-unknown, server-refused.
   */
  use<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** As {@link use}, for work that may be done twice: once more when the connection turns out to be lost. */
  useAgain<T>(work: (session: Session) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;
/** Connections that may be opened one after the other before a wait, and how long one of them takes to come back. */
const MOST_OPENINGS = 20;
const OPENING_MS = 3000;
// Servers lock accounts and addresses out after a few refused logins.
const REFUSED_WAIT_MS = 20 * 60_000;

function createServer(settings: ServerSettings, parts: ServerParts): Server {
  const address = serverAddress(settings);
  const stop = new AbortController();
  const circuit = createCircuit(parts);
  let opening: Promise<Session> | undefined;
  let current: Session | undefined;

  async function open(): Promise<Session> {
    try {
      const session = await openSession(settings, stop.signal);
      current = session;
      parts.log.info({ server: address }, 'connected to a server');
      parts.onConnected?.();
      if (settings.legacy.length > 0) {
        const algorithms = settings.legacy.join(' ');
        parts.log.warn({ server: address, algorithms }, 'the configuration allows algorithms that are no longer safe');
      }
      return session;
    } catch (error) {
      if (error instanceof Failure) circuit.fail(error);
      throw error;
    } finally {
      opening = undefined;
    }
  }
  async function session(): Promise<Session> {
    if (stop.signal.aborted) throw new Failure('stopped');
    if (current?.ended() === undefined && current !== undefined) return current;
    if (current !== undefined) {
      const failure = current.ended();
      if (current.hasAnswered()) circuit.answered();
      else if (failure !== undefined) circuit.fail(failure);
      current = undefined;
      parts.log.warn({ server: address }, 'the connection to a server was lost; it is opened again');
    }
    if (opening === undefined) circuit.refuseWhileOpen();
    return (opening ??= open());
  }
  const use = async <T>(work: (session: Session) => Promise<T>): Promise<T> => work(await session());
  return {
    address,
    use,
    async useAgain(work) {
      const before = current?.ended() === undefined ? current : undefined;
      try {
        return await use(work);
      } catch (error) {
        const isLost = isFailure(error, 'server-unreachable') && before?.ended() !== undefined;
        if (!isLost || stop.signal.aborted) throw error;
        return use(work);
      }
    },
    async close() {
      stop.abort();
      await opening?.catch(() => undefined);
      await current?.hangUp();
    },
  };
}

interface Circuit {
  /**
   * @throws the failure that opened it, while it is open; server-unreachable when connections were lost so often, each
   * after a while of work, that one more would only trouble the server.
   */
  refuseWhileOpen(): void;
  fail(failure: Failure): void;
  /** The connection that was lost had worked: the next may be opened at once. */
  answered(): void;
}

/** Waits that double with each failure in a row, never quite the same, so that many do not come back together. */
function createCircuit({ clock, random }: ServerParts): Circuit {
  let failures = 0;
  let open: { readonly failure: Failure; readonly untilMs: number } | undefined;
  let openings = MOST_OPENINGS;
  let countedAtMs = clock.monotonic();
  const countOpening = (): void => {
    const nowMs = clock.monotonic();
    openings = Math.min(MOST_OPENINGS, openings + (nowMs - countedAtMs) / OPENING_MS);
    countedAtMs = nowMs;
    if (openings < 1) {
      const detail = 'the connection is lost again and again';
      throw new Failure('server-unreachable', detail, { retryAfterMs: (1 - openings) * OPENING_MS });
    }
    openings--;
  };
  return {
    refuseWhileOpen() {
      const leftMs = open === undefined ? 0 : open.untilMs - clock.monotonic();
      if (open === undefined || leftMs <= 0) return countOpening();
      const { code, message } = open.failure;
      const detail = `${message.slice(message.indexOf(': ') + 2)}; tried again in ${Math.ceil(leftMs / 1000)} s`;
      throw new Failure(code, detail, { cause: open.failure, retryAfterMs: leftMs });
    },
    fail(failure) {
      failures++;
      const bound = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures - 1, 10));
      const waitMs = failure.code === 'server-refused' ? REFUSED_WAIT_MS : bound / 2 + (bound / 2) * random();
      open = { failure, untilMs: clock.monotonic() + waitMs };
    },
    answered() {
      failures = 0;
      open = undefined;
    },
  };
}

/** The servers of a program: one for each set of settings, however many folders name it. */
export interface Servers {
  get(settings: ServerSettings): Server;
  close(): Promise<void>;
}

export function createServers(parts: ServerParts): Servers {
  const servers = new Map<string, Server>();
  return {
    get(settings) {
      const key = JSON.stringify(settings);
      const known = servers.get(key) ?? createServer(settings, parts);
      servers.set(key, known);
      return known;
    },
    async close() {
      await Promise.all([...servers.values()].map((server) => server.close()));
    },
  };
}
