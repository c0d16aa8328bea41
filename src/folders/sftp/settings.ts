import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';

/** How a server is reached. Two folders with the same settings share one connection. */
export interface ServerSettings {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  /** Fingerprints the server's key may have, `SHA256:…`; several while a key is being replaced. */
  readonly hostKeys: readonly string[];
  /** A file in OpenSSH's known_hosts format, besides the fingerprints. */
  readonly knownHosts: string | undefined;
  readonly password: string | undefined;
  /** Text of the private key. */
  readonly privateKey: string | undefined;
  readonly passphrase: string | undefined;
  /** Socket of an agent that holds the key. */
  readonly agent: string | undefined;
  /** Algorithms that are no longer safe and are allowed all the same. */
  readonly legacy: readonly string[];
  /** How long any one request may take. */
  readonly timeoutMs: number;
  /** How often a silent connection is asked for a sign of life; three that stay unanswered end it. */
  readonly keepAliveMs: number;
}

/** What a connection needs besides its settings. */
export interface ServerParts {
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly log: Log;
  /** In [0, 1). */
  readonly random: () => number;
  /** A connection stands: what failed for want of it may be tried again. */
  readonly onConnected?: () => void;
}

/** `sftp://user@host:port`: the server as people know it. */
export function serverAddress({ host, port, username }: ServerSettings): string {
  const shownHost = host.includes(':') ? `[${host}]` : host;
  return `sftp://${username}@${shownHost}${port === 22 ? '' : `:${port}`}`;
}
