import { type SandboxOptions } from '../../../src/sandbox/index.ts';
import { type Client, startClient } from './client.ts';

type Reply = Awaited<ReturnType<Client['send']>>;

/** A stand-in and a caller that Choice gave a token. */
export interface ChoiceClient extends Client {
  token: string;
  get<Shape>(path: string): Promise<Shape>;
  ask(path: string): Promise<Reply>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Reply>;
}

export const CREDENTIALS = { client_id: 'demo', client_secret: 'demo-secret', grant_type: 'client_credentials' };

/** Starts a stand-in and asks for a token, which lasts a day unless a switch says otherwise. */
export async function startChoice(options: SandboxOptions = {}): Promise<ChoiceClient> {
  const switches = { ...options.switches, choice: { tokenSeconds: 86_400, ...options.switches?.choice } };
  const client = await startClient({ ...options, switches });
  const { json } = await client.send('POST', '/choice/oauth/token', CREDENTIALS);
  const token = (json as { access_token: string }).access_token;
  const authorization = `Bearer ${token}`;
  const ask: ChoiceClient['ask'] = (path) => client.send('GET', `/choice/v2/${path}`, undefined, { authorization });
  return {
    ...client,
    token,
    ask,
    get: async <Shape>(path: string) => (await ask(path)).json as Shape,
    post: (path, body, headers = {}) => client.send('POST', `/choice/v2/${path}`, body, { authorization, ...headers }),
  };
}

const KEY = '7b0f6a0e-2f0b-5c1c-9a53-0f4c5b6f1d2';

/** A ticket with a key of its own for each number of one digit. */
export function ticket(number = 1, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    requestType: 'OUTBOUND',
    clientRef: `SO-70015${number}`,
    idempotencyKey: `${KEY}${number}`,
    subaccount: 'NORDIC-FIELD',
    ssl: 'ORD-SSL-004',
    shipTo: {
      name: 'Field Depot 12',
      address1: '210 Foundry Row',
      city: 'Milwaukee',
      state: 'WI',
      postalCode: '53202',
      country: 'US',
    },
    lines: [
      { partNumber: 'FAN-TRAY-2U', quantity: 3, serialized: false },
      { partNumber: 'CTRL-BRD-7', quantity: 1, serialized: true, serialNumbers: ['CB7-0009912'] },
    ],
    ...changes,
  };
}

export function inbound(number = 1, changes: Record<string, unknown> = {}): Record<string, unknown> {
  const { shipTo: _none, ...rest } = ticket(number, { requestType: 'INBOUND', ...changes });
  return rest;
}

export interface Ticket {
  ticketId: string;
  status: string;
  eta: string | null;
  lines: { partNumber: string; shippedQuantity?: number; receivedQuantity?: number }[];
  shipments: { carrier: string; trackingNumber: string; shippedAt: string }[];
  events: { eventId: string; eventType: string; occurredAt: string; data: Record<string, unknown> }[];
}

export interface Stock {
  ssl: string;
  partNumber: string;
  onHand: number;
  available: number;
  serialized: boolean;
}

/** Event types of a ticket, in their order. */
export function eventsOf({ events }: Ticket): string[] {
  return events.map(({ eventType }) => eventType);
}
