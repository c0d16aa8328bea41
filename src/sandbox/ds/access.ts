import { type Answer, type ProviderRequest } from '../frame.ts';
import { guidOf } from '../random.ts';
import { takeOne } from '../throttle.ts';
import { bearerOf, giveToken } from '../tokens.ts';
import { answer, refused, unauthorized } from './answers.ts';
import { type Desk } from './desk.ts';
import { type DsState } from './state.ts';
import { type DsSwitches } from './switches.ts';

export interface Gate {
  readonly state: DsState;
  readonly switches: Readonly<DsSwitches>;
  readonly seed: number;
  readonly at: number;
}

export const TOKEN_PATH = /^\/ent-services\/security\/v1\/oauth\/token\/?$/;

/** POST /ent-services/security/v1/oauth/token */
export function answerToken(request: ProviderRequest, gate: Gate): Answer {
  const { state, switches, seed, at } = gate;
  const caller = readBasic(request.headers.authorization);
  const client = state.clients.get(caller?.name ?? '');
  if (client === undefined || client.secret !== caller?.password) {
    return unauthorized('The client is unknown.', transaction(gate));
  }
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '');
  const grant = isForm ? new URLSearchParams(request.body.toString('utf8')).get('grant_type') : null;
  if (grant !== 'client_credentials') {
    return refused(400, 'VALIDATION_ERROR', 'grant_type=client_credentials is expected in a form');
  }
  const seconds = switches.tokenSeconds;
  return answer(200, {
    access_token: giveToken(state.tokens, caller.name, seconds, at, seed),
    token_type: 'Bearer',
    expires_in: switches.expiresInText ? String(seconds) : seconds,
  });
}

function readBasic(header: string | undefined): { name: string; password: string } | undefined {
  const [, encoded = ''] = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '') ?? [];
  const [, name, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  if (name === undefined || password === undefined) return undefined;
  // RFC 6749 has both encoded as in a form before they are joined.
  const [decoded] = new URLSearchParams(`${name}=${password}`);
  return decoded === undefined ? undefined : { name: decoded[0], password: decoded[1] };
}

/** Whose tenant the request may work on, or the 401 it deserves. */
export function admit({ headers }: ProviderRequest, gate: Gate): { tenant: string } | { refusal: Answer } {
  const client = bearerOf(gate.state.tokens, headers.authorization, gate.at);
  const tenant = gate.state.clients.get(client ?? '')?.tenant;
  if (tenant !== undefined) return { tenant };
  return { refusal: unauthorized('The token is unknown or over.', transaction(gate)) };
}

function transaction({ seed, at }: Gate): string {
  return guidOf('transaction', seed, at);
}

/** The 429 of a tenant that asks too often. */
export function throttle({ tenant, switches, at }: Desk): Answer | undefined {
  const rate = switches.requestsPerSecond;
  if (rate === 0) return undefined;
  const missing = takeOne(tenant.bucket, { rate, burst: rate }, at);
  if (missing === 0) return undefined;
  const answered = refused(429, 'TOO_MANY_REQUESTS', 'Too many requests');
  if (!switches.retryAfter) return answered;
  return { ...answered, headers: { ...answered.headers, 'retry-after': String(Math.ceil(missing / 1000)) } };
}
