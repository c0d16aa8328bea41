import { AdminError, type RecordAddress } from '../frame.ts';
import { readText, seedEntries, type Seeder } from '../seeding.ts';
import { revokeTokens } from '../tokens.ts';
import { type Desk, findShipment } from './desk.ts';
import { forceStatus } from './life.ts';
import { type DsState, type Location, type Tenant } from './state.ts';
import { STATUSES } from './types.ts';

/** One record, or all ids of a kind. Throws `AdminError` for an unknown kind. */
export function inspectTenant(tenant: Tenant, { kind, id }: RecordAddress): unknown {
  if (kind === 'locations') return id === '' ? { ids: [...tenant.locations.keys()] } : tenant.locations.get(id);
  if (kind === 'tokens') return {};
  if (kind !== 'shipments') throw new AdminError('kind must be one of shipments, locations, tokens');
  return id === '' ? { ids: [...tenant.shipments.keys()] } : findShipment(tenant, id);
}

/** Brings a shipment into a status, or revokes all tokens. Throws `AdminError` for anything else. */
export function forceState(state: DsState, desk: Desk, { kind, id }: RecordAddress, target: string): void {
  if (kind === 'tokens' && target === 'revoked') return revokeTokens(state.tokens);
  const status = STATUSES.find((known) => known === target.toUpperCase());
  if (kind !== 'shipments' || status === undefined) throw new AdminError(`no transition of ${kind} to ${target}`);
  const shipment = findShipment(desk.tenant, id);
  if (shipment === undefined) throw new AdminError(`no shipment ${id}`);
  forceStatus(desk, shipment, status);
}

interface SeedContext {
  readonly state: DsState;
  readonly tenant: Tenant;
}

const SEEDERS: Readonly<Record<string, Seeder<SeedContext>>> = {
  clients: ({ state: { clients } }, entry) => {
    clients.set(readText(entry, 'id'), { secret: readText(entry, 'secret'), tenant: readText(entry, 'tenant') });
  },
  webhooks: ({ tenant }, entry) => {
    const { secret = '', statuses = [] } = entry;
    if (typeof secret !== 'string' || !Array.isArray(statuses))
      throw new AdminError('a webhook has secret and statuses');
    (tenant.webhooks ??= []).push({ url: readText(entry, 'url'), secret, statuses: statuses.map(String) });
  },
  locations: ({ tenant: { locations } }, entry) => {
    const id = readText(entry, 'locationExternalId');
    const address = { street1: '1 Depot Road', postalCode: '45402' };
    const contact = { name: id, phone: '+1 937-555-0100' };
    const location = { name: id, address, contact, providers: ['UPS'], ...entry, locationExternalId: id };
    locations.set(id, location satisfies Location);
  },
};

/** Adds `{clients, locations, webhooks}`, each a list. Throws `AdminError` when something is malformed. */
export function seedState(state: DsState, tenant: Tenant, data: unknown): void {
  seedEntries(data, SEEDERS, { state, tenant });
}
