import { type Answer, type ProviderRequest } from '../frame.ts';
import { takeOne } from '../throttle.ts';
import { refused } from './answers.ts';
import { type FlexportState, type TokenRecord } from './state.ts';
import { type FlexportSwitches } from './switches.ts';

export const SCOPES = [
  ...['products', 'inbounds', 'orders', 'orders_b2b', 'bundles', 'parcels', 'returns', 'reports', 'webhooks'].flatMap(
    (family) => [`read_logistics_${family}`, `write_logistics_${family}`],
  ),
  'read_logistics_warehouses',
  'read_logistics_events',
];

/** The token of a request that may go on, or why it may not. */
export function admit(
  { headers }: ProviderRequest,
  state: FlexportState,
  switches: Readonly<FlexportSwitches>,
  now: number,
): { token: TokenRecord; refusal?: undefined } | { refusal: Answer } {
  const [, text = ''] = /^Bearer ([^ ]+)$/i.exec(headers.authorization ?? '') ?? [];
  const token = state.tokens.get(text);
  if (token === undefined) return { refusal: refused(401, 'The token is missing or not valid') };
  if (token.endsAt !== null && token.endsAt <= now) return { refusal: refused(401, 'The token has expired') };
  if (state.accounts.get(token.account)?.isFrozen === true) {
    return { refusal: refused(423, 'The account is frozen') };
  }
  const { requestsPerSecond: rate, burst } = switches;
  const waitMs = rate === 0 ? 0 : takeOne(token.bucket, { rate, burst }, now);
  if (waitMs > 0) {
    const headers = { 'retry-after': String(Math.ceil(waitMs / 1000)) };
    return { refusal: refused(429, 'Too many requests', { headers }) };
  }
  return { token };
}

/** The refusal when a token lacks the scope. */
export function refuseScope({ scopes }: TokenRecord, scope: string): Answer | undefined {
  const isGranted = scopes === null || scopes.includes(scope);
  return isGranted ? undefined : refused(403, `The token lacks the scope ${scope}`);
}
