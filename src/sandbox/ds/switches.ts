import { type SwitchKind } from '../switches.ts';

/** Behaviours of Shipping Order no document settles, or that a test wants to provoke. */
export interface DsSwitches {
  /** Life of a token in seconds. */
  tokenSeconds: number;
}

export const dsSwitches: SwitchKind<DsSwitches> = {
  defaults: { tokenSeconds: 3600 },
  choices: {},
};
