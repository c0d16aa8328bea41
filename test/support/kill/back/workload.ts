import { createRandom, type Random } from '../random.ts';

/** What the provider shipped; `stage` is when it begins to show it. */
export interface ShipmentFact {
  readonly Id: number;
  /** Key of one of our orders; empty where it belongs to none. */
  readonly Order: string;
  readonly Sku: string;
  readonly Qty: number;
  readonly stage: Stage;
}

/** Something that happened to an order of ours. */
export interface OrderEvent {
  readonly Order: string;
  readonly No: number;
  readonly stage: Stage;
}

export interface StockLevel {
  readonly Sku: string;
  readonly OnHand: number;
}

/** 0: before the first run; 1: before the run that is killed; 2: after that. */
export type Stage = 0 | 1 | 2;

/** Everything that happens at the provider while one scenario lasts. */
export interface BackWorkload {
  readonly seed: number;
  /** Keys of the orders sent before the first run, and before the one that is killed. */
  readonly orders: Readonly<Record<0 | 1, readonly string[]>>;
  readonly shipments: readonly ShipmentFact[];
  readonly events: readonly OrderEvent[];
  /** What is in stock, by stage. */
  readonly stock: Readonly<Record<Stage, readonly StockLevel[]>>;
}

const STAGES: readonly Stage[] = [0, 1, 2];

/** The workload of a seed: small, with every kind of page that makes recovery hard. */
export function createBackWorkload(seed: number): BackWorkload {
  const random = createRandom(seed);
  const name = seed % 1_000;
  const orders = { 0: [`A${name}`, `B${name}`], 1: [`C${name}`, `D${name}`] } as const;
  const first = stockOf(random);
  const second = changed(first, random);
  return {
    seed,
    orders,
    shipments: shipmentsOf(orders, random),
    events: eventsOf(orders, random),
    stock: { 0: first, 1: second, 2: changed(second, random) },
  };
}

/** Ids rise from stage to stage, but in each but the last one is missing that shows in the next: index order is not commit order. */
function shipmentsOf(orders: BackWorkload['orders'], random: Random): ShipmentFact[] {
  const facts: ShipmentFact[] = [];
  for (const stage of STAGES) {
    const count = 4 + random.below(4);
    const late = stage === 2 ? -1 : 1 + random.below(count - 2);
    const known = ['', ...orders[0], ...(stage === 0 ? [] : orders[1])];
    for (let index = 0; index < count; index++) {
      const Id = facts.length + 1;
      const shownAt = index === late ? ((stage + 1) as Stage) : stage;
      facts.push({ Id, Order: random.pick(known), Sku: `S${Id}`, Qty: 1 + random.below(9), stage: shownAt });
    }
  }
  return facts;
}

function eventsOf(orders: BackWorkload['orders'], random: Random): OrderEvent[] {
  return ([0, 1] as const).flatMap((placed) =>
    orders[placed].flatMap((Order) => {
      const stages = STAGES.filter((stage) => stage >= placed).flatMap((stage) =>
        Array.from({ length: 1 + random.below(2) }, () => stage),
      );
      return stages.map((stage, index) => ({ Order, No: index + 1, stage }));
    }),
  );
}

function stockOf(random: Random): StockLevel[] {
  return Array.from({ length: 5 + random.below(4) }, (_, index) => ({
    Sku: `P${index + 1}`,
    OnHand: 1 + random.below(99),
  }));
}

/** Some counts move, the first item leaves and a new one comes. */
function changed(levels: readonly StockLevel[], random: Random): StockLevel[] {
  const [, ...stay] = levels;
  const last = Number(levels.at(-1)?.Sku.slice(1));
  const moved = stay.map(({ Sku, OnHand }, index) => ({
    Sku,
    OnHand: index === 0 || random.chance(0.4) ? OnHand + 100 : OnHand,
  }));
  return [...moved, { Sku: `P${last + 1}`, OnHand: 1 + random.below(99) }];
}
