import { AdminError, type Answer, type ProviderRequest, type ProviderStandIn } from '../frame.ts';
import { admit, answerToken, TOKEN_PATH, throttle } from './access.ts';
import { forceState, inspectTenant, seedState } from './admin.ts';
import { forcedBody, refused } from './answers.ts';
import { type Desk } from './desk.ts';
import { catchUp } from './life.ts';
import { ROUTES } from './routes.ts';
import { createState, createTenant } from './seed.ts';
import { type DsState } from './state.ts';
import { type DsSwitches } from './switches.ts';
import { type OwedPost } from '../webhooks.ts';

export interface DsOptions {
  /** The stand-in's time in ms. */
  now: () => number;
  switches: Readonly<DsSwitches>;
  seed: number;
}

/** The stand-in of Shipping Order. */
export function createDs({ now, switches, seed: firstSeed }: DsOptions): ProviderStandIn {
  let seed = firstSeed;
  let state = createState();
  const openDesk = (tenant: string): Desk => openTenant(state, tenant, { seed, switches, at: now() });
  const deskOf = (client: string | undefined): Desk => {
    const name = client ?? state.clients.keys().next().value ?? '';
    const known = state.clients.get(name);
    if (known === undefined) throw new AdminError(`no client ${name}`);
    return openDesk(known.tenant);
  };
  return {
    name: 'ds',
    mount: '/ds',
    forcedBody,
    settle() {
      for (const tenant of state.tenants.keys()) openDesk(tenant);
    },
    handle: (request) => handle(request, { state, switches, seed, openDesk, at: now() }),
    inspect: (address) => inspectTenant(deskOf(address.client).tenant, address),
    transition: (address, target) => forceState(state, deskOf(address.client), address, target),
    seed: (data) => seedState(state, deskOf(undefined).tenant, data),
    owed: () => owedBy(state),
    reset(newSeed) {
      seed = newSeed;
      state = createState();
    },
    save: () => ({ seed, state }),
    load(saved) {
      const kept = saved as { seed: number; state: DsState };
      seed = kept.seed;
      state = kept.state;
    },
  };
}

/** Posts of the one tenant whose portal has webhooks. */
function owedBy({ tenants }: DsState): OwedPost[] | undefined {
  return [...tenants.values()].find(({ webhooks = [] }) => webhooks.length > 0)?.posts;
}

/** A tenant's records with everything that is due done. */
function openTenant(state: DsState, id: string, setting: Omit<Desk, 'tenant'>): Desk {
  const tenant = state.tenants.get(id) ?? createTenant(id);
  state.tenants.set(id, tenant);
  const desk = { tenant, ...setting };
  catchUp(desk);
  return desk;
}

interface Office {
  state: DsState;
  switches: Readonly<DsSwitches>;
  seed: number;
  at: number;
  openDesk(tenant: string): Desk;
}

function handle(request: ProviderRequest, office: Office): Answer {
  if (TOKEN_PATH.test(request.path)) {
    if (request.method === 'POST') return answerToken(request, office);
    return refused(405, 'INVALID_OPERATION', `${request.method} is not possible here`);
  }
  const admitted = admit(request, office);
  if ('refusal' in admitted) return admitted.refusal;
  const desk = office.openDesk(admitted.tenant);
  return throttle(desk) ?? dispatchTo(request, desk);
}

function dispatchTo(request: ProviderRequest, desk: Desk): Answer {
  const fitting = ROUTES.filter(({ path }) => path.test(request.path));
  if (fitting.length === 0) return refused(404, 'NOT_FOUND', 'There is nothing at this address');
  const route = fitting.find(({ method }) => method === request.method);
  if (route === undefined) return refused(405, 'INVALID_OPERATION', `${request.method} is not possible here`);
  return route.operation({ desk, request, id: decodeId(route.path.exec(request.path)?.[1] ?? '') });
}

/** Empty when the id is not percent-encoded text. */
function decodeId(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Only a malformed escape makes decoding fail.
    return '';
  }
}
