import { type ScheduledEvent } from './state.ts';

/** Adds an event to a binary heap that keeps the earliest event first. */
export function pushEvent(heap: ScheduledEvent[], event: ScheduledEvent): void {
  let place = heap.length;
  heap.push(event);
  while (place > 0) {
    const parent = (place - 1) >> 1;
    if (!swapIfEarlier(heap, place, parent)) return;
    place = parent;
  }
}

/** Takes the earliest event, if it is due at `now`. */
export function popDueEvent(heap: ScheduledEvent[], now: number): ScheduledEvent | undefined {
  const first = heap[0];
  if (first === undefined || first.at > now) return undefined;
  const last = heap.pop();
  if (last !== undefined && heap.length > 0) {
    heap[0] = last;
    sink(heap);
  }
  return first;
}

function sink(heap: ScheduledEvent[]): void {
  let place = 0;
  for (;;) {
    const left = place * 2 + 1;
    const [one, other] = [heap[left], heap[left + 1]];
    if (one === undefined) return;
    const child = other !== undefined && isEarlier(other, one) ? left + 1 : left;
    if (!swapIfEarlier(heap, child, place)) return;
    place = child;
  }
}

function swapIfEarlier(heap: ScheduledEvent[], child: number, parent: number): boolean {
  const [below, above] = [heap[child], heap[parent]];
  if (below === undefined || above === undefined || !isEarlier(below, above)) return false;
  heap[parent] = below;
  heap[child] = above;
  return true;
}

function isEarlier(one: ScheduledEvent, other: ScheduledEvent): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
