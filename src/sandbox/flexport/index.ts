import { type ProviderStandIn } from '../frame.ts';
import { type FlexportSwitches } from './switches.ts';

export interface FlexportOptions {
  /** The stand-in's time in ms. */
  now: () => number;
  switches: Readonly<FlexportSwitches>;
  seed: number;
}

/** The stand-in of Flexport. */
export function createFlexport(_options: FlexportOptions): ProviderStandIn {
  return {
    name: 'flexport',
    mount: '/flexport',
    forcedBody: (status) => ({ type: 'about:blank', title: 'Forced', status, detail: `Forced answer ${status}.` }),
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
