import { durationPattern, parseDuration } from '../core/duration.ts';
import { createIssue, type Issue } from '../core/issue.ts';
import type { JsonSchema } from '../core/json.ts';
import type { KeyPath, PositionedYaml } from '../core/positioned-yaml.ts';

/** How the server of a folder is reached. */
export interface SftpConfig {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly hostKeys: readonly string[];
  readonly knownHosts: string | undefined;
  readonly password: string | undefined;
  readonly privateKey: string | undefined;
  readonly passphrase: string | undefined;
  readonly agent: string | undefined;
  readonly legacy: readonly string[];
  readonly timeoutMs: number;
  readonly keepAliveMs: number;
  readonly pollMs: number;
}

/** As it stands in the file. */
export interface RawSftp {
  host: string;
  port?: number;
  username: string;
  hostKey?: string | string[];
  knownHosts?: string;
  password?: string;
  privateKey?: string;
  passphrase?: string;
  agent?: string;
  legacy?: string[];
  timeout?: string;
  keepAlive?: string;
  poll?: string;
}

const DEFAULT_PORT = 22;
const defaults = { timeout: '30s', keepAlive: '10s', poll: '10s' } as const;

const text = { type: 'string', minLength: 1 } as const;
const fingerprint = { type: 'string', pattern: '^SHA256:[A-Za-z0-9+/]{43}=?$' } as const;
const duration = (description: string, value: string): JsonSchema => ({
  type: 'string',
  pattern: durationPattern,
  default: value,
  description,
});

export const sftpSchema: JsonSchema = {
  type: 'object',
  description: 'The folder is on an SFTP server; `path` is a directory there.',
  additionalProperties: false,
  required: ['host', 'username'],
  properties: {
    host: { ...text, description: 'Name or address of the server.' },
    port: { type: 'integer', minimum: 1, maximum: 65_535, default: DEFAULT_PORT },
    username: text,
    hostKey: {
      description:
        'Fingerprint of the key the server must show, SHA256:…; a list while a key is being replaced. Any other is refused.',
      anyOf: [fingerprint, { type: 'array', minItems: 1, items: fingerprint }],
    },
    knownHosts: { ...text, description: 'A known_hosts file with the keys of the server, relative to this file.' },
    password: { ...text, description: 'Password; after the key where the server asks for both.' },
    privateKey: { ...text, description: 'Text of a private key: ${file:/run/secrets/key}.' },
    passphrase: { ...text, description: 'What the private key is locked with.' },
    agent: { ...text, description: 'Socket of an agent that holds the key: ${SSH_AUTH_SOCK}.' },
    legacy: {
      type: 'array',
      description: 'Algorithms that are no longer safe, for a server that has no others.',
      minItems: 1,
      items: {
        enum: [
          'diffie-hellman-group14-sha1',
          'diffie-hellman-group-exchange-sha1',
          'diffie-hellman-group1-sha1',
          'ssh-rsa',
          'ssh-dss',
          'aes256-cbc',
          'aes192-cbc',
          'aes128-cbc',
          '3des-cbc',
          'hmac-sha1-etm@openssh.com',
          'hmac-sha1',
          'hmac-md5',
        ],
      },
    },
    timeout: duration('How long the server may take for any one request.', defaults.timeout),
    keepAlive: duration(
      'How often a silent connection is tried; after three without an answer it is given up.',
      defaults.keepAlive,
    ),
    poll: duration('How often to look for new files; at least every 15 s.', defaults.poll),
  },
};

export function sftpConfig(raw: RawSftp, path: (relative: string) => string): SftpConfig {
  return {
    host: raw.host,
    port: raw.port ?? DEFAULT_PORT,
    username: raw.username,
    hostKeys: [raw.hostKey ?? []].flat(),
    knownHosts: raw.knownHosts === undefined ? undefined : path(raw.knownHosts),
    password: raw.password,
    privateKey: raw.privateKey,
    passphrase: raw.passphrase,
    agent: raw.agent,
    legacy: raw.legacy ?? [],
    timeoutMs: parseDuration(raw.timeout ?? defaults.timeout) ?? 0,
    keepAliveMs: parseDuration(raw.keepAlive ?? defaults.keepAlive) ?? 0,
    pollMs: parseDuration(raw.poll ?? defaults.poll) ?? 0,
  };
}

/** What the shape alone cannot say of a server: how to log in, and how to know it. */
export function checkSftp(yaml: PositionedYaml, folder: string, sftp: SftpConfig): Issue[] {
  const place = (...keys: readonly string[]): KeyPath => ['folders', folder, 'sftp', ...keys];
  const issues: Issue[] = [];
  if (sftp.password === undefined && sftp.privateKey === undefined && sftp.agent === undefined) {
    const what = 'nothing to log in with: a password, a privateKey or an agent is missing';
    issues.push(createIssue('missing-key', yaml.keyPlace(place()), { what }));
  }
  if (sftp.passphrase !== undefined && sftp.privateKey === undefined) {
    const what = 'a passphrase unlocks a privateKey, and there is none';
    issues.push(createIssue('missing-key', yaml.keyPlace(place('passphrase')), { what }));
  }
  if (sftp.hostKeys.length === 0 && sftp.knownHosts === undefined) {
    issues.push(
      createIssue('missing-key', yaml.keyPlace(place()), {
        severity: 'warning',
        what: 'no hostKey and no knownHosts: every server will be refused',
        hint: 'dray check --connect shows the fingerprint of the server; compare it with what its operator says.',
      }),
    );
  }
  if (sftp.legacy.length > 0) {
    issues.push(
      createIssue('wrong-value', yaml.place(place('legacy')), {
        severity: 'warning',
        what: 'algorithms are allowed that are no longer safe',
        hint: 'Ask the operator of the server for newer ones.',
      }),
    );
  }
  for (const key of ['timeout', 'keepAlive', 'poll'] as const) {
    if (sftp[`${key}Ms`] >= SHORTEST_MS) continue;
    const what = `${key} is too short`;
    issues.push(createIssue('wrong-value', yaml.place(place(key)), { what, expected: `${SHORTEST_MS}ms or more` }));
  }
  return issues;
}

// Less would be a loop without a pause, or no time to answer.
const SHORTEST_MS = 100;
