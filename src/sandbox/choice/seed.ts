import { createTokenBook } from '../tokens.ts';
import { type ChoiceState, type PartRecord } from './state.ts';

const LOCATIONS: readonly (readonly [code: string, name: string])[] = [
  ['DFW-SSL-002', 'Dallas stocking location'],
  ['JFK-SSL-001', 'New York stocking location'],
  ['ORD-SSL-004', 'Chicago stocking location'],
];

const PARTS: readonly (readonly [partNumber: string, description: string, serialized: boolean, stock: number])[] = [
  ['BAT-LI-48V', 'Lithium battery module 48 V', false, 60],
  ['CBL-QSFP-3M', 'QSFP cable 3 m', false, 400],
  ['CTRL-BRD-7', 'Controller board rev. 7', true, 40],
  ['FAN-TRAY-2U', 'Fan tray 2U', false, 150],
  ['PSU-1200-AC', 'Power supply 1200 W AC', true, 80],
  ['SSD-960-NVME', 'Solid state drive 960 GB', true, 120],
];

/** What Choice knows before anybody wrote to it: client `demo` with two subaccounts. */
export function createState(): ChoiceState {
  const state: ChoiceState = {
    clients: new Map([['demo', { secret: 'demo-secret', subaccounts: ['NORDIC-FIELD', 'NORDIC-DEPOT'] }]]),
    tokens: createTokenBook(),
    bucket: { level: 0, at: 0 },
    counters: new Map(),
    plan: [],
    tickets: new Map(),
    keys: new Map(),
    locations: new Map(LOCATIONS),
    parts: new Map(),
    stock: new Map(),
    webhooks: new Map(),
    posts: [],
  };
  for (const [partNumber, description, serialized, onHand] of PARTS) {
    const part: PartRecord = { partNumber, description, serialized, active: true };
    state.parts.set(partNumber, part);
    for (const [ssl] of LOCATIONS) {
      state.stock.set(`${ssl}\n${partNumber}`, { ssl, partNumber, onHand, allocated: 0, staged: 0 });
    }
  }
  return state;
}
