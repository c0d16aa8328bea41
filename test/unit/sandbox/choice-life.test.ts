import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MINUTE } from './client.ts';
import { CREDENTIALS, eventsOf, inbound, startChoice, type Stock, type Ticket, ticket } from './choice-client.ts';

const FIRST = 'tickets/T-0088001';
const STEADY = { etaEvery: 0 } as const;

async function stockOf(choice: Awaited<ReturnType<typeof startChoice>>, ssl: string, part: string): Promise<Stock> {
  const { items } = await choice.get<{ items: Stock[] }>(`inventory?ssl=${ssl}&partNumber=${part}`);
  expect(items).toHaveLength(1);
  return items[0] as Stock;
}

describe('the life of a ticket', () => {
  it('goes from receipt to delivery, each step at its time', async () => {
    const choice = await startChoice({ switches: { choice: STEADY } });
    await choice.post('tickets', ticket());
    const states: string[] = [];
    for (const wait of [0, 5_000 - 1, 1, 2 * MINUTE - 5_000, 8 * MINUTE, 50 * MINUTE]) {
      choice.advance(wait);
      states.push((await choice.get<Ticket>(FIRST)).status);
    }
    expect(states).toEqual(['RECEIVED', 'RECEIVED', 'POSTACK', 'STAGE', 'PACK', 'DLVD']);
    const done = await choice.get<Ticket>(FIRST);
    expect(eventsOf(done)).toEqual(['POSTACK', 'STAGE', 'PACK', 'DLVD']);
    expect(done.eta).toBe('2026-05-04T15:00:00Z');
    expect(done.lines.map(({ shippedQuantity }) => shippedQuantity)).toEqual([3, 1]);
    const shipment = { carrier: 'UPS', trackingNumber: '1Z00TEST0000000001' };
    expect(done.shipments).toEqual([{ ...shipment, shippedAt: '2026-05-04T14:10:00Z' }]);
    const lines = [
      { partNumber: 'FAN-TRAY-2U', quantity: 3 },
      { partNumber: 'CTRL-BRD-7', quantity: 1, serialNumbers: ['CB7-0009912'] },
    ];
    expect(done.events[2]).toMatchObject({ occurredAt: '2026-05-04T14:10:00Z', data: { ...shipment, lines } });
    expect(new Set(done.events.map(({ eventId }) => eventId)).size).toBe(4);
  });

  it('reserves stock when it begins and takes it when it is packed', async () => {
    const choice = await startChoice({ switches: { choice: STEADY } });
    const fans = () => stockOf(choice, 'ORD-SSL-004', 'FAN-TRAY-2U');
    expect(await fans()).toMatchObject({ onHand: 150, available: 150, serialized: false });
    await choice.post('tickets', ticket());
    expect(await fans()).toMatchObject({ onHand: 150, available: 147 });
    choice.advance(10 * MINUTE);
    expect(await fans()).toMatchObject({ onHand: 147, available: 147 });
  });

  it('gets a new ETA where the seed says so', async () => {
    const choice = await startChoice({ switches: { choice: { etaEvery: 1 } } });
    await choice.post('tickets', ticket());
    choice.advance(5_000);
    expect((await choice.get<Ticket>(FIRST)).eta).toBe('2026-05-04T14:45:00Z');
    choice.advance(MINUTE);
    const revised = await choice.get<Ticket>(FIRST);
    expect([eventsOf(revised), revised.eta]).toEqual([['POSTACK', 'NEWETA'], '2026-05-04T15:00:00Z']);
  });

  it('ends in an exception for want of stock, without touching others', async () => {
    const choice = await startChoice({ switches: { choice: STEADY } });
    const lines = [{ partNumber: 'FAN-TRAY-2U', quantity: 100 }];
    for (const number of [1, 2]) await choice.post('tickets', ticket(number, { lines }));
    choice.advance(60 * MINUTE);
    expect((await choice.get<Ticket>(FIRST)).status).toBe('DLVD');
    const short = await choice.get<Ticket>('tickets/T-0088002');
    expect(short).toMatchObject({ status: 'EXCEPTION', shipments: [] });
    expect(short.events.at(-1)).toMatchObject({ eventType: 'EXCEPTION', data: { reason: 'SHORTAGE' } });
    expect(await stockOf(choice, 'ORD-SSL-004', 'FAN-TRAY-2U')).toMatchObject({ onHand: 50, available: 50 });
  });

  it('ends in an exception after staging where a switch has it so, and frees the stock', async () => {
    const choice = await startChoice({ switches: { choice: { ...STEADY, exceptionEvery: 1 } } });
    await choice.post('tickets', ticket());
    choice.advance(60 * MINUTE);
    expect(eventsOf(await choice.get<Ticket>(FIRST))).toEqual(['POSTACK', 'STAGE', 'EXCEPTION']);
    expect(await stockOf(choice, 'ORD-SSL-004', 'FAN-TRAY-2U')).toMatchObject({ onHand: 150, available: 150 });
    await choice.admin('POST', 'switches', { choice: { exceptionEvery: 0 } });
    await choice.post('tickets', ticket(2, { lines: [{ partNumber: 'FAN-TRAY-2U', quantity: 150 }] }));
    choice.advance(10 * MINUTE);
    expect((await choice.get<Ticket>('tickets/T-0088002')).status).toBe('PACK');
  });

  it('may be packed in two parts, each with its own parcel and serial numbers', async () => {
    const choice = await startChoice({ switches: { choice: { ...STEADY, splitEvery: 1 } } });
    const serialNumbers = ['A', 'B', 'C'];
    const lines = [{ partNumber: 'CTRL-BRD-7', quantity: 3, serialized: true, serialNumbers }];
    await choice.post('tickets', ticket(1, { lines }));
    choice.advance(10 * MINUTE);
    expect((await choice.get<Ticket>(FIRST)).lines[0]?.shippedQuantity).toBe(1);
    choice.advance(10 * MINUTE);
    const packed = await choice.get<Ticket>(FIRST);
    const parcels = packed.events.filter(({ eventType }) => eventType === 'PACK').map(({ data }) => data);
    expect(parcels).toMatchObject([
      { trackingNumber: '1Z00TEST0000000001', lines: [{ quantity: 1, serialNumbers: ['A'] }] },
      { trackingNumber: '1Z00TEST0000000002', lines: [{ quantity: 2, serialNumbers: ['B', 'C'] }] },
    ]);
    choice.advance(40 * MINUTE);
    const { status, events } = await choice.get<Ticket>(FIRST);
    expect([status, events.at(-1)?.data['lines']]).toMatchObject(['DLVD', [{ quantity: 3, serialNumbers }]]);
  });

  it('of goods that arrive ends with what was received', async () => {
    const choice = await startChoice({ switches: { choice: { shortEvery: 1 } } });
    await choice.post('tickets', inbound());
    choice.advance(60 * MINUTE);
    const done = await choice.get<Ticket>(FIRST);
    expect([done.status, eventsOf(done)]).toEqual(['DLVD', ['POSTACK', 'DLVD']]);
    expect(done.lines.map(({ receivedQuantity }) => receivedQuantity)).toEqual([3, 0]);
    expect(done.events[1]?.data).toEqual({ lines: [{ partNumber: 'FAN-TRAY-2U', quantity: 3 }] });
    expect(await stockOf(choice, 'ORD-SSL-004', 'FAN-TRAY-2U')).toMatchObject({ onHand: 153, available: 153 });
    expect(await stockOf(choice, 'ORD-SSL-004', 'CTRL-BRD-7')).toMatchObject({ onHand: 40 });
  });

  it('of a transfer moves stock to the location of the delivery address', async () => {
    const choice = await startChoice({ switches: { choice: STEADY } });
    const shipTo = { ...(ticket()['shipTo'] as object), name: 'DFW-SSL-002' };
    await choice.post('tickets', ticket(1, { requestType: 'TRANSFER', shipTo }));
    choice.advance(60 * MINUTE);
    expect((await stockOf(choice, 'ORD-SSL-004', 'FAN-TRAY-2U')).onHand).toBe(147);
    expect((await stockOf(choice, 'DFW-SSL-002', 'FAN-TRAY-2U')).onHand).toBe(153);
  });

  it('can be forced into a state through the steps that lead there', async () => {
    const choice = await startChoice({ switches: { choice: STEADY } });
    for (const number of [1, 2]) await choice.post('tickets', ticket(number));
    const force = (id: string, state: string) =>
      choice.admin('POST', 'transition', { provider: 'choice', kind: 'tickets', id, state });
    expect((await force('T-0088001', 'pack')).json).toMatchObject({ status: 'PACK' });
    expect(eventsOf(await choice.get<Ticket>(FIRST))).toEqual(['POSTACK', 'STAGE', 'PACK']);
    expect((await force('T-0088001', 'exception')).json).toMatchObject({ status: 'PACK' });
    expect((await force('T-0088002', 'exception')).json).toMatchObject({ status: 'EXCEPTION' });
    expect((await force('T-0088002', 'dlvd')).json).toMatchObject({ status: 'EXCEPTION' });
    expect((await force('T-0088009', 'pack')).status).toBe(400);
    expect((await force('T-0088001', 'closed')).status).toBe(400);
    choice.advance(60 * MINUTE);
    expect(eventsOf(await choice.get<Ticket>(FIRST))).toEqual(['POSTACK', 'STAGE', 'PACK', 'DLVD']);
  });

  it('goes on after a restart, with the same tokens, keys and plans', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'choice-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const stateFile = join(folder, 'state.json');
    const before = await startChoice({ stateFile });
    await before.post('tickets', ticket());
    before.advance(MINUTE);
    await before.close();
    const after = await startChoice({ stateFile });
    const headers = { authorization: `Bearer ${before.token}` };
    expect((await after.send('POST', '/choice/v2/tickets', ticket(), headers)).status).toBe(200);
    after.advance(59 * MINUTE);
    expect((await after.get<Ticket>(FIRST)).status).toBe('DLVD');
  });

  it('begins anew after a reset', async () => {
    const choice = await startChoice();
    await choice.post('tickets', ticket());
    await choice.admin('POST', 'reset', {});
    expect((await choice.ask('inventory')).status).toBe(401);
    expect((await choice.send('POST', '/choice/oauth/token', CREDENTIALS)).status).toBe(200);
    expect((await choice.admin('GET', 'state/choice/tickets')).json).toEqual({ ids: [] });
  });
});
