import { decideChange } from './changes.ts';
import { type Desk } from './desk.ts';
import { endQuarantine, passDay, receiveReturn } from './happenings.ts';
import { processOrder, shipOrder, shipRest } from './order-life.ts';
import { popDueEvent } from './queue.ts';
import { processAsn, processPurchaseOrder, receiveAsn, receivePurchaseOrder } from './receiving.ts';
import { type EventKind } from './state.ts';

const HANDLERS: Readonly<Record<EventKind, (desk: Desk, id: string, turn: number) => void>> = {
  'order-process': processOrder,
  'order-ship': shipOrder,
  'order-rest': shipRest,
  return: receiveReturn,
  'purchase-order-process': processPurchaseOrder,
  'purchase-order-receive': receivePurchaseOrder,
  'asn-process': processAsn,
  'asn-receive': receiveAsn,
  'change-decide': (desk, id) => decideChange(desk, id),
  day: (desk, _id, turn) => passDay(desk, turn),
  'write-off': endQuarantine,
};

/** Lets everything happen that is due at the desk's moment, each at its own time and in that order. */
export function catchUp(desk: Desk): void {
  for (;;) {
    const event = popDueEvent(desk.book.queue, desk.at);
    if (event === undefined) return;
    HANDLERS[event.kind]({ ...desk, at: event.at }, event.id, event.turn);
  }
}
