import { join, parse } from 'node:path';

/** Where the bytes of a ledger lie: `data/dray.spool` for `data/dray.db`. Ledgers in one directory share nothing. */
export function spoolBeside(ledger: string): string {
  return beside(ledger, 'spool');
}

/** Where the built-in sandbox keeps its state, so that it remembers what the ledger does. */
export function sandboxStateBeside(ledger: string): string {
  return beside(ledger, 'sandbox.json');
}

function beside(ledger: string, ending: string): string {
  const { dir, name } = parse(ledger);
  return join(dir, `${name}.${ending}`);
}
