import { type SandboxClock } from './clock.ts';
import { type FaultRule, type Faults } from './faults.ts';
import { type ProviderStandIn } from './frame.ts';
import { type Journal } from './journal.ts';
import { freeze, isObject, thaw } from './json.ts';
import { applySwitches, type Switches } from './switches.ts';

/** Changes whenever older state can no longer be read. */
const VERSION = 1;

export interface KeptParts {
  clock: SandboxClock;
  journal: Journal;
  faults: Faults;
  switches: Switches;
  providers: readonly ProviderStandIn[];
}

/** Everything a restart needs, as text. Kept requests are not part of it, only their numbering. */
export function keepState(parts: KeptParts): string {
  const { clock, journal, faults, switches, providers } = parts;
  return freeze({
    version: VERSION,
    now: clock.now(),
    scale: clock.scale(),
    requests: journal.sequence(),
    faults: faults.list(),
    switches,
    providers: Object.fromEntries(providers.map((provider) => [provider.name, provider.save()])),
  });
}

/** Continues from what `keepState` gave. Throws when the text is of another version. */
export function restoreState(parts: KeptParts, text: string): void {
  const kept = thaw(text);
  if (!isObject(kept) || kept['version'] !== VERSION) {
    throw new Error(`the sandbox state is not of version ${VERSION}; remove the file to start anew`);
  }
  parts.clock.resume(Number(kept['now']), Number(kept['scale']));
  parts.journal.resume(Number(kept['requests']));
  parts.faults.resume(kept['faults'] as FaultRule[]);
  applySwitches(parts.switches, kept['switches']);
  const providers = kept['providers'] as Record<string, unknown>;
  for (const provider of parts.providers) {
    if (providers[provider.name] !== undefined) provider.load(providers[provider.name]);
  }
}
