import type { BatchItem } from '../../core/batch.ts';
import { scalarText, type Json } from '../../core/json.ts';
import { selectFirst } from '../../core/path.ts';
import type { Outcome, OutcomeClass } from '../../core/provider.ts';
import { createPlaces, namedPlaces, type Span } from './batch-places.ts';
import type { Context } from '../context.ts';
import type { BatchDefinition, BatchResults, OperationDefinition } from '../definition.ts';
import { keyValues } from '../operation/key-values.ts';
import { readOutcome, type OutcomeReader } from '../outcome/outcome.ts';
import { fillFirst, needsAnswer } from '../request/template.ts';
import type { Answer, Exchange } from '../request/transport.ts';

export interface SentItem extends BatchItem {
  /** What it has in the list of the request. */
  readonly elements: readonly Json[];
}

interface Parts {
  readonly operation: OperationDefinition;
  readonly batch: BatchDefinition;
  readonly context: Context;
}

// Stored with each of many documents: enough to see what it was.
const LONGEST_SHARED_ANSWER = 2_000;

/** Verdicts that end a document, which one request of many must not do to all of them. */
const ENDING = new Set<OutcomeClass>(['FIX_DATA', 'TOO_LATE', 'NOT_FOUND', 'EMPTY', 'ALREADY_EXISTS']);

/** What one answer says of each of the documents in the request, in their order. */
export function readBatchAnswer(exchange: Exchange, sent: readonly SentItem[], parts: Parts): readonly Outcome[] {
  const { results } = parts.batch;
  const whole = readOutcome(exchange, {
    ...readerFor(undefined, parts),
    isAfterLoss: sent.every(({ mayHaveArrived }) => mayHaveArrived),
  });
  if (whole.class === 'ACCEPTED' && exchange.kind === 'answer') {
    if (results === undefined) return sent.map((item) => readOutcome(exchange, readerFor(item, parts)));
    return readResults(exchange, sent, results, parts);
  }
  if (sent.length === 1) return [whole];
  return ENDING.has(whole.class) ? refusedTogether(whole, sent, parts) : sent.map(() => sharedBy(whole));
}

/** `item`: whose reference it is, and whether it is a repeat. */
function readerFor(item: SentItem | undefined, { operation, context }: Parts, entry?: Json): OutcomeReader {
  const { rules, messages, notices, reference } = operation;
  return {
    ...context,
    rules,
    messages,
    notices,
    isAfterLoss: item?.mayHaveArrived ?? false,
    isNamed: item !== undefined && needsAnswer(reference),
    reference: ({ body }) =>
      item === undefined
        ? undefined
        : fillFirst(reference, {
            ...keyValues(operation, item.key, context),
            answer: body,
            ...(entry === undefined ? {} : { item: entry }),
          }),
  };
}

function readResults(
  answer: Answer,
  sent: readonly SentItem[],
  results: BatchResults,
  parts: Parts,
): readonly Outcome[] {
  const told = selectFirst(answer.body, results.list);
  const entries = Array.isArray(told) ? (told as readonly Json[]) : [];
  const find = entryFinder(entries, sent, results, parts);
  const spans = spansOf(sent);
  return sent.map((item, position) => {
    const span = spans[position] ?? { first: 0, count: 0 };
    const outcomes = item.elements.map((element, index) => {
      const entry = find(element, span.first + index);
      if (entry === undefined) return unnamed(answer);
      const { rules, messages, notices } = results;
      // The verdict on one item is about its entry; what the whole answer says besides is not kept with each.
      const about = { ...answer, body: entry, bodyKind: 'json' as const, text: JSON.stringify(entry) };
      return readOutcome(about, { ...readerFor(item, parts, entry), rules, messages, notices });
    });
    const places = createPlaces(parts.batch.list.text, span);
    return places(worst(outcomes) ?? unnamed(answer));
  });
}

/** Finds the entry about an element of the request. */
function entryFinder(
  entries: readonly Json[],
  sent: readonly SentItem[],
  { match }: BatchResults,
  { operation, context }: Parts,
): (element: Json, place: number) => Json | undefined {
  if (match === undefined) {
    const count = sent.reduce((sum, { elements }) => sum + elements.length, 0);
    return (_element, place) => (entries.length === count ? entries[place] : undefined);
  }
  const byName = new Map<string, Json>();
  let again = 0;
  for (const entry of entries) {
    const name = scalarText(selectFirst(entry, match.theirs)) ?? '';
    if (byName.has(name)) again++;
    else byName.set(name, entry);
  }
  const label = { provider: context.provider, operation: operation.name };
  if (again > 0) context.log.warn({ ...label, again }, 'an answer tells of an item more than once; the first counts');
  return (element) => {
    const name = scalarText(selectFirst(element, match.ours)) ?? '';
    return name === '' ? undefined : byName.get(name);
  };
}

function unnamed({ status }: Answer): Outcome {
  return { class: 'AMBIGUOUS', status, messages: [], detail: `${status}, and the answer does not name it` };
}

const SEVEREST_FIRST: readonly OutcomeClass[] = [
  'AMBIGUOUS',
  'RETRY_LATER',
  'FIX_CREDENTIALS',
  'FIX_DATA',
  'TOO_LATE',
  'NOT_FOUND',
  'EMPTY',
  'ALREADY_EXISTS',
  'ACCEPTED',
];

/** A document of several items is as well off as the worst of them; it is told of all that are as bad. */
function worst(outcomes: readonly Outcome[]): Outcome | undefined {
  const severest = SEVEREST_FIRST.find((name) => outcomes.some((outcome) => outcome.class === name));
  const [first, ...others] = outcomes.filter((outcome) => outcome.class === severest);
  if (first === undefined || others.length === 0) return first;
  const all = [first, ...others];
  return {
    ...first,
    messages: all.flatMap(({ messages }) => messages),
    notices: all.flatMap(({ notices }) => notices ?? []),
  };
}

/** The items a refusal names are refused; of the others nobody knows, but that none was taken. */
function refusedTogether(whole: Outcome, sent: readonly SentItem[], { batch }: Parts): readonly Outcome[] {
  const spans = spansOf(sent);
  const named = namedPlaces(batch.list.text, whole.messages);
  return sent.map((_item, position) => {
    const span = spans[position] ?? { first: 0, count: 0 };
    const own = whole.messages.filter((message) => {
      const place = named.get(message);
      return place !== undefined && place >= span.first && place < span.first + span.count;
    });
    if (own.length === 0) return { ...sharedBy(whole), isShared: true };
    return createPlaces(batch.list.text, span)({ ...sharedBy(whole), messages: own });
  });
}

/** What holds for each of many. No final word: each is looked at again with fewer. */
function sharedBy({ isFinal: _isFinal, ...whole }: Outcome): Outcome {
  return whole.answer === undefined ? whole : { ...whole, answer: whole.answer.slice(0, LONGEST_SHARED_ANSWER) };
}

function spansOf(sent: readonly SentItem[]): Span[] {
  let first = 0;
  return sent.map(({ elements }) => {
    const span = { first, count: elements.length };
    first += elements.length;
    return span;
  });
}
