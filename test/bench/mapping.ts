import { readFileSync } from 'node:fs';
import { defaultLimits } from '../../src/core/limits.ts';
import type { JsonSchema } from '../../src/core/json.ts';
import { formats } from '../../src/formats/index.ts';
import { compileMapping, parseMapping, type BoundMapping, type SourceRecord } from '../../src/mapping/index.ts';

const mappingText = `
read: { format: csv }
document: { type: order, key: OrderNo, group: OrderNo }
map:
  DateOrdered: { $from: OrderDate, $as: datetime, $format: [MM/dd/yyyy], $zone: America/Chicago }
  PurchaseNumber: CustomerPO
  Comments: Notes
  ShipTo:
    Attention: Attention
    Name: { $first: [Company, Name] }
    Address1: Address1
    Address2: Address2
    City: City
    StateOrProvince: State
    PostalCode: { $from: Zip, $padStart: [5, "0"] }
    CountryCode: { $from: Country, $table: countries, $default: US }
    Email: Email
    PhoneNumber: Phone
  Items:
    $each: lines
    Sku: SKU
    Quantity: Qty
    Description: Description
    UnitOfMeasure: UOM
    DeclaredValuePerUOM: Price
    Variables: [{ Key: { $value: LineNo }, Value: LineNo }]
  Variables: [{ Key: { $value: BridgeOrderId }, Value: { $value: "{document.key}" } }]
tables: { countries: { USA: US } }
`;

const columns =
  'OrderNo,OrderDate,CustomerPO,Notes,Attention,Company,Name,Address1,Address2,City,State,Zip,Country,Email,Phone,SKU,Qty,Description,UOM,Price,LineNo'.split(
    ',',
  );

function bindMapping(): BoundMapping {
  const { definition, yaml, issues } = parseMapping(mappingText, 'order.yaml', formats);
  if (definition === undefined) throw new Error(issues[0]?.what);
  const path = new URL('../../mappings/ctl/schemas/order.json', import.meta.url);
  const schema = JSON.parse(readFileSync(path, 'utf8')) as JsonSchema;
  const compiled = compileMapping(definition, yaml, { schema, tables: new Map(), limits: defaultLimits });
  if (compiled.mapping?.kind !== 'inbound') throw new Error(compiled.issues[0]?.what);
  const { bound } = compiled.mapping.bind(new Map([['', { columns, line: 1 }]]), new Map([['', 'orders.csv']]));
  if (bound === undefined) throw new Error('the columns do not fit');
  return bound;
}

/** Orders of three lines. */
function createOrders(count: number): SourceRecord[][] {
  return Array.from({ length: count }, (_order, order) =>
    [1, 2, 3].map((line) => ({
      part: '',
      record: {
        seq: order * 3 + line,
        line: order * 3 + line + 1,
        cells: [
          `SO-${order}`,
          '05/04/2026',
          `PO-${order}`,
          'Leave with front desk',
          'Mina Okafor',
          '',
          'Okafor Studio',
          '18 Harbor Lane',
          'Suite 4',
          'Dayton',
          'OH',
          '45402',
          'USA',
          'mina@example.test',
          '937-555-0142',
          `BTL-${line}`,
          String(line),
          'Insulated bottle',
          'EACH',
          '36.50',
          String(line * 10),
        ],
      },
    })),
  );
}

/** What one would write by hand for this one file: no checks, no positions, no messages. */
function handWritten(records: readonly SourceRecord[]): unknown {
  const first = records[0]?.record.cells ?? [];
  const at = (cells: readonly string[], index: number): string | undefined => cells[index]?.trim() || undefined;
  const [month, day, year] = (at(first, 1) ?? '').split('/');
  return {
    DateOrdered: `${year}-${month}-${day}T00:00:00-05:00`,
    PurchaseNumber: at(first, 2),
    Comments: at(first, 3),
    ShipTo: {
      Attention: at(first, 4),
      Name: at(first, 5) ?? at(first, 6),
      Address1: at(first, 7),
      Address2: at(first, 8),
      City: at(first, 9),
      StateOrProvince: at(first, 10),
      PostalCode: at(first, 11)?.padStart(5, '0'),
      CountryCode: at(first, 12) === 'USA' ? 'US' : (at(first, 12) ?? 'US'),
      Email: at(first, 13),
      PhoneNumber: at(first, 14),
    },
    Items: records.map(({ record: { cells = [] } }) => ({
      Sku: at(cells, 15),
      Quantity: Number(at(cells, 16)),
      Description: at(cells, 17),
      UnitOfMeasure: at(cells, 18),
      DeclaredValuePerUOM: Number(at(cells, 19)),
      Variables: [{ Key: 'LineNo', Value: at(cells, 20) }],
    })),
    Variables: [{ Key: 'BridgeOrderId', Value: at(first, 0) }],
  };
}

const ROUNDS = 5;

/** Documents per second of the best round: the others were disturbed. */
function rate(orders: readonly SourceRecord[][], build: (records: readonly SourceRecord[]) => unknown): number {
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    let characters = 0;
    for (const records of orders) characters += JSON.stringify(build(records)).length;
    if (characters === 0) throw new Error('nothing was built');
    best = Math.max(best, (orders.length / (performance.now() - start)) * 1000);
  }
  return best;
}

/** How fast payloads are made, and how that compares with code written for one file. */
export function benchMapping(): Promise<{ name: string; value: number; unit: string }[]> {
  const bound = bindMapping();
  const orders = createOrders(20_000);
  const build = (records: readonly SourceRecord[]): unknown => {
    const built = bound.build(records);
    if (built instanceof Promise || built.payload === undefined) throw new Error('the order was refused');
    return built.payload;
  };
  const ours = rate(orders, build);
  const byHand = rate(orders, handWritten);
  return Promise.resolve([
    { name: 'mapping: 3-line order to checked JSON', value: Math.round(ours), unit: 'documents/s' },
    { name: 'mapping: same JSON by hand, unchecked', value: Math.round(byHand), unit: 'documents/s' },
    { name: 'mapping: by hand is faster by', value: Math.round((byHand / ours) * 100) / 100, unit: 'times' },
  ]);
}
