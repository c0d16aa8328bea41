import { type ProviderStandIn } from '../frame.ts';
import { type DsSwitches } from './switches.ts';

export interface DsOptions {
  /** The stand-in's time in ms. */
  now: () => number;
  switches: Readonly<DsSwitches>;
  seed: number;
}

/** The stand-in of Shipping Order. */
export function createDs(_options: DsOptions): ProviderStandIn {
  return {
    name: 'ds',
    mount: '/ds',
    forcedBody: (status) => ({ type: 'FORCED', message: `Forced answer ${status}.`, errors: [] }),
    settle: () => undefined,
    handle: () => ({ status: 404 }),
    inspect: () => undefined,
    transition: () => undefined,
    seed: () => undefined,
    reset: () => undefined,
    save: () => undefined,
    load: () => undefined,
  };
}
