import type { Batch, BatchItem } from '../../core/batch.ts';
import { isJsonObject, parseExact, scalarText, type Json } from '../../core/json.ts';
import { selectFirst, type PathStep } from '../../core/path.ts';
import type { FrozenRequest, Operation } from '../../core/provider.ts';
import { readBatchAnswer, type SentItem } from './batch-answer.ts';
import type { Context } from '../context.ts';
import type { BatchDefinition, OperationDefinition } from '../definition.ts';

/** An operation whose documents go along in one request, where its definition says so; one sent by itself goes the same way. */
export function withBatch(operation: Operation, definition: OperationDefinition, context: Context): Operation {
  if (definition.batch === undefined) return operation;
  const batch = createBatch(definition, definition.batch, context);
  return {
    ...operation,
    batch,
    async send(request, signal, key = '', isAfterLoss = false) {
      const [outcome] = await batch.send([{ key, request, mayHaveArrived: isAfterLoss }], signal);
      if (outcome === undefined) throw new Error('a request without an outcome');
      return outcome;
    },
  };
}

/**
 * Many documents in one request. Each frozen request is whole by itself: what goes along in one is the first of them with
 * the items of all, byte for byte as they were frozen.
 */
function createBatch(operation: OperationDefinition, batch: BatchDefinition, context: Context): Batch {
  const { transport, log, provider } = context;
  return {
    size: batch.size,
    bytes: batch.bytes,
    frame: (request) => frameOf(request, batch),
    parts: (items, most) => distribute(items, most, batch),
    async send(items, signal) {
      const sent = items.map((item) => ({ ...item, elements: elementsOf(item.request, batch) }));
      const exchange = await transport.exchange(joined(sent, batch), signal);
      const outcomes = readBatchAnswer(exchange, sent, { operation, batch, context });
      const label = { provider, operation: operation.name, method: operation.method, path: operation.path.text };
      const [first] = outcomes;
      log.debug(
        { ...label, items: items.length, class: first?.class, detail: first?.detail },
        items.length === 1 ? 'request answered' : 'request of many answered',
      );
      return outcomes;
    },
  };
}

interface Part<Item> {
  /** All of a request but its items. */
  readonly frame: string;
  readonly items: Item[];
  readonly names: Set<string>;
  elements: number;
  bytes: number;
}

function distribute<Item extends BatchItem>(items: readonly Item[], most: number, batch: BatchDefinition): Item[][] {
  const parts: Part<Item>[] = [];
  for (const item of items) {
    const { request } = item;
    const frame = frameOf(request, batch);
    const elements = elementsOf(request, batch);
    const names = namesOf(elements, batch);
    const bytes = Buffer.byteLength(request.body);
    const fitting = parts.find(
      (part) =>
        part.frame === frame &&
        part.items.length < most &&
        part.elements + elements.length <= batch.size &&
        part.bytes + bytes <= batch.bytes &&
        !names.some((name) => part.names.has(name)),
    );
    const part = fitting ?? { frame, items: [], names: new Set<string>(), elements: 0, bytes: 0 };
    if (fitting === undefined) parts.push(part);
    part.items.push(item);
    part.elements += elements.length;
    part.bytes += bytes;
    for (const name of names) part.names.add(name);
  }
  return parts.map((part) => part.items);
}

function elementsOf({ body }: FrozenRequest, { list }: BatchDefinition): readonly Json[] {
  const found = body === '' ? undefined : selectFirst(parseExact(body), list);
  return Array.isArray(found) ? (found as readonly Json[]) : [];
}

/** What the answer tells the items of a request by. */
function namesOf(elements: readonly Json[], { results }: BatchDefinition): string[] {
  const { match } = results ?? {};
  if (match === undefined) return [];
  return elements.map((element) => scalarText(selectFirst(element, match.ours)) ?? '');
}

function frameOf({ method, path, headers, body }: FrozenRequest, { list }: BatchDefinition): string {
  const rest = body === '' ? null : withElements(parseExact(body), list.steps, []);
  return JSON.stringify([method, path, Object.entries(headers), rest]);
}

function joined(sent: readonly SentItem[], { list }: BatchDefinition): FrozenRequest {
  const [first, ...others] = sent;
  if (first === undefined) throw new Error('a request of many without one');
  if (others.length === 0) return first.request;
  const elements = sent.flatMap((item) => item.elements);
  const body = JSON.stringify(withElements(parseExact(first.request.body), list.steps, elements));
  return { ...first.request, body };
}

function withElements(node: Json, [step, ...rest]: readonly PathStep[], elements: readonly Json[]): Json {
  if (step === undefined) return elements;
  if (step.kind !== 'name' || !isJsonObject(node)) return node;
  return { ...node, [step.name]: withElements(node[step.name] ?? null, rest, elements) };
}
