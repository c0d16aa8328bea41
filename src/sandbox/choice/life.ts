import { isOneIn } from '../random.ts';
import { isoTime } from './answers.ts';
import { countUp, type Desk, plan, stockAt, tell } from './desk.ts';
import { type EventType, type TicketRecord } from './state.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const AFTER_MS = {
  POSTACK: 5 * SECOND_MS,
  NEWETA: MINUTE_MS,
  STAGE: 2 * MINUTE_MS,
  PACK: 10 * MINUTE_MS,
  DLVD: 60 * MINUTE_MS,
} as const;
const SECOND_PART_MS = 10 * MINUTE_MS;
/** What is said first on a ticket whose ETA is revised later. */
const HOPEFUL_MS = 45 * MINUTE_MS;

/** Plans everything that will happen to a new ticket, and reserves what it needs. */
export function startTicket(desk: Desk, ticket: TicketRecord): void {
  for (const type of ['POSTACK', 'STAGE', 'PACK', 'DLVD'] as const) {
    const isSkipped = ticket.body.requestType === 'INBOUND' && (type === 'STAGE' || type === 'PACK');
    if (!isSkipped) plan(desk, AFTER_MS[type], type, ticket);
  }
  if (isRevised(desk, ticket)) plan(desk, AFTER_MS.NEWETA, 'NEWETA', ticket);
  if (isOneIn(desk.switches.exceptionEvery, desk.seed, 'exception', ticket.ticketId)) {
    plan(desk, AFTER_MS.STAGE + MINUTE_MS, 'EXCEPTION', ticket);
  }
  reserve(desk, ticket, 'allocated', 1);
}

function isRevised({ seed, switches }: Desk, { body, ticketId }: TicketRecord): boolean {
  return body.requestType !== 'INBOUND' && isOneIn(switches.etaEvery, seed, 'eta', ticketId);
}

const STEPS: Readonly<Record<EventType, (desk: Desk, ticket: TicketRecord) => void>> = {
  POSTACK: acknowledge,
  NEWETA: reviseEta,
  STAGE: stage,
  PACK: pack,
  DLVD: deliver,
  EXCEPTION: (desk, ticket) => fail(desk, ticket, 'ADDRESS', 'The address could not be confirmed.'),
};

/** Has one step happen to a ticket, where its state allows it. */
export function takeStep(desk: Desk, ticketId: string, type: EventType): void {
  const ticket = desk.state.tickets.get(ticketId);
  if (ticket !== undefined) STEPS[type](desk, ticket);
}

/** Lets everything happen that is due at the desk's moment, each at its own time and in that order. */
export function catchUp(desk: Desk): void {
  for (;;) {
    const step = desk.state.plan[0];
    if (step === undefined || step.at > desk.at) return;
    desk.state.plan.shift();
    takeStep({ ...desk, at: step.at }, step.ticketId, step.type);
  }
}

function acknowledge(desk: Desk, ticket: TicketRecord): void {
  if (ticket.status !== 'RECEIVED') return;
  ticket.status = 'POSTACK';
  ticket.eta = ticket.createdAt + (isRevised(desk, ticket) ? HOPEFUL_MS : AFTER_MS.DLVD);
  tell(desk, ticket, 'POSTACK', { eta: isoTime(ticket.eta) });
}

function reviseEta(desk: Desk, ticket: TicketRecord): void {
  if (ticket.status !== 'POSTACK') return;
  ticket.eta = ticket.createdAt + AFTER_MS.DLVD;
  tell(desk, ticket, 'NEWETA', { eta: isoTime(ticket.eta) });
}

function stage(desk: Desk, ticket: TicketRecord): void {
  if (ticket.status !== 'POSTACK') return;
  const { ssl, lines } = ticket.body;
  reserve(desk, ticket, 'staged', 1);
  ticket.status = 'STAGE';
  const short = lines.find(({ partNumber }) => {
    const { onHand, staged } = stockAt(desk, ssl, partNumber);
    return staged > onHand;
  });
  if (short !== undefined) return fail(desk, ticket, 'SHORTAGE', `Part ${short.partNumber} is out of stock.`);
  tell(desk, ticket, 'STAGE');
}

