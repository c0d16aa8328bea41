import { type SwitchKind } from '../switches.ts';

/** Behaviours of Flexport no document settles, or that a test wants to provoke. */
export interface FlexportSwitches {
  /** Life of a token in seconds. */
  tokenSeconds: number;
}

export const flexportSwitches: SwitchKind<FlexportSwitches> = {
  defaults: { tokenSeconds: 3600 },
  choices: {},
};
