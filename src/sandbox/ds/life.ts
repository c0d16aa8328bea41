import { guidOf, hashOf, isOneIn } from '../random.ts';
import { DAY_MS, type Desk, HOUR_MS, MINUTE_MS } from './desk.ts';
import { type HistoryEntry, type Shipment, type Step, type Tenant } from './state.ts';
import { type Status } from './types.ts';
import { oweStatus } from './webhook-post.ts';

const REFUSED = { code: 'CUSTOMER_REFUSED', title: 'Refused', note: 'The recipient did not take the parcel.' };
const LATE = { code: 'TRAFFIC', title: 'Traffic', note: 'The driver is late.' };
const NOBODY = { code: 'NOBODY_HOME', title: 'Nobody home', note: 'Nobody was there to take the parcel.' };

type Moment = readonly [number, Status, Omit<Step, 'at' | 'status'>?];

const PICKUP: readonly Moment[] = [
  [2 * MINUTE_MS, 'ORDER_ASSIGNED'],
  [15 * MINUTE_MS, 'PICKUP_STARTED'],
  [20 * MINUTE_MS, 'PICKUP_COMPLETED'],
  [30 * MINUTE_MS, 'IN_TRANSIT'],
];
const OUT: readonly Moment[] = [...PICKUP, [4 * HOUR_MS, 'OUT_FOR_DELIVERY']];

/** What happens after the dispatch, and how long after it. */
const WAYS = {
  normal: [...OUT, [6 * HOUR_MS, 'ORDER_DELIVERED']],
  delay: [
    ...PICKUP,
    [3 * HOUR_MS, 'ORDER_DELAYED', { eventReason: LATE }],
    [8 * HOUR_MS, 'OUT_FOR_DELIVERY'],
    [10 * HOUR_MS, 'ORDER_DELIVERED'],
  ],
  redeliver: [
    ...OUT,
    [6 * HOUR_MS, 'ORDER_REDELIVERY', { eventReason: NOBODY }],
    [DAY_MS, 'OUT_FOR_DELIVERY'],
    [26 * HOUR_MS, 'ORDER_DELIVERED'],
  ],
  undeliverable: [
    ...OUT,
    [6 * HOUR_MS, 'ORDER_UNDELIVERABLE', { subStatus: 'RETURN_IN_TRANSIT', eventReason: REFUSED }],
    [30 * HOUR_MS, 'ORDER_UNDELIVERABLE', { subStatus: 'RETURN_AT_LOCATION', eventReason: REFUSED }],
  ],
  unassign: [
    [2 * MINUTE_MS, 'ORDER_ASSIGNED'],
    [8 * MINUTE_MS, 'ORDER_UNASSIGNED'],
    [12 * MINUTE_MS, 'ORDER_ASSIGNED'],
    ...OUT.slice(1),
    [6 * HOUR_MS, 'ORDER_DELIVERED'],
  ],
} as const satisfies Record<string, readonly Moment[]>;

type Way = keyof typeof WAYS;

/** Infinity would not outlive being kept as JSON. */
export const NEVER = Number.MAX_SAFE_INTEGER;

/** Parts of an external id that decide about a way, whatever the rates say. */
const WAY_MARKS: readonly (readonly [string, Way])[] = [
  ['-DELAY', 'delay'],
  ['-REDELIVER', 'redeliver'],
  ['-UNDELIVERABLE', 'undeliverable'],
  ['-UNASSIGN', 'unassign'],
];
/** Parts of an external id after which the first dispatch does not come about. */
const START_MARKS: readonly (readonly [string, Status])[] = [
  ['-AUTORETRY', 'PENDING_AUTORETRY'],
  ['-NOESTIMATE', 'ESTIMATES_FAILED'],
  ['-ORDERFAIL', 'ORDER_FAILED'],
];
const AUTO_RETRY_AFTER_MS = 5 * MINUTE_MS;

const PROVIDERS = [
  { id: 'p-77', name: 'UPS', serviceType: 'Ground', serviceId: '03' },
  { id: 'p-12', name: 'FedEx', serviceType: 'Home Delivery', serviceId: '90' },
  { id: 'p-31', name: 'Roadie', serviceType: 'Same Day', serviceId: 'SD' },
] as const;

