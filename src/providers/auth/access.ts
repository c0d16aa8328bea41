import { createRedaction } from '../../core/redaction.ts';
import type { Clock } from '../../core/clock.ts';
import type { Limits, ProviderDefinition } from '../definition.ts';
import { authHeaders } from '../settings.ts';
import { resolveTls, type ReadFile } from './tls.ts';
import { createTokenSource, tokenSecrets, withToken } from './token.ts';
import { createTransport, type NotSent, type TlsMaterial, type Transport } from '../request/transport.ts';

/** The way to a provider: requests that prove who sends them, and what must never be shown of it. */
export interface Access {
  readonly transport: Transport;
  /** Takes our secrets out of a text of the provider. */
  readonly redact: (text: string) => string;
  /** What a request beside the transport needs, at the address of the provider alone. */
  readonly own: OwnAccess;
}

export interface OwnAccess {
  readonly tls: TlsMaterial | undefined;
  readonly limits: Limits;
  /** Headers that prove who we are, or why there are none. */
  proof(signal?: AbortSignal): Promise<Proof | NotSent>;
}

export interface Proof {
  readonly kind: 'proof';
  readonly headers: Readonly<Record<string, string>>;
}

export interface AccessParts {
  readonly baseUrl: URL;
  readonly settings: ReadonlyMap<string, string>;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly readFile?: ReadFile;
}

// What a provider writes is full of ordinary words.
const SHORTEST_SECRET = 6;
// An answer that quotes an old token may still come while the next ones are in use.
const MOST_TOKENS = 8;

/** @throws Failure bad-config when a setting cannot be used for what it is there for. */
export function openAccess(definition: ProviderDefinition, parts: AccessParts): Access {
  const { baseUrl, settings, limits, clock, readFile = () => undefined } = parts;
  const { token } = definition.auth;
  const secrets = [
    ...[...definition.settings].flatMap(([name, { isSecret }]) => (isSecret ? (settings.get(name) ?? []) : [])),
    ...(token === undefined ? [] : tokenSecrets(token, settings)),
  ];
  const tls = resolveTls(definition.auth, settings, readFile);
  const headers = authHeaders(definition, settings);
  const transport = createTransport({ baseUrl, limits, headers, clock, ...(tls === undefined ? {} : { tls }) });
  const own: OwnAccess = { tls, limits, proof: () => Promise.resolve({ kind: 'proof', headers }) };
  if (token === undefined) return { transport, redact: createRedaction(secrets, SHORTEST_SECRET), own };
  let tokens: readonly string[] = [];
  let redact = createRedaction(secrets, SHORTEST_SECRET);
  const onToken = (text: string): void => {
    tokens = [...tokens, text].slice(-MOST_TOKENS);
    redact = createRedaction([...secrets, ...tokens], SHORTEST_SECRET);
  };
  const source = createTokenSource(token, { settings, transport, clock, onToken });
  const proof = async (signal?: AbortSignal): Promise<Proof | NotSent> => {
    const given = await source.token(signal);
    if (typeof given !== 'string') return given;
    return { kind: 'proof', headers: { ...headers, authorization: `Bearer ${given}` } };
  };
  return {
    transport: withToken(transport, source),
    redact: (text) => redact(text),
    own: { ...own, proof },
  };
}
