import { type Answer, type ProviderRequest, type ProviderStandIn } from '../frame.ts';
import { admit, answerToken, refuseConnection } from './access.ts';
import { forceState, inspectState, seedState } from './admin.ts';
import { refused } from './answers.ts';
import { type Desk } from './desk.ts';
import { parseBody } from './intake.ts';
import { catchUp } from './life.ts';
import { ROUTES } from './routes.ts';
import { createSchemaCheck, type SchemaCheck } from './schemas.ts';
import { createState } from './seed.ts';
import { type ChoiceState } from './state.ts';
import { type ChoiceSwitches } from './switches.ts';

export interface ChoiceOptions {
  /** The stand-in's time in ms. */
  now: () => number;
  switches: Readonly<ChoiceSwitches>;
  seed: number;
}

/** The stand-in of Choice. */
export function createChoice({ now, switches, seed: firstSeed }: ChoiceOptions): ProviderStandIn {
  let seed = firstSeed;
  let state = createState();
  const checkSchema = createSchemaCheck();
  /** The state with everything that is due done. */
  const openDesk = (): Desk => {
    const desk = { state, seed, switches, at: now() };
    catchUp(desk);
    return desk;
  };
  return {
    name: 'choice',
    mount: '/choice',
    forcedBody: (status) => ({ code: 'FORCED', message: `Forced answer ${status}.` }),
    settle: () => void openDesk(),
    handle: (request) => handle(openDesk(), request, checkSchema),
    inspect: (address) => inspectState(state, address),
    transition: (address, target) => forceState(openDesk(), address, target),
    seed: (data) => seedState(openDesk(), data),
    owed: () => (state.webhooks.size === 0 ? undefined : (state.posts ??= [])),
    reset(newSeed) {
      seed = newSeed;
      state = createState();
    },
    save: () => ({ seed, state }),
    load(saved) {
      const kept = saved as { seed: number; state: ChoiceState };
      seed = kept.seed;
      state = kept.state;
    },
  };
}

function handle(desk: Desk, request: ProviderRequest, checkSchema: SchemaCheck): Answer {
  if (request.path === '/oauth/token') {
    const refusal = refuseConnection(desk.switches.mutualTls, request.headers['x-forwarded-client-cert']?.toString());
    if (refusal !== undefined) return refusal;
    if (request.method !== 'POST') return notPossible(request);
    return answerToken(desk, parseBody(request));
  }
  const client = admit(desk, request);
  if (typeof client !== 'string') return client;
  const fitting = ROUTES.filter(({ path }) => path.test(request.path));
  if (fitting.length === 0) return refused(404, 'NOT_FOUND', 'There is nothing at this address.');
  const route = fitting.find(({ method }) => method === request.method);
  if (route === undefined) return notPossible(request);
  const id = decodeId(route.path.exec(request.path)?.[1] ?? '');
  if (id === undefined) return refused(400, 'MALFORMED_REQUEST', 'The address is not valid.');
  return route.operation({ desk, client, request, id, checkSchema });
}

function notPossible({ method }: ProviderRequest): Answer {
  return refused(405, 'METHOD_NOT_ALLOWED', `${method} is not possible here.`);
}

/** Undefined when the id is not percent-encoded text. */
function decodeId(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    // Only a malformed escape makes decoding fail.
    return undefined;
  }
}
