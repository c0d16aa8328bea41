import { type Answer, type ProviderRequest } from '../frame.ts';
import { isObject } from '../json.ts';
import { takeOne } from '../throttle.ts';
import { bearerOf, giveToken } from '../tokens.ts';
import { json, refused } from './answers.ts';
import { type Desk } from './desk.ts';

/** POST /oauth/token: client id and secret stand in a JSON body. */
export function answerToken({ state, seed, switches, at }: Desk, body: unknown): Answer {
  if (!isObject(body)) return json(400, { error: 'invalid_request' });
  if (body['grant_type'] !== 'client_credentials') return json(400, { error: 'unsupported_grant_type' });
  const id = String(body['client_id']);
  const client = state.clients.get(id);
  if (client === undefined || client.secret !== body['client_secret']) return json(401, { error: 'invalid_client' });
  const seconds = switches.tokenSeconds;
  const life = { number: seconds, text: String(seconds), absent: undefined }[switches.expiresIn];
  const token = giveToken(state.tokens, id, seconds, at, seed);
  return json(200, { access_token: token, token_type: 'Bearer', expires_in: life }, { 'cache-control': 'no-store' });
}

/** The client that asks, or the answer that keeps it out. */
export function admit({ state, switches, at }: Desk, { headers }: ProviderRequest): string | Answer {
  const refusal = refuseConnection(switches.mutualTls, headers['x-forwarded-client-cert']?.toString());
  if (refusal !== undefined) return refusal;
  const client = bearerOf(state.tokens, headers.authorization, at);
  if (client === undefined) {
    const headersOf401 = { 'www-authenticate': 'Bearer error="invalid_token"' };
    return refused(401, 'UNAUTHORIZED', 'The token is missing, unknown or over.', headersOf401);
  }
  const rate = switches.ratePerSecond;
  const missingMs = rate === 0 ? 0 : takeOne(state.bucket, { rate, burst: rate }, at);
  if (missingMs === 0) return client;
  const wait = { 'retry-after': String(Math.ceil(missingMs / 1000)) };
  return refused(429, 'RATE_LIMIT', 'Too many requests.', wait);
}

/** TLS ends in front of the stand-in; the server there names the certificate of the caller in a header. */
export function refuseConnection(isCertificateNeeded: boolean, certificate: string | undefined): Answer | undefined {
  if (!isCertificateNeeded || (certificate ?? '') !== '') return undefined;
  return refused(403, 'CLIENT_CERTIFICATE_REQUIRED', 'A client certificate is required.');
}
