import { type SwitchKind } from '../switches.ts';

/** Behaviours of Choice no document settles, or that a test wants to provoke. */
export interface ChoiceSwitches {
  /** Life of a token in seconds. */
  tokenSeconds: number;
}

export const choiceSwitches: SwitchKind<ChoiceSwitches> = {
  defaults: { tokenSeconds: 3600 },
  choices: {},
};
