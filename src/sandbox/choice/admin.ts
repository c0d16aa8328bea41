import { AdminError, type RecordAddress } from '../frame.ts';
import { readText, seedEntries, type Seeder } from '../seeding.ts';
import { revokeTokens } from '../tokens.ts';
import { type Desk, stockAt } from './desk.ts';
import { takeStep } from './life.ts';
import { type ChoiceState, type EventType } from './state.ts';

const KINDS: Readonly<Record<string, (state: ChoiceState) => ReadonlyMap<string, unknown>>> = {
  tickets: ({ tickets }) => tickets,
  parts: ({ parts }) => parts,
  stock: ({ stock }) => new Map([...stock].map(([key, record]) => [key.replace('\n', '/'), record])),
  locations: ({ locations }) => new Map([...locations].map(([code, name]) => [code, { code, name }])),
  webhooks: ({ webhooks }) => webhooks,
  tokens: ({ tokens }) => new Map([['*', { given: tokens.given, valid: tokens.tokens.size }]]),
};

/** One record, or all ids of a kind. Stock is named `{ssl}/{partNumber}`. Throws `AdminError` for an unknown kind. */
export function inspectState(state: ChoiceState, { kind, id }: RecordAddress): unknown {
  const records = Object.hasOwn(KINDS, kind) ? KINDS[kind]?.(state) : undefined;
  if (records === undefined) throw new AdminError(`kind must be one of ${Object.keys(KINDS).join(', ')}`);
  return id === '' ? { ids: [...records.keys()] } : records.get(id);
}

/** The steps that lead to a state. */
const WAYS: Readonly<Record<string, readonly EventType[]>> = {
  postack: ['POSTACK'],
  neweta: ['POSTACK', 'NEWETA'],
  stage: ['POSTACK', 'STAGE'],
  pack: ['POSTACK', 'STAGE', 'PACK'],
  // Twice, for a ticket that is packed in two parts.
  dlvd: ['POSTACK', 'STAGE', 'PACK', 'PACK', 'DLVD'],
  exception: ['EXCEPTION'],
};

/** Forces a ticket into a state, or revokes all tokens. Throws `AdminError` for an unknown record or state. */
export function forceState(desk: Desk, { kind, id }: RecordAddress, state: string): void {
  if (kind === 'tokens' && state === 'revoked') return revokeTokens(desk.state.tokens);
  const way = kind === 'tickets' && Object.hasOwn(WAYS, state) ? WAYS[state] : undefined;
  if (way === undefined) throw new AdminError(`no transition of ${kind} to ${state}`);
  if (!desk.state.tickets.has(id)) throw new AdminError(`no ticket ${id}`);
  for (const type of way) takeStep(desk, id, type);
}

const SEEDERS: Readonly<Record<string, Seeder<Desk>>> = {
  clients: ({ state }, entry) => {
    const { subaccounts } = entry;
    const names = Array.isArray(subaccounts) ? subaccounts.map(String) : [];
    state.clients.set(readText(entry, 'id'), { secret: readText(entry, 'secret'), subaccounts: names });
  },
  locations: ({ state }, entry) => {
    state.locations.set(readText(entry, 'code'), readText(entry, 'name'));
  },
  parts: ({ state }, entry) => {
    const [partNumber, description] = [readText(entry, 'partNumber'), readText(entry, 'description')];
    const [serialized, active] = [entry['serialized'] === true, entry['active'] !== false];
    state.parts.set(partNumber, { partNumber, description, serialized, active });
  },
  stock: (desk, entry) => {
    const { onHand } = entry;
    if (typeof onHand !== 'number' || !(onHand >= 0)) throw new AdminError('onHand must be a number of 0 or more');
    stockAt(desk, readText(entry, 'ssl'), readText(entry, 'partNumber')).onHand = onHand;
  },
};

/** Adds `{clients, locations, parts, stock}`, each a list. Throws `AdminError` when something is malformed. */
export function seedState(desk: Desk, data: unknown): void {
  seedEntries(data, SEEDERS, desk);
}
