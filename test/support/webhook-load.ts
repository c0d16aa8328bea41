import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { repository } from './dray.ts';

const LOAD_SECRET = 'a secret we agreed on';

/** A configuration that only takes the posts of one provider. */
export function loadConfig(port: number): object {
  const provider = {
    definition: join(repository, 'mappings/choice/provider.yaml'),
    // Nothing listens there: no flow asks.
    baseUrl: 'http://127.0.0.1:9',
    settings: { clientId: 'demo', clientSecret: 'demo', webhookSecret: LOAD_SECRET },
  };
  const folders = { erp: { path: 'erp' } };
  return { ledger: 'data/dray.db', folders, webhooks: { listen: String(port) }, providers: { acme: provider } };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

/** Posts signed events over connections that stay open. */
export interface Load {
  /** Posts event number `at`; false when no 200 came. */
  post(at: number): Promise<boolean>;
  close(): void;
}

export function createLoad(port: number, connections: number): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return {
    post(at) {
      const body = JSON.stringify({
        eventId: eventId(at),
        eventType: 'PACK',
        occurredAt: '2026-05-04T14:22:09Z',
        ticketId: `T-${at}`,
        clientRef: `SO-${at % 1000}`,
        data: { carrier: 'UPS', trackingNumber: `1Z${at}`, lines: [{ partNumber: 'FAN-TRAY-2U', quantity: 3 }] },
      });
      const signature = `sha256=${createHmac('sha256', LOAD_SECRET).update(body).digest('hex')}`;
      const headers = { 'x-choice-signature': signature, 'content-length': Buffer.byteLength(body) };
      return new Promise((resolve) => {
        const sent = request({ host: '127.0.0.1', port, path: '/acme', method: 'POST', headers, agent }, (answer) => {
          answer.resume();
          answer.on('close', () => resolve(answer.statusCode === 200));
        });
        sent.on('error', () => resolve(false));
        sent.end(body);
      });
    },
    close: () => agent.destroy(),
  };
}

export function eventId(at: number): string {
  return `evt_${String(at).padStart(9, '0')}`;
}

/** Waits until the endpoint answers. */
export async function untilOpen(port: number): Promise<void> {
  for (;;) {
    const status = await fetch(`http://127.0.0.1:${port}/`).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 404) return;
    await delay(50);
  }
}
