import { isJsonObject, isRawNumber, parseExact, scalarText, type Json } from '../../core/json.ts';
import { selectFirst, type PathStep } from '../../core/path.ts';
import type { FrozenRequest, Outcome, ProviderMessage } from '../../core/provider.ts';
import { createAjv, pointerPath } from '../../core/shape.ts';
import type { Context } from '../context.ts';
import type { OperationDefinition, ResolveDefinition } from '../definition.ts';
import { hasDotSegment } from './operation-key.ts';
import { readFailure, type OutcomeReader } from '../outcome/outcome.ts';
import { readRecord } from './read.ts';
import { fillTemplate } from '../request/template.ts';

/** Replaces values of a request's payload by what the provider calls them, or says why that cannot be done. */
export type Resolver = (request: FrozenRequest, signal: AbortSignal | undefined) => Promise<FrozenRequest | Outcome>;

// A catalogue may be large, and remembering is a saving only.
const MOST_REMEMBERED = 10_000;
const MOST_MESSAGES = 100;
const AT_ONCE = 4;

export function createResolver(definition: OperationDefinition, context: Context, reader: OutcomeReader): Resolver {
  const steps = definition.resolve.map((one) => ({ one, lookUp: createRemembering(one, context, reader) }));
  const check = createCheck(definition);
  return async (request, signal) => {
    if (steps.length === 0) return request;
    const payload = parseExact(request.body);
    const messages: ProviderMessage[] = [];
    for (const { one, lookUp } of steps) {
      const places = placesOf(payload, one.at.steps);
      const values = [...new Set(places.map(({ value }) => value))];
      const { answers, failure } = await askEach(values, (value) => lookUp(value, signal));
      if (failure !== undefined) return failure;
      for (const place of places) {
        const answer = answers.get(place.value);
        if (answer?.kind === 'known') place.put(answer.value);
        else if (one.unless?.test(place.value) !== true)
          messages.push({ field: place.field, text: 'nothing by this name', unknown: place.value });
      }
    }
    const body = JSON.stringify(payload);
    if (messages.length === 0) messages.push(...check(body));
    return messages.length === 0 ? { ...request, body } : refusal(messages);
  };
}

/** Asks for a few values at a time. A provider that fails is left alone: the other values would fail as well. */
async function askEach(
  values: readonly string[],
  ask: (value: string) => Promise<Answer>,
): Promise<{ readonly answers: ReadonlyMap<string, Answer>; readonly failure: Outcome | undefined }> {
  const answers = new Map<string, Answer>();
  const left = [...values];
  let failure: Outcome | undefined;
  const run = async (): Promise<void> => {
    for (let value = left.shift(); value !== undefined && failure === undefined; value = left.shift()) {
      const answer = await ask(value);
      answers.set(value, answer);
      if (answer.kind === 'failed') failure = answer.outcome;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, run));
  return { answers, failure };
}

function refusal(messages: readonly ProviderMessage[]): Outcome {
  return { class: 'FIX_DATA', messages: messages.slice(0, MOST_MESSAGES), detail: 'not sent: values without a record' };
}

type Answer =
  | { readonly kind: 'known'; readonly value: Json }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'failed'; readonly outcome: Outcome };

function createRemembering(
  one: ResolveDefinition,
  { settings, transport, clock }: Context,
  reader: OutcomeReader,
): (value: string, signal: AbortSignal | undefined) => Promise<Answer> {
  const known = new Map<string, { readonly answer: Answer; readonly until: number }>();
  // Documents that are sent at the same time often name the same things.
  const asking = new Map<string, Promise<Answer>>();
  const ask = async (value: string, signal: AbortSignal | undefined): Promise<Answer> => {
    const address = fillTemplate(one.path, { value, settings }, encodeURIComponent);
    if (address === undefined || hasDotSegment(address)) return { kind: 'unknown' };
    const found = await readRecord(one, { value, settings }, transport, signal);
    if (found.kind === 'failed')
      return { kind: 'failed', outcome: readFailure(found.exchange, { ...reader, rules: one.rules }) };
    const name = found.kind === 'record' ? selectFirst(found.record, one.take) : undefined;
    return name === undefined || scalarText(name) === '' ? { kind: 'unknown' } : { kind: 'known', value: name };
  };
  return async (value, signal) => {
    const remembered = known.get(value);
    if (remembered !== undefined && clock.monotonic() < remembered.until) return remembered.answer;
    if (one.rememberMs === 0) return ask(value, signal);
    const shared = asking.get(value);
    if (shared !== undefined) return shared;
    const asked = ask(value, signal).finally(() => asking.delete(value));
    asking.set(value, asked);
    const answer = await asked;
    // That a value is the provider's own may be remembered; one that is unknown may be known in a moment.
    const isSettled = answer.kind === 'known' || (answer.kind === 'unknown' && one.unless?.test(value) === true);
    if (!isSettled) return answer;
    known.delete(value);
    known.set(value, { answer, until: clock.monotonic() + one.rememberMs });
    for (const oldest of known.keys()) {
      if (known.size <= MOST_REMEMBERED) break;
      known.delete(oldest);
    }
    return answer;
  };
}

interface PlaceOfValue {
  /** As messages name it: `lineItems[1].logisticsSku`. */
  readonly field: string;
  readonly value: string;
  put(value: Json): void;
}

/** Every place a path leads to that holds a value. */
function placesOf(node: Json, steps: readonly PathStep[], field = ''): PlaceOfValue[] {
  const [step, ...rest] = steps;
  if (step === undefined || typeof node !== 'object' || node === null || isRawNumber(node)) return [];
  const holder = node as Record<string | number, Json>;
  if (step.kind === 'each' && Array.isArray(node))
    return node.flatMap((_element, index) => placeAt(holder, index, rest, `${field}[${index}]`));
  if (step.kind !== 'name' || !isJsonObject(node) || !Object.hasOwn(node, step.name)) return [];
  return placeAt(holder, step.name, rest, field === '' ? step.name : `${field}.${step.name}`);
}

function placeAt(
  holder: Record<string | number, Json>,
  name: string | number,
  rest: readonly PathStep[],
  field: string,
): PlaceOfValue[] {
  const value = holder[name];
  if (value === undefined) return [];
  if (rest.length > 0) return placesOf(value, rest, field);
  const text = scalarText(value);
  const put = (replacement: Json): void => {
    holder[name] = replacement;
  };
  return text === undefined || text === '' ? [] : [{ field, value: text, put }];
}

/** What is sent must satisfy the whole schema; a mapping was held to a looser one. */
function createCheck({ sentSchema }: OperationDefinition): (body: string) => ProviderMessage[] {
  let validate: ReturnType<ReturnType<typeof createAjv>['compile']> | undefined;
  return (body) => {
    if (sentSchema === undefined) return [];
    validate ??= createAjv().compile(sentSchema);
    if (validate(JSON.parse(body))) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => ({
      field: fieldOf(instancePath),
      text: `what the provider calls it cannot be sent: it ${message ?? 'breaks the schema'}`,
    }));
  };
}

function fieldOf(pointer: string): string {
  return pointerPath(pointer).reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}
