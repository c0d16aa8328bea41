import { createHash, createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Failure, systemCode } from '../../core/failure.ts';
import type { ServerSettings } from './settings.ts';

/** The keys a server may show. */
export interface TrustedKeys {
  /** Kinds of the keys known from a known_hosts file; empty when only fingerprints are known. */
  readonly types: readonly string[];
  trusts(key: Buffer): boolean;
}

/** `SHA256:…`, as `ssh-keygen -l` shows it. */
export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The kind a key says it is of: `ssh-ed25519`. */
export function keyType(key: Buffer): string {
  const length = key.length >= 4 ? key.readUInt32BE(0) : 0;
  const type = key.toString('latin1', 4, 4 + length);
  return /^[a-z0-9@.-]{1,64}$/.test(type) ? type : 'unknown';
}

/** @throws Failure server-unknown when the known_hosts file cannot be read. */
export async function trustedKeys(settings: ServerSettings): Promise<TrustedKeys> {
  const pinned = new Set(settings.hostKeys.map((fingerprint) => fingerprint.replace(/=+$/, '')));
  const known = settings.knownHosts === undefined ? [] : await readKnownHosts(settings.knownHosts, settings);
  return {
    types: pinned.size > 0 ? [] : [...new Set(known.map(keyType))],
    trusts: (key) => pinned.has(fingerprintOf(key)) || known.some((one) => one.equals(key)),
  };
}

async function readKnownHosts(file: string, settings: ServerSettings): Promise<Buffer[]> {
  try {
    return knownKeys(await readFile(file, 'utf8'), settings);
  } catch (error) {
    throw new Failure('server-unknown', `${file} cannot be read (${systemCode(error)})`, { cause: error });
  }
}

/** Keys of a host in the text of a known_hosts file; keys marked as revoked are none. */
function knownKeys(text: string, { host, port }: Pick<ServerSettings, 'host' | 'port'>): Buffer[] {
  const name = port === 22 ? host : `[${host}]:${port}`;
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim().split(/\s+/))
    .map((parts) => (parts[0]?.startsWith('@') === true ? { marker: parts[0], parts: parts.slice(1) } : { parts }))
    .filter(({ parts }) => parts.length >= 3 && isNamed(parts[0] ?? '', name));
  const keyOf = (parts: readonly string[]): string => parts[2] ?? '';
  const revoked = new Set(lines.filter(({ marker }) => marker === '@revoked').map(({ parts }) => keyOf(parts)));
  return lines
    .filter(({ marker, parts }) => marker === undefined && !revoked.has(keyOf(parts)))
    .map(({ parts }) => Buffer.from(keyOf(parts), 'base64'));
}

function isNamed(field: string, name: string): boolean {
  if (field.startsWith('|1|')) {
    const [, , salt = '', hash = ''] = field.split('|');
    return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
  }
  const patterns = field.toLowerCase().split(',');
  const fits = (pattern: string): boolean => matches(pattern, name.toLowerCase());
  return (
    patterns.some((pattern) => !pattern.startsWith('!') && fits(pattern)) &&
    !patterns.some((pattern) => pattern.startsWith('!') && fits(pattern.slice(1)))
  );
}

function matches(pattern: string, name: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === name;
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(name);
}
