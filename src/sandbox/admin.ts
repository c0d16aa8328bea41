import { type SandboxClock } from './clock.ts';
import { type Faults } from './faults.ts';
import { AdminError, type Answer, type ProviderStandIn, type RecordAddress } from './frame.ts';
import { type Journal } from './journal.ts';
import { isObject, renderJson } from './json.ts';
import { applySwitches, type Switches } from './switches.ts';
import { type Delivery } from './webhooks.ts';

export interface AdminParts {
  providers: readonly ProviderStandIn[];
  clock: SandboxClock;
  journal: Journal;
  faults: Faults;
  switches: Switches;
  deliveries(): readonly Delivery[];
  /** Starts everything anew, with another seed if one is given. */
  reset(seed: number | undefined): void;
}

interface AdminCall {
  segments: readonly string[];
  query: URLSearchParams;
  body: Record<string, unknown>;
}

type Service = (parts: AdminParts, call: AdminCall) => unknown;

const SERVICES: Readonly<Record<string, Service>> = {
  'POST reset': (parts, { body }) => {
    parts.reset(optionalNumber(body, 'seed'));
    return { ok: true };
  },
  'POST seed': seed,
  'GET clock': showClock,
  'POST clock': setClock,
  'GET requests': listRequests,
  'DELETE requests': (parts) => {
    parts.journal.clear();
    return { ok: true };
  },
  'GET state': showState,
  'GET webhooks': (parts) => parts.deliveries(),
  'POST transition': transition,
  'GET faults': (parts) => parts.faults.list(),
  'POST faults': (parts, { body }) => parts.faults.add(body),
  'DELETE faults': (parts, { segments }) => {
    parts.faults.clear(segments[1] === undefined ? undefined : Number(segments[1]));
    return { ok: true };
  },
  'GET switches': (parts) => parts.switches,
  'POST switches': (parts, { body }) => {
    applySwitches(parts.switches, body);
    return parts.switches;
  },
};

/** Answers one admin request; `path` is what follows `/__admin/`, with its query. */
export function administer(parts: AdminParts, method: string, path: string, body: Buffer): Answer {
  const [route = '', query] = path.split('?');
  try {
    const segments = route.split('/').filter(Boolean).map(decodeURIComponent);
    const service = SERVICES[`${method} ${segments[0]}`];
    if (service === undefined) return json(404, { error: `no admin service ${method} ${route}` });
    const result = service(parts, { segments, query: new URLSearchParams(query), body: readJson(body) });
    return result === undefined ? json(404, { error: 'no such record' }) : json(200, result);
  } catch (error) {
    if (error instanceof AdminError) return json(400, { error: error.message });
    throw error;
  }
}

function json(status: number, value: unknown): Answer {
  const body = renderJson(value instanceof Map ? Object.fromEntries(value) : value);
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body };
}

function readJson(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (isObject(value)) return value;
  } catch (error) {
    throw new AdminError('the body is not JSON', { cause: error });
  }
  throw new AdminError('the body must be a JSON object');
}

function optionalNumber(body: Record<string, unknown>, name: string): number | undefined {
  const value = body[name];
  if (value === undefined || typeof value === 'number') return value;
  throw new AdminError(`${name} must be a number`);
}

function showClock(parts: AdminParts): unknown {
  const now = parts.clock.now();
  return { now: new Date(now).toISOString(), epochMs: now, scale: parts.clock.scale() };
}

function setClock(parts: AdminParts, { body }: AdminCall): unknown {
  const { now } = body;
  const scale = optionalNumber(body, 'scale');
  const advanceMs = optionalNumber(body, 'advanceMs');
  if (now !== undefined) parts.clock.moveTo(typeof now === 'string' ? Date.parse(now) : Number(now));
  if (advanceMs !== undefined) parts.clock.advance(advanceMs);
  if (scale !== undefined) parts.clock.setScale(scale);
  for (const provider of parts.providers) provider.settle();
  return showClock(parts);
}

function seed(parts: AdminParts, { body }: AdminCall): unknown {
  for (const [name, data] of Object.entries(body)) findProvider(parts, name).seed(data);
  return { ok: true };
}

function listRequests(parts: AdminParts, { query }: AdminCall): unknown {
  const since = Number(query.get('since') ?? 0);
  const method = query.get('method');
  const path = query.get('path') ?? '';
  return parts.journal
    .entries()
    .filter((entry) => entry.sequence > since && entry.path.includes(path))
    .filter((entry) => method === null || entry.method === method.toUpperCase());
}

function showState(parts: AdminParts, { segments, query }: AdminCall): unknown {
  const [, name = '', kind = '', id = ''] = segments;
  const provider = findProvider(parts, name);
  provider.settle();
  return provider.inspect({ kind, id, client: query.get('client') ?? undefined });
}

function transition(parts: AdminParts, { body }: AdminCall): unknown {
  const { provider: name, kind, id, state, client } = body;
  const provider = findProvider(parts, String(name));
  const address: RecordAddress = {
    kind: String(kind),
    id: String(id),
    client: typeof client === 'string' ? client : undefined,
  };
  provider.settle();
  provider.transition(address, String(state));
  return provider.inspect(address);
}

function findProvider(parts: AdminParts, name: string): ProviderStandIn {
  const provider = parts.providers.find((candidate) => candidate.name === name);
  if (provider === undefined) throw new AdminError(`no provider ${name}`);
  return provider;
}
