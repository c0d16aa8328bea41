import type { Incident } from './ledger-controls.ts';

/** An incident in words: `orders: no file came by Tue 2026-05-05 06:00 Europe/Berlin`. */
export function describeIncident({ flow, code, subject }: Pick<Incident, 'flow' | 'code' | 'subject'>): string {
  return code === 'file-overdue'
    ? `${flow}: no file came by ${subject}`
    : `${flow}: files wait for ${subject}, which has not come`;
}