/** Books a new shipment: most are dispatched at once, others fail or wait, as their id says. */
export function startShipment(desk: Desk, shipment: Shipment): void {
  enter(desk, shipment, { status: 'REQUEST_RECEIVED', at: desk.at });
  const id = shipment.body.orderExternalId;
  const start = START_MARKS.find(([mark]) => id.includes(mark))?.[1];
  if (start !== 'ESTIMATES_FAILED') enter(desk, shipment, { status: 'ESTIMATES_RECEIVED', at: desk.at });
  if (start === undefined) return dispatch(desk, shipment);
  enter(desk, shipment, { status: start, at: desk.at });
  if (start !== 'PENDING_AUTORETRY') return;
  shipment.plan = [{ at: desk.at + AUTO_RETRY_AFTER_MS, status: 'ORDER_DISPATCHED' }];
  travel(desk.tenant, shipment);
}

/** Places a shipment with a carrier and plans its way. */
export function dispatch(desk: Desk, shipment: Shipment): void {
  const { seed, at } = desk;
  const { id } = shipment;
  shipment.provider = { ...(PROVIDERS[hashOf(seed, 'provider', id) % PROVIDERS.length] ?? PROVIDERS[0]) };
  shipment.trackingId = `1Z${guidOf('tracking', seed, id).replaceAll('-', '').slice(0, 16).toUpperCase()}`;
  shipment.dispatchedAt = at;
  enter(desk, shipment, { status: 'ORDER_DISPATCHED', at });
  const way: readonly Moment[] = WAYS[chooseWay(desk, shipment.body.orderExternalId)];
  shipment.plan = way.map(([after, status, more]) => ({ at: at + after, status, ...more }));
  travel(desk.tenant, shipment);
}

function chooseWay({ seed, switches }: Desk, id: string): Way {
  const marked = WAY_MARKS.find(([mark]) => id.includes(mark))?.[1];
  if (marked !== undefined) return marked;
  const rates: readonly (readonly [Way, number])[] = [
    ['undeliverable', switches.undeliverableEvery],
    ['redeliver', switches.redeliverEvery],
    ['delay', switches.delayEvery],
    ['unassign', switches.unassignEvery],
  ];
  return rates.find(([way, every]) => isOneIn(every, seed, way, id))?.[0] ?? 'normal';
}

/** Brings a shipment into a status now; what was planned no longer happens. */
export function forceStatus(desk: Desk, shipment: Shipment, status: Status): void {
  shipment.plan = [];
  desk.tenant.travelling.delete(shipment.id);
  if (status === 'ORDER_DISPATCHED') dispatch(desk, shipment);
  else enter(desk, shipment, { status, at: desk.at });
}

/** Lets everything happen that is due, each at its own time. */
export function catchUp(desk: Desk): void {
  const { tenant } = desk;
  if (desk.at < tenant.nextAt) return;
  tenant.nextAt = NEVER;
  for (const id of tenant.travelling.keys()) {
    const shipment = tenant.shipments.get(id);
    if (shipment !== undefined) moveOn(desk, shipment);
  }
}

function moveOn(desk: Desk, shipment: Shipment): void {
  for (let step = shipment.plan[0]; step !== undefined && step.at <= desk.at; step = shipment.plan[0]) {
    shipment.plan.shift();
    if (step.status === 'ORDER_DISPATCHED') dispatch({ ...desk, at: step.at }, shipment);
    else enter(desk, shipment, step);
  }
  travel(desk.tenant, shipment);
}

function travel(tenant: Tenant, { id, plan }: Shipment): void {
  const [next] = plan;
  if (next === undefined) {
    tenant.travelling.delete(id);
    return;
  }
  tenant.travelling.set(id, next.at);
  tenant.nextAt = Math.min(tenant.nextAt, next.at);
}

const BY_PLATFORM = /^(REQUEST|PENDING|ESTIMATES|ORDER_DISPATCHED|ORDER_FAILED|STAGED|ORDER_CANCELLED)/;

function enter(desk: Desk, shipment: Shipment, step: Step): void {
  const statusUser = BY_PLATFORM.test(step.status) ? 'platform' : (shipment.provider?.name ?? 'platform');
  const entry: HistoryEntry = { ...step, statusUser };
  shipment.history.push(entry);
  shipment.status = step.status;
  shipment.lastUpdatedAt = step.at;
  if (step.status === 'PICKUP_COMPLETED') shipment.pickedUpAt = step.at;
  if (step.status === 'ORDER_DELIVERED') shipment.deliveredAt = step.at;
  oweStatus(desk, shipment, entry);
}
