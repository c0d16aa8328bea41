import { AdminError, type Answer, type ProviderRequest, type ProviderStandIn } from '../frame.ts';
import { guidOf } from '../random.ts';
import { admit, refuseScope } from './access.ts';
import { forceState, inspectBook, seedState } from './admin.ts';
import { problemBody, refused } from './answers.ts';
import { receiveUpload } from './attachments.ts';
import { type Desk } from './desk.ts';
import { performOnce } from './replay.ts';
import { downloadReport } from './reports.ts';
import { ROUTES } from './routes.ts';
import { createSchemaCheck, type SchemaCheck } from './schemas.ts';
import { createBook, createState, stockBook } from './seed.ts';
import { type FlexportState } from './state.ts';
import { catchUp } from './steps.ts';
import { type FlexportSwitches } from './switches.ts';

const MOUNT = '/flexport';

export interface FlexportOptions {
  /** The stand-in's time in ms. */
  now: () => number;
  switches: Readonly<FlexportSwitches>;
  seed: number;
}

/** The stand-in of Flexport. */
export function createFlexport({ now, switches, seed: firstSeed }: FlexportOptions): ProviderStandIn {
  let seed = firstSeed;
  const checkSchema = createSchemaCheck();
  const openDesk = (account: string): Desk => openBook(state, account, { seed, switches, at: now() });
  const settle = (): void => {
    for (const { account } of state.tokens.values()) openDesk(account);
  };
  let state = createState();
  settle();
  const deskOf = (client = 'demo'): Desk => {
    if (!state.accounts.has(client)) throw new AdminError(`no account ${client}`);
    return openDesk(client);
  };
  return {
    name: 'flexport',
    mount: MOUNT,
    forcedBody: (status) => problemBody(status, `Forced answer ${status}.`),
    settle,
    handle: (request) => handle(request, { state, switches, checkSchema, openDesk, at: now() }),
    inspect: (address) => inspectBook(deskOf(address.client).book, address),
    transition: (address, target) => forceState(deskOf(address.client), address, target),
    seed(data) {
      seedState(state, deskOf(), data);
      settle();
    },
    owed: () => [...state.accounts.values()].find(({ webhooks }) => webhooks.size > 0)?.posts,
    reset(newSeed) {
      seed = newSeed;
      state = createState();
      settle();
    },
    save: () => ({ seed, state }),
    load(saved) {
      const kept = saved as { seed: number; state: FlexportState };
      seed = kept.seed;
      state = kept.state;
    },
  };
}

/** An account's records with everything that is due done. */
function openBook(state: FlexportState, account: string, setting: Pick<Desk, 'seed' | 'switches' | 'at'>): Desk {
  const known = state.accounts.get(account);
  const desk: Desk = { account, book: known ?? createBook(), ...setting };
  if (known === undefined) {
    state.accounts.set(account, desk.book);
    stockBook(desk);
  }
  catchUp(desk);
  return desk;
}

interface Office {
  state: FlexportState;
  switches: Readonly<FlexportSwitches>;
  checkSchema: SchemaCheck;
  at: number;
  openDesk(account: string): Desk;
}

function handle(request: ProviderRequest, office: Office): Answer {
  const { state, switches, at } = office;
  if (request.method === 'PUT' && request.path.startsWith('/uploads/')) return receiveUpload(request, state, at);
  if (request.method === 'GET' && request.path.startsWith('/files/')) return downloadReport(request, state, at);
  const admitted = admit(request, state, switches, at);
  const answer = admitted.refusal ?? perform(request, admitted.token, office);
  const correlationId = guidOf('request', request.method, request.path, at);
  return { ...answer, headers: { ...answer.headers, 'x-correlation-id': correlationId } };
}

function perform(request: ProviderRequest, token: Parameters<typeof refuseScope>[0], office: Office): Answer {
  const [, path = ''] = /^\/logistics\/api\/(?:[0-9]{4}-[0-9]{2}|unstable)(\/.*)$/.exec(request.path) ?? [];
  const route = ROUTES.find((candidate) => candidate.method === request.method && candidate.path.test(path));
  // An unknown path or method is a bad request here, not 404 or 405.
  if (route === undefined) return refused(400, `${request.method} ${request.path} is not possible`);
  const refusal = refuseScope(token, route.scope);
  if (refusal !== undefined) return refusal;
  const id = decodeId(route.path.exec(path)?.[1] ?? '');
  if (id === undefined) return refused(400, 'The id in the address is not valid');
  const origin = `http://${request.headers.host ?? 'localhost'}${MOUNT}`;
  const call = { desk: office.openDesk(token.account), request, id, origin, checkSchema: office.checkSchema };
  return request.method === 'GET' ? route.operation(call) : performOnce(call, () => route.operation(call));
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