function pack(desk: Desk, ticket: TicketRecord): void {
  const { body, done, ticketId } = ticket;
  const isFirst = ticket.status === 'STAGE';
  const rest = body.lines.map(({ quantity }, line) => quantity - (done[line] ?? 0));
  if (!isFirst && (ticket.status !== 'PACK' || rest.every((quantity) => quantity === 0))) return;
  ticket.status = 'PACK';
  const half = rest.map((quantity, line) => (rest.length > 1 ? (line === 0 ? quantity : 0) : Math.floor(quantity / 2)));
  const isSplit =
    isFirst && half.some((quantity) => quantity > 0) && isOneIn(desk.switches.splitEvery, desk.seed, 'split', ticketId);
  ship(desk, ticket, isSplit ? half : rest);
  if (isSplit) plan(desk, SECOND_PART_MS, 'PACK', ticket);
}

function ship(desk: Desk, ticket: TicketRecord, quantities: readonly number[]): void {
  const trackingNumber = `1Z00TEST${String(countUp(desk, 'parcel')).padStart(10, '0')}`;
  const shipment = { carrier: 'UPS', trackingNumber };
  const lines = describeLines(ticket, quantities);
  ticket.body.lines.forEach(({ partNumber }, line) => {
    const quantity = quantities[line] ?? 0;
    const stock = stockAt(desk, ticket.body.ssl, partNumber);
    stock.onHand -= quantity;
    stock.allocated -= quantity;
    stock.staged -= quantity;
    ticket.done[line] = (ticket.done[line] ?? 0) + quantity;
  });
  ticket.shipments.push({ ...shipment, shippedAt: desk.at });
  tell(desk, ticket, 'PACK', { ...shipment, lines });
}

/** Lines as events tell them; serial numbers leave in the order in which they were listed. */
function describeLines({ body, done }: TicketRecord, quantities: readonly number[]): object[] {
  return body.lines.flatMap(({ partNumber, serialNumbers }, line) => {
    const [first, quantity] = [done[line] ?? 0, quantities[line] ?? 0];
    if (quantity === 0) return [];
    if (serialNumbers === undefined) return [{ partNumber, quantity }];
    return [{ partNumber, quantity, serialNumbers: serialNumbers.slice(first, first + quantity) }];
  });
}

function deliver(desk: Desk, ticket: TicketRecord): void {
  const { body, status } = ticket;
  if (status !== (body.requestType === 'INBOUND' ? 'POSTACK' : 'PACK')) return;
  ticket.status = 'DLVD';
  if (body.requestType === 'INBOUND') return receive(desk, ticket);
  // No field names where a transfer goes: inferred that the delivery address carries the code of the location.
  const target = body.requestType === 'TRANSFER' ? (body.shipTo?.name ?? '') : '';
  if (desk.state.locations.has(target)) {
    for (const { partNumber, quantity } of body.lines) stockAt(desk, target, partNumber).onHand += quantity;
  }
  const { carrier, trackingNumber } = ticket.shipments.at(-1) ?? {};
  const lines = describeLines({ ...ticket, done: [] }, ticket.done);
  tell(desk, ticket, 'DLVD', { carrier, trackingNumber, lines });
}

function receive(desk: Desk, ticket: TicketRecord): void {
  const { lines, ssl } = ticket.body;
  const isShort = isOneIn(desk.switches.shortEvery, desk.seed, 'short', ticket.ticketId);
  const received = lines.map(({ quantity }, line) => quantity - (isShort && line === lines.length - 1 ? 1 : 0));
  const described = describeLines(ticket, received);
  lines.forEach(({ partNumber }, line) => (stockAt(desk, ssl, partNumber).onHand += received[line] ?? 0));
  ticket.done = received;
  tell(desk, ticket, 'DLVD', { lines: described });
}

function fail(desk: Desk, ticket: TicketRecord, reason: string, message: string): void {
  if (ticket.status === 'PACK' || ticket.status === 'DLVD' || ticket.status === 'EXCEPTION') return;
  if (ticket.status === 'STAGE') reserve(desk, ticket, 'staged', -1);
  reserve(desk, ticket, 'allocated', -1);
  ticket.status = 'EXCEPTION';
  tell(desk, ticket, 'EXCEPTION', { reason, message });
}

function reserve(desk: Desk, { body }: TicketRecord, count: 'allocated' | 'staged', sign: 1 | -1): void {
  if (body.requestType === 'INBOUND') return;
  for (const { partNumber, quantity } of body.lines) stockAt(desk, body.ssl, partNumber)[count] += sign * quantity;
}
