import { type Answer } from '../frame.ts';
import { isObject } from '../json.ts';
import { invalid, isoTime, json, refused } from './answers.ts';
import { checkReferences, checkSerials } from './checks.ts';
import { countUp } from './desk.ts';
import { badCursor, type Call, canonical, malformed, pageBody, parseBody, takePage } from './intake.ts';
import { startTicket } from './life.ts';
import { type SchemaName } from './schemas.ts';
import { type TicketRecord } from './state.ts';
import { type TicketBody, type TicketLine } from './types.ts';

const SCHEMAS: Readonly<Record<string, SchemaName>> = {
  OUTBOUND: 'ticket-outbound',
  INBOUND: 'ticket-inbound',
  TRANSFER: 'ticket-transfer',
};
const FIRST_TICKET = 88_000;

/** POST /v2/tickets */
export function createTicket(call: Call): Answer {
  const { desk, client, request } = call;
  const { state, switches } = desk;
  const sent = parseBody(request);
  if (!isObject(sent)) return malformed();
  const content = canonical(sent);
  const body = readTicket(call, sent);
  if ('status' in body) return body;
  // Before anything that may have changed since: a repeated request must find its ticket.
  const key = `${client}\n${body.idempotencyKey}`;
  const existing = state.tickets.get(state.keys.get(key) ?? '');
  if (existing !== undefined) return answerRepetition(call, existing, content);
  const problems = checkReferences(desk, client, body);
  if (problems.length > 0) return invalid(problems);
  if (switches.sameReference === '409' && isTaken(call, body.clientRef)) {
    return refused(409, 'DUPLICATE_CLIENT_REF', `A ticket for ${body.clientRef} exists.`);
  }
  const ticketId = `T-${String(FIRST_TICKET + countUp(desk, 'ticket')).padStart(7, '0')}`;
  const ticket: TicketRecord = {
    ticketId,
    client,
    content,
    body,
    status: 'RECEIVED',
    createdAt: desk.at,
    eta: null,
    done: body.lines.map(() => 0),
    shipments: [],
    events: [],
  };
  state.tickets.set(ticketId, ticket);
  state.keys.set(key, ticketId);
  startTicket(desk, ticket);
  return json(Number(switches.created), firstAnswer(ticket));
}

function isTaken({ desk, client }: Call, reference: string): boolean {
  return [...desk.state.tickets.values()].some(({ client: owner, body }) => {
    return owner === client && body.clientRef === reference;
  });
}

function readTicket({ desk, checkSchema }: Call, sent: Record<string, unknown>): TicketBody | Answer {
  const { switches } = desk;
  const schema = SCHEMAS[String(sent['requestType'])];
  if (schema === undefined) {
    const rule = sent['requestType'] === undefined ? 'is required' : 'is not valid';
    return invalid([{ field: 'requestType', message: `requestType ${rule}.` }]);
  }
  const serials = checkSerials(sent, switches.serialsRequired);
  const shape = checkSchema(schema, sent, switches.unknownProperties === 'ignore');
  // What is said about serial numbers here is settled by `checkSerials`.
  const others = shape.filter(({ field }) => !field.endsWith('.serialNumbers'));
  const problems = [...others, ...serials];
  return problems.length > 0 ? invalid(problems) : (sent as unknown as TicketBody);
}

function answerRepetition({ desk }: Call, ticket: TicketRecord, content: string): Answer {
  const { sameKey, otherBody } = desk.switches;
  if (ticket.content === content) {
    if (sameKey === '200') return json(200, firstAnswer(ticket));
    return refused(409, 'DUPLICATE_REQUEST', 'A ticket with this idempotencyKey exists.');
  }
  const message = 'The idempotencyKey was used for another request.';
  if (otherBody === '409') return refused(409, 'IDEMPOTENCY_CONFLICT', message);
  return invalid([{ field: 'idempotencyKey', message }]);
}

/** The same for every repetition, whatever has happened to the ticket since. */
function firstAnswer({ ticketId, body, createdAt }: TicketRecord): unknown {
  const { clientRef, requestType } = body;
  return { ticketId, clientRef, requestType, status: 'RECEIVED', createdAt: isoTime(createdAt) };
}

/** GET /v2/tickets/{ticketId} */
export function getTicket({ desk, client, id }: Call): Answer {
  const ticket = desk.state.tickets.get(id);
  if (ticket?.client !== client) return refused(404, 'NOT_FOUND', `Ticket ${id} is unknown.`);
  return json(200, viewTicket(ticket));
}

/** GET /v2/tickets?clientRef= */
export function listTickets(call: Call): Answer {
  const { desk, client, request } = call;
  if (!desk.switches.ticketList) return refused(404, 'NOT_FOUND', 'There is nothing at this address.');
  const reference = request.query.get('clientRef');
  if (reference === null || reference === '') {
    return refused(400, 'MISSING_PARAMETER', 'clientRef is required.');
  }
  const found = [...desk.state.tickets.values()].filter(
    ({ client: owner, body }) => owner === client && body.clientRef === reference,
  );
  const taken = takePage(call, found, ({ ticketId }) => ticketId, desk.switches.ticketPageSize);
  if (taken === undefined) return badCursor();
  return json(200, pageBody(taken.page.map(viewTicket), taken.next, desk.switches.lastCursor));
}

/** A ticket as it is read. */
function viewTicket(ticket: TicketRecord): unknown {
  const { ticketId, body, status, createdAt, eta, done, shipments, events } = ticket;
  const { requestType, clientRef, subaccount, ssl, shipTo, lines } = body;
  const count = requestType === 'INBOUND' ? 'receivedQuantity' : 'shippedQuantity';
  return {
    ticketId,
    clientRef,
    requestType,
    subaccount,
    ssl,
    ...(shipTo === undefined ? {} : { shipTo }),
    status,
    createdAt: isoTime(createdAt),
    eta: eta === null ? null : isoTime(eta),
    lines: lines.map((line, place) => ({ ...viewLine(ticket, line, place), [count]: done[place] ?? 0 })),
    shipments: shipments.map(({ shippedAt, ...shipment }) => ({ ...shipment, shippedAt: isoTime(shippedAt) })),
    events: events.map(({ occurredAt, data, ...event }) => ({ ...event, occurredAt: isoTime(occurredAt), data })),
  };
}

function viewLine({ body, status, done }: TicketRecord, line: TicketLine, place: number): TicketLine {
  const { serialNumbers, ...rest } = { ...line, serialized: line.serialized ?? false };
  if (serialNumbers === undefined) return rest;
  // What was announced, until it is known what came.
  const isReceived = body.requestType === 'INBOUND' && status === 'DLVD';
  return { ...rest, serialNumbers: isReceived ? serialNumbers.slice(0, done[place]) : serialNumbers };
}
