import { type Answer } from '../frame.ts';
import { invalidField, ok, refused, text } from './answers.ts';
import { viewChange } from './changes.ts';
import { compactStream, type Desk, findStream } from './desk.ts';
import { type Call, type Operation } from './intake.ts';
import { viewAsn } from './receiving.ts';
import { type Book, type Listed, type Stream, type StreamName } from './state.ts';
import { viewOrder, viewReceipt, viewReturn, viewTransaction } from './views.ts';

interface Source<Record extends Listed> {
  records(book: Book): ReadonlyMap<string, Record>;
  view(desk: Desk, record: Record): unknown;
}

function readFrom<Record extends Listed>(name: StreamName, source: Source<Record>): Operation {
  return (call) => readStream(call, name, source);
}

/** `GET /v1/{stream}/?fromUpdateId={n}` of each stream. */
export const STREAMS: Readonly<Record<StreamName, Operation>> = {
  Orders: readFrom('Orders', {
    records: ({ orders }) => orders,
    view: ({ switches }, order) => viewOrder(order, switches),
  }),
  ProductChanges: readFrom('ProductChanges', {
    records: ({ changes }) => changes,
    view: (_desk, change) => viewChange(change),
  }),
  ProductTransactions: readFrom('ProductTransactions', {
    records: ({ transactions }) => transactions,
    view: (_desk, transaction) => viewTransaction(transaction),
  }),
  PurchaseReceipts: readFrom('PurchaseReceipts', {
    records: ({ receipts }) => receipts,
    view: (_desk, receipt) => viewReceipt(receipt),
  }),
  ASNs: readFrom('ASNs', { records: ({ asns }) => asns, view: viewAsn }),
  Returns: readFrom('Returns', {
    records: ({ returns }) => returns,
    view: (_desk, record) => viewReturn(record),
  }),
};

function readStream<Record extends Listed>(call: Call, name: StreamName, source: Source<Record>): Answer {
  const { desk, request } = call;
  const from = request.query.get('fromUpdateId') ?? '0';
  if (!/^[0-9]{1,19}$/.test(from)) {
    return invalidField('fromUpdateId', 'fromUpdateId must be a whole number of 0 or more.', desk.switches);
  }
  const stream = findStream(desk.book, name);
  const records = source.records(desk.book);
  compactStream(stream, records);
  const page = takePage(desk, stream, records, BigInt(from));
  const last = page.at(-1);
  if (last === undefined) return endOfStream(desk, stream, name);
  if (last.updateIndex > stream.highestRead) stream.highestRead = last.updateIndex;
  return ok(page.map((record) => source.view(desk, record)));
}

function takePage<Record extends Listed>(
  { switches }: Desk,
  stream: Stream,
  records: ReadonlyMap<string, Record>,
  from: bigint,
): Record[] {
  const page: Record[] = [];
  for (let place = findPlace(stream, from); page.length < switches.streamPageSize; place += 1) {
    const entry = stream.entries[place];
    if (entry === undefined) break;
    const record = records.get(entry.id);
    const isHeldBack = isHeld(switches.holdBackIndex, entry) && stream.highestRead <= entry.index;
    if (record?.updateIndex === entry.index && !isHeldBack) page.push(record);
  }
  return page;
}

function isHeld(rule: string, entry: { index: bigint; position: number }): boolean {
  if (rule === '') return false;
  const every = /^every:([0-9]+)$/.exec(rule)?.[1];
  if (every === undefined) return BigInt(rule) === entry.index;
  return entry.position % Number(every) === Number(every) - 1;
}

/** The first place whose index is `from` or more. */
function findPlace({ entries }: Stream, from: bigint): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const entry = entries[middle];
    if (entry !== undefined && entry.index < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

function endOfStream({ switches }: Desk, stream: Stream, name: StreamName): Answer {
  stream.emptyReads += 1;
  const isAlternate404 = switches.streamEnd === 'alternate' && stream.emptyReads % 2 === 0;
  if (switches.streamEnd === '404' || isAlternate404) return refused(404, `No ${name} match.`);
  return text(200, '[]');
}
