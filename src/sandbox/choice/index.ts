import { type ProviderStandIn } from '../frame.ts';
import { type ChoiceSwitches } from './switches.ts';

export interface ChoiceOptions {
  /** The stand-in's time in ms. */
  now: () => number;
  switches: Readonly<ChoiceSwitches>;
  seed: number;
}

/** The stand-in of Choice. */
export function createChoice(_options: ChoiceOptions): ProviderStandIn {
  return {
    name: 'choice',
    mount: '/choice',
    forcedBody: (status) => ({ code: 'FORCED', message: `Forced answer ${status}.` }),
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
