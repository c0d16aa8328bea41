import { type Desk } from './desk.ts';
import { moveInbound, receiveUnits } from './inbound-life.ts';
import { deliverOrder, pickOrder, routeOrder, shipOrder, shipRest } from './order-life.ts';
import { moveReturn } from './returns.ts';
import { type EventKind } from './state.ts';
import { bookWholesale, completeWholesale, shipPart, startWholesale, tenderWholesale } from './wholesale-life.ts';

const HANDLERS: Readonly<Record<EventKind, (desk: Desk, id: string, turn: number) => void>> = {
  'order-route': routeOrder,
  'order-pick': pickOrder,
  'order-ship': shipOrder,
  'order-rest': shipRest,
  'order-deliver': deliverOrder,
  'wholesale-book': bookWholesale,
  'wholesale-start': startWholesale,
  'wholesale-part': shipPart,
  'wholesale-tender': tenderWholesale,
  'wholesale-complete': completeWholesale,
  'inbound-move': moveInbound,
  'inbound-receive': receiveUnits,
  'return-move': moveReturn,
};

/** Lets everything happen that is due at the desk's moment, each at its own time and in that order. */
export function catchUp(desk: Desk): void {
  const { queue } = desk.book;
  for (;;) {
    const [next] = queue;
    if (next === undefined || next.at > desk.at) return;
    queue.shift();
    HANDLERS[next.kind]({ ...desk, at: next.at }, next.id, next.turn);
  }
}
