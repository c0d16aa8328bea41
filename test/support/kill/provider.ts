import type { JournalEntry, Sandbox } from '../../../src/sandbox/index.ts';
import { addFault } from '../sandbox.ts';
import type { Workload } from './workload.ts';

/** An entry of a stream of the provider, as far as the checks read it. */
export interface StreamEntry {
  readonly UpdateIndex: number;
  readonly [field: string]: unknown;
}

/** What the provider knows at the end. */
export interface ProviderState {
  readonly orders: readonly StreamEntry[];
  readonly receipts: readonly StreamEntry[];
  /** Writes of the program under test, in order of arrival. */
  readonly writes: readonly JournalEntry[];
}

const HEADERS = { 'content-type': 'application/json', 'x-ctl-clientid': 'demo', 'x-ctl-userid': 'demo' };
const HOUR_MS = 3_600_000;

/** Longer than an order needs to ship, and a purchase order to be received in part. */
export function passTime(sandbox: Sandbox): void {
  sandbox.advance(3 * HOUR_MS);
}

/** Brings the provider to where it is before the program starts: others have orders there, and some have shipped. */
export async function prepareProvider(sandbox: Sandbox, workload: Workload): Promise<void> {
  for (let number = 1; number <= workload.foreign.orders; number++) {
    const key = `F${workload.seed % 1_000_000}-${number}`;
    await put(sandbox, `Orders/${key}`, foreignOrder(key));
  }
  for (let number = 1; number <= workload.foreign.purchaseOrders; number++) {
    const body = { ReadyForProcessing: true, Items: [{ Sku: 'MUG-350', Quantity: 12, UnitOfMeasure: 'EACH' }] };
    await put(sandbox, `PurchaseOrders/G${workload.seed % 1_000_000}-${number}`, body);
  }
  passTime(sandbox);
  const answer = await fetch(`${sandbox.url}/__admin/requests`, { method: 'DELETE' });
  if (!answer.ok) throw new Error(`the journal could not be cleared: ${answer.status}`);
  for (const fault of workload.faults) {
    const { match, action } = fault as { match: object; action: object };
    await addFault(sandbox, match, action);
  }
}

function foreignOrder(key: string): object {
  const address = { Name: 'Dune Supply', Address1: '5 Pier Road', City: 'Newark', StateOrProvince: 'NJ' };
  const item = (sku: string, line: string): object => ({
    Sku: sku,
    Quantity: 2,
    UnitOfMeasure: 'EACH',
    Variables: [{ Key: 'LineNo', Value: line }],
  });
  return {
    ShipTo: { ...address, PostalCode: '07102', CountryCode: 'US' },
    Items: [item('CAP-STD', '1'), item('CAP-STD', '2')],
    Variables: [{ Key: 'BridgeOrderId', Value: key }],
  };
}

async function put(sandbox: Sandbox, path: string, body: object): Promise<void> {
  const answer = await fetch(`${sandbox.url}/ctl/v1/${path}`, {
    method: 'PUT',
    headers: HEADERS,
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`the provider refused ${path}: ${answer.status} ${await answer.text()}`);
}

/** Everything the provider shows, read after its journal. */
export async function readProvider(sandbox: Sandbox): Promise<ProviderState> {
  const writes = writesOf(sandbox);
  return {
    writes,
    orders: await readStream(sandbox, 'Orders'),
    receipts: await readStream(sandbox, 'PurchaseReceipts'),
  };
}

export function writesOf(sandbox: Sandbox): JournalEntry[] {
  return sandbox.journal().filter(({ method }) => method === 'PUT');
}

async function readStream(sandbox: Sandbox, name: string): Promise<StreamEntry[]> {
  const entries: StreamEntry[] = [];
  for (let from = 0; ;) {
    const answer = await fetch(`${sandbox.url}/ctl/v1/${name}/?fromUpdateId=${from}`, { headers: HEADERS });
    const page = answer.status === 404 ? [] : ((await answer.json()) as StreamEntry[]);
    const last = page.at(-1);
    if (last === undefined) return entries;
    entries.push(...page);
    from = last.UpdateIndex + 1;
  }
}
