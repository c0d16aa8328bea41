import { describe, expect, it } from 'vitest';
import { type ChoiceClient, startChoice, ticket } from './choice-client.ts';

async function refusals(choice: ChoiceClient, body: unknown): Promise<string[]> {
  const { status, json } = await choice.post('tickets', body);
  expect(status).toBe(422);
  const { code, errors } = json as { code: string; errors: { field: string; message: string }[] };
  expect(code).toBe('VALIDATION_ERROR');
  expect(errors.every(({ message }) => message.length > 10)).toBe(true);
  return errors.map(({ field }) => field);
}

describe('a ticket of Choice', () => {
  it('is created once for a key, whatever happened to it since', async () => {
    const choice = await startChoice();
    const first = await choice.post('tickets', ticket());
    expect(first).toMatchObject({
      status: 201,
      json: {
        ticketId: 'T-0088001',
        clientRef: 'SO-700151',
        requestType: 'OUTBOUND',
        status: 'RECEIVED',
        createdAt: '2026-05-04T14:00:00Z',
      },
    });
    choice.advance(3_600_000);
    const { requestType, ...rest } = ticket();
    const again = await choice.post('tickets', { ...rest, requestType });
    expect(again).toMatchObject({ status: 200, json: first.json });
    const other = await choice.post('tickets', ticket(1, { ssl: 'JFK-SSL-001' }));
    expect(other).toMatchObject({ status: 409, json: { code: 'IDEMPOTENCY_CONFLICT' } });
    expect((await choice.admin('GET', 'state/choice/tickets')).json).toEqual({ ids: ['T-0088001'] });
  });

  it('answers repetitions otherwise where switches have it so', async () => {
    const switches = { created: '202', sameKey: '409', otherBody: '422', sameReference: '409' } as const;
    const choice = await startChoice({ switches: { choice: switches } });
    expect((await choice.post('tickets', ticket())).status).toBe(202);
    expect((await choice.post('tickets', ticket())).status).toBe(409);
    expect(await refusals(choice, ticket(1, { ssl: 'JFK-SSL-001' }))).toEqual(['idempotencyKey']);
    const other = await choice.post('tickets', ticket(2, { clientRef: 'SO-700151' }));
    expect(other).toMatchObject({ status: 409, json: { code: 'DUPLICATE_CLIENT_REF' } });
  });

  it('is refused with every finding at its field', async () => {
    const choice = await startChoice();
    expect(await refusals(choice, {})).toEqual(['requestType']);
    expect(await refusals(choice, { requestType: 'RETURN' })).toEqual(['requestType']);
    expect((await refusals(choice, { requestType: 'OUTBOUND' })).sort()).toEqual([
      'clientRef',
      'idempotencyKey',
      'lines',
      'shipTo',
      'ssl',
      'subaccount',
    ]);
    expect(await refusals(choice, ticket(1, { lines: [], idempotencyKey: '17' }))).toEqual(['idempotencyKey', 'lines']);
    expect(await refusals(choice, ticket(1, { shipTo: { name: 'A' }, carrier: 'UPS' }))).toEqual([
      'carrier',
      'shipTo.address1',
      'shipTo.city',
      'shipTo.state',
      'shipTo.postalCode',
      'shipTo.country',
    ]);
    expect(await refusals(choice, ticket(1, { requestType: 'INBOUND' }))).toEqual(['shipTo']);
    const line = { partNumber: 'FAN-TRAY-2U', quantity: 1.5 };
    expect(await refusals(choice, ticket(1, { lines: [line] }))).toEqual(['lines[0].quantity']);
    for (const broken of ['{"requestType":', '[]', 'null']) {
      expect(await choice.post('tickets', broken)).toMatchObject({ status: 400, json: { code: 'MALFORMED_REQUEST' } });
    }
  });

  it('must name what is known', async () => {
    const choice = await startChoice();
    const lines = [{ partNumber: 'UNKNOWN-1', quantity: 1 }];
    const body = ticket(1, { subaccount: 'NOBODY', ssl: 'XXX-SSL-001', lines });
    expect(await refusals(choice, body)).toEqual(['subaccount', 'ssl', 'lines[0].partNumber']);
    const known = { knownSubaccountsOnly: false, knownLocationsOnly: false, knownPartsOnly: false };
    await choice.admin('POST', 'switches', { choice: known });
    expect((await choice.post('tickets', body)).status).toBe(201);
  });

  it('must agree with the part about serial numbers, one for each piece', async () => {
    const choice = await startChoice();
    const check = (line: object) =>
      refusals(choice, ticket(1, { lines: [{ partNumber: 'CTRL-BRD-7', quantity: 2, ...line }] }));
    const field = 'lines[0].serialNumbers';
    expect(await check({ serialized: true })).toEqual([field]);
    expect(await check({ serialized: true, serialNumbers: ['A'] })).toEqual([field]);
    expect(await check({ serialized: true, serialNumbers: ['A', 'A'] })).toEqual([field]);
    expect(await check({ serialized: true, serialNumbers: 'A' })).toEqual([field]);
    expect(await check({ serialNumbers: ['A', 'B'] })).toEqual([field]);
    expect(await check({})).toEqual(['lines[0].serialized']);
    const fan = { partNumber: 'FAN-TRAY-2U', serialized: true, serialNumbers: ['A', 'B'] };
    expect(await check(fan)).toEqual(['lines[0].serialized']);
    await choice.admin('POST', 'switches', { choice: { serialsRequired: false } });
    const lines = [{ partNumber: 'CTRL-BRD-7', quantity: 2, serialized: true }];
    expect((await choice.post('tickets', ticket(1, { lines }))).status).toBe(201);
  });

  it('may carry unknown properties where a switch has it so', async () => {
    const choice = await startChoice({ switches: { choice: { unknownProperties: 'ignore' } } });
    const { json } = await choice.post('tickets', ticket(1, { carrier: 'UPS' }));
    const { ticketId } = json as { ticketId: string };
    expect(await choice.get(`tickets/${ticketId}`)).not.toHaveProperty('carrier');
    expect((await choice.post('tickets', ticket(1, { carrier: 'UPS' }))).status).toBe(200);
    expect((await choice.post('tickets', ticket())).status).toBe(409);
  });

  it('is found by its client reference, page by page', async () => {
    const choice = await startChoice({ switches: { choice: { ticketPageSize: 1, lastCursor: 'absent' } } });
    for (const number of [1, 2]) await choice.post('tickets', ticket(number, { clientRef: 'SO-1' }));
    await choice.post('tickets', ticket(3));
    interface Page {
      items: { ticketId: string }[];
      nextCursor?: string;
    }
    const first = await choice.get<Page>('tickets?clientRef=SO-1');
    const second = await choice.get<Page>(`tickets?clientRef=SO-1&cursor=${first.nextCursor}`);
    expect([...first.items, ...second.items].map(({ ticketId }) => ticketId)).toEqual(['T-0088001', 'T-0088002']);
    expect(second).not.toHaveProperty('nextCursor');
    expect(await choice.get('tickets?clientRef=SO-9')).toEqual({ items: [] });
    expect((await choice.ask('tickets')).status).toBe(400);
    await choice.admin('POST', 'switches', { choice: { ticketList: false } });
    expect((await choice.ask('tickets?clientRef=SO-1')).status).toBe(404);
  });
});
