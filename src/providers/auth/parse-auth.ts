import { parseDuration } from '../../core/duration.ts';
import type { AuthDefinition, TokenDefinition } from '../definition.ts';
import type { AuthText, TokenText } from '../definition-text.ts';
import type { Reader } from '../feed/reader.ts';
import type { Template } from '../request/template.ts';

const DEFAULT_LIFETIME_MS = 3_600_000;

export function parseAuth(reader: Reader, text: AuthText = {}): AuthDefinition {
  const headers = Object.entries(text.headers ?? {}).map(([name, value]) => ({
    name: name.toLowerCase(),
    value: secret(reader, value, 'headers', name),
  }));
  const own = Object.keys(text.headers ?? {}).find((name) => name.toLowerCase() === 'authorization');
  if (text.token !== undefined && own !== undefined) {
    reader.report('wrong-value', ['auth', 'headers', own], {
      what: 'the token is sent along in this header',
      hint: 'Keep either auth.token or the header.',
    });
  }
  const { certificate, key, authority } = text.tls ?? {};
  if ((certificate === undefined) !== (key === undefined)) {
    reader.report('missing-key', ['auth', 'tls'], { what: 'auth.tls has a certificate or a key without the other' });
  }
  return {
    headers,
    token: text.token === undefined ? undefined : parseToken(reader, text.token),
    tls: Object.fromEntries(
      Object.entries({ certificate, key, authority }).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, secret(reader, value, 'tls', name)] as const],
      ),
    ),
  };
}

function parseToken(reader: Reader, text: TokenText): TokenDefinition {
  const { client, format, fields, lifetime } = text;
  return {
    path: reader.template(text.path, ['auth', 'token', 'path'], ['settings']),
    client,
    format,
    id: secret(reader, text.id, 'token', 'id'),
    secret: secret(reader, text.secret, 'token', 'secret'),
    fields: Object.entries(fields ?? {}).map(([name, value]) => ({
      name,
      value: secret(reader, value, 'token', 'fields', name),
    })),
    lifetimeMs: (lifetime === undefined ? undefined : parseDuration(lifetime)) ?? DEFAULT_LIFETIME_MS,
  };
}

function secret(reader: Reader, text: string, ...at: readonly string[]): Template {
  return reader.template(text, ['auth', ...at], ['settings'], true);
}
