import { guidOf } from '../random.ts';
import { type Shipment, type Tenant } from './state.ts';
import { type DsSwitches } from './switches.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** What work on one tenant's records needs. */
export interface Desk {
  readonly tenant: Tenant;
  readonly seed: number;
  readonly switches: Readonly<DsSwitches>;
  /** Moment of the request or the event, in ms. */
  readonly at: number;
}

/** An id of 24 hexadecimal digits that depends on the parts alone, so that it is the same in whatever order requests come. */
export function idOf({ tenant, seed }: Desk, kind: string, ...parts: readonly (string | number)[]): string {
  return guidOf(kind, seed, tenant.id, ...parts)
    .replaceAll('-', '')
    .slice(0, 24);
}

/** A shipment by its system id or, where no such id is known, by its external id. */
export function findShipment({ shipments, named }: Tenant, id: string): Shipment | undefined {
  return shipments.get(id) ?? shipments.get(named.get(id)?.[0] ?? '');
}
