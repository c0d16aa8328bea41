import { AdminError, type Answer, type ProviderRequest, type ProviderStandIn } from '../frame.ts';
import { type CtlSwitches } from './switches.ts';
import { forceState, inspectBook, seedState } from './admin.ts';
import { invalidField, ok, refused } from './answers.ts';
import { type Desk } from './desk.ts';
import { catchUp } from './events.ts';
import { ROUTES } from './routes.ts';
import { createSchemaCheck, type SchemaCheck } from './schemas.ts';
import { createBook, createState, stockBook } from './seed.ts';
import { type CtlState } from './state.ts';

export interface CtlOptions {
  /** The stand-in's time in ms. */
  now: () => number;
  switches: Readonly<CtlSwitches>;
  seed: number;
}

/** The stand-in of CTL. */
export function createCtl({ now, switches, seed: firstSeed }: CtlOptions): ProviderStandIn {
  let seed = firstSeed;
  const checkSchema = createSchemaCheck();
  const openDesk = (clientId: string): Desk => openBook(state, clientId, { seed, switches, at: now() });
  const settle = (): void => {
    for (const clientId of state.clients.keys()) openDesk(clientId);
  };
  let state = createState();
  settle();
  const deskOf = (client: string | undefined): Desk => {
    const clientId = client ?? state.clients.keys().next().value;
    if (clientId === undefined || !state.clients.has(clientId)) throw new AdminError(`no client ${client ?? ''}`);
    return openDesk(clientId);
  };
  return {
    name: 'ctl',
    mount: '/ctl',
    forcedBody: (status) => ({ Message: `Forced answer ${status}.` }),
    settle,
    handle: (request) => handle(request, { state, switches, checkSchema, openDesk }),
    inspect: (address) => inspectBook(deskOf(address.client).book, address),
    transition: (address, target) => forceState(deskOf(address.client), address, target),
    seed: (data) => seedState(state, deskOf(undefined), data),
    reset(newSeed) {
      seed = newSeed;
      state = createState();
      settle();
    },
    save: () => ({ seed, state }),
    load(saved) {
      const kept = saved as { seed: number; state: CtlState };
      seed = kept.seed;
      state = kept.state;
    },
  };
}

/** A client's records with everything that is due done. */
function openBook(state: CtlState, clientId: string, setting: Pick<Desk, 'seed' | 'switches' | 'at'>): Desk {
  const known = state.books.get(clientId);
  const book = known ?? createBook();
  const desk = { book, carriers: state.carriers, ...setting };
  if (known === undefined) {
    state.books.set(clientId, book);
    stockBook(desk);
  }
  catchUp(desk);
  return desk;
}

interface Office {
  state: CtlState;
  switches: Readonly<CtlSwitches>;
  checkSchema: SchemaCheck;
  openDesk(clientId: string): Desk;
}

function handle(request: ProviderRequest, office: Office): Answer {
  const { state } = office;
  const clients = state.users.get(readHeader(request, 'x-ctl-userid'));
  if (clients === undefined) return refused(401, 'The user is unknown.');
  const isRead = request.method === 'GET';
  if (isRead && /^\/v1\/Clients\/?$/.test(request.path)) return listClients(state, clients);
  const clientId = readHeader(request, 'x-ctl-clientid');
  if (!clients.includes(clientId) || !state.clients.has(clientId)) return refused(401, 'The client is unknown.');
  if (isRead && /^\/v1\/Carriers\/?$/.test(request.path)) return listCarriers(state);
  return dispatch(request, clientId, office);
}

function readHeader({ headers }: ProviderRequest, name: string): string {
  return headers[name]?.toString().trim() ?? '';
}

function listClients(state: CtlState, ids: readonly string[]): Answer {
  if (ids.length === 0) return refused(404, 'The user has no clients.');
  return ok(ids.map((Id) => ({ Id, Name: state.clients.get(Id)?.name ?? Id })));
}

function listCarriers({ carriers }: CtlState): Answer {
  return carriers.length === 0 ? refused(404, 'There are no carriers.') : ok(carriers);
}

function dispatch(request: ProviderRequest, clientId: string, office: Office): Answer {
  const fitting = ROUTES.filter(({ path }) => path.test(request.path));
  if (fitting.length === 0) return refused(404, 'There is nothing at this address.');
  const route = fitting.find(({ method }) => method === request.method);
  if (route === undefined) return refused(405, `${request.method} is not possible here.`);
  const id = decodeId(route.path.exec(request.path)?.[1] ?? '');
  if (id === undefined) return invalidField('id', 'The id in the address is not valid.', office.switches);
  return route.operation({ desk: office.openDesk(clientId), request, id, checkSchema: office.checkSchema });
}

/** Undefined when the id is not percent-encoded text without control characters. */
function decodeId(text: string): string | undefined {
  try {
    const id = decodeURIComponent(text);
    return /[\u0000-\u001f\u007f]/.test(id) ? undefined : id;
  } catch {
    // Only a malformed escape makes decoding fail.
    return undefined;
  }
}
