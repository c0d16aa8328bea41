import { createTokenBook } from '../tokens.ts';
import { NEVER } from './life.ts';
import { type DsState, type Location, type Tenant } from './state.ts';

function location(
  id: string,
  name: string,
  street1: string,
  city: string,
  state: string,
  postalCode: string,
): Location {
  return {
    locationExternalId: id,
    name,
    address: { street1, city, state, postalCode, countryCode: 'US' },
    contact: { name: `${name} desk`, phone: '+1 937-555-0100' },
    providers: ['UPS', 'FedEx', 'Roadie'],
  };
}

const LOCATIONS: readonly Location[] = [
  location('STORE-014', 'Dayton store', '400 Main Street', 'Dayton', 'OH', '45402'),
  location('STORE-022', 'Columbus store', '200 River Road', 'Columbus', 'OH', '43215'),
  location('DC-EAST', 'Distribution centre east', '1 Depot Road', 'Newark', 'NJ', '07102'),
  { ...location('NOPROV', 'Store without carriers', '9 Quiet Street', 'Dayton', 'OH', '45403'), providers: [] },
];

/** What Shipping Order knows before anybody wrote to it: client `demo` of tenant `demo-tenant`. */
export function createState(): DsState {
  return {
    clients: new Map([['demo', { secret: 'demo-secret', tenant: 'demo-tenant' }]]),
    tokens: createTokenBook(),
    tenants: new Map(),
  };
}

/** A tenant without shipments. */
export function createTenant(id: string): Tenant {
  return {
    id,
    locations: new Map(structuredClone([...LOCATIONS]).map((entry) => [entry.locationExternalId, entry])),
    shipments: new Map(),
    named: new Map(),
    travelling: new Map(),
    nextAt: NEVER,
    pages: new Map(),
    failures: new Map(),
    // Full at the first request: whatever time has passed since then fills it.
    bucket: { level: 0, at: 0 },
    counter: 0,
    webhooks: [],
    posts: [],
  };
}
