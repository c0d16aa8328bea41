import { AdminError } from './frame.ts';
import { choiceSwitches, type ChoiceSwitches } from './choice/switches.ts';
import { ctlSwitches, type CtlSwitches } from './ctl/switches.ts';
import { dsSwitches, type DsSwitches } from './ds/switches.ts';
import { flexportSwitches, type FlexportSwitches } from './flexport/switches.ts';
import { isObject } from './json.ts';

type Value = string | number | boolean;

/** The switches one provider's stand-in knows. */
export interface SwitchKind<Set extends object> {
  /** The values at start unless options say otherwise. */
  readonly defaults: Readonly<Set>;
  /** What a switch of text takes. */
  readonly choices: Readonly<Record<string, RegExp>>;
}

/** The switches of every stand-in, by provider. */
export interface Switches {
  choice: ChoiceSwitches;
  ctl: CtlSwitches;
  ds: DsSwitches;
  flexport: FlexportSwitches;
}

const KINDS: { readonly [Name in keyof Switches]: SwitchKind<Switches[Name]> } = {
  choice: choiceSwitches,
  ctl: ctlSwitches,
  ds: dsSwitches,
  flexport: flexportSwitches,
};

/** Changes to some switches of some providers. */
export type SwitchChanges = { readonly [Name in keyof Switches]?: Partial<Switches[Name]> };

/** Every switch at its value at start. */
export function createSwitches(): Switches {
  return {
    choice: { ...choiceSwitches.defaults },
    ctl: { ...ctlSwitches.defaults },
    ds: { ...dsSwitches.defaults },
    flexport: { ...flexportSwitches.defaults },
  };
}

/** Puts every switch back to its value at start. */
export function resetSwitches(target: Switches): void {
  for (const name of Object.keys(KINDS) as (keyof Switches)[]) Object.assign(target[name], KINDS[name].defaults);
}

/** Sets the given switches in place. Throws `AdminError` for an unknown name or a value of the wrong kind. */
export function applySwitches(target: Switches, changes: unknown): void {
  if (!isObject(changes)) throw new AdminError('switches must be an object');
  for (const [provider, values] of Object.entries(changes)) {
    if (!Object.hasOwn(KINDS, provider)) throw new AdminError(`no provider ${provider}`);
    const kind = KINDS[provider as keyof Switches];
    if (!isObject(values)) throw new AdminError(`the switches of ${provider} must be an object`);
    for (const [name, value] of Object.entries(values)) checkSwitch(kind, name, value);
  }
  for (const [provider, values] of Object.entries(changes)) Object.assign(target[provider as keyof Switches], values);
}

function checkSwitch({ defaults, choices }: SwitchKind<object>, name: string, value: unknown): void {
  if (!Object.hasOwn(defaults, name)) throw new AdminError(`unknown switch ${name}`);
  const usual = (defaults as Readonly<Record<string, Value>>)[name];
  if (typeof value !== typeof usual) throw new AdminError(`switch ${name} must be a ${typeof usual}`);
  const isCount = typeof value !== 'number' || (Number.isSafeInteger(value) && value >= 0);
  if (!isCount) throw new AdminError(`switch ${name} must be a whole number of 0 or more`);
  const isPageSize = name.endsWith('PageSize') && value === 0;
  const isChoice = typeof value !== 'string' || choices[name]?.test(value) !== false;
  if (isPageSize || !isChoice) throw new AdminError(`switch ${name} does not take ${String(value)}`);
}
