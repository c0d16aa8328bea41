import type { FrozenRequest, Operation, Outcome, Preparation } from '../../core/provider.ts';
import type { Context } from '../context.ts';
import type { FindDefinition, OperationDefinition } from '../definition.ts';
import { scalarText } from '../../core/json.ts';
import { selectFirst } from '../../core/path.ts';
import { keyValues } from './key-values.ts';
import { hasDotSegment } from './operation-key.ts';
import { readFailure, withAnswer, type OutcomeReader } from '../outcome/outcome.ts';
import { readRecord } from './read.ts';
import { createResolver, type Resolver } from './resolve.ts';
import { fillFirst, foundMark } from '../request/template.ts';
import { meets } from '../outcome/verdict.ts';

/** Completes frozen requests with what only the provider knows; undefined where an operation needs nothing of the kind. */
export function createPreparation(definition: OperationDefinition, context: Context): Operation['prepare'] {
  const { find, resolve } = definition;
  if (find === undefined && resolve.length === 0) return undefined;
  const reader: OutcomeReader = { ...context, rules: [], messages: definition.messages, reference: () => undefined };
  const resolver = createResolver(definition, context, reader);
  return async (key, request, signal) => {
    const located =
      find === undefined ? request : await locate(definition, find, { key, request }, context, reader, signal);
    const result: Preparation = 'class' in located ? failed(located) : await complete(resolver, located, signal);
    const label = { provider: context.provider, operation: definition.name };
    const detail = result.kind === 'failed' ? result.outcome.detail : 'complete';
    context.log.debug({ ...label, detail }, 'request prepared');
    return result;
  };
}

async function complete(
  resolver: Resolver,
  request: FrozenRequest,
  signal: AbortSignal | undefined,
): Promise<Preparation> {
  const resolved = await resolver(request, signal);
  return 'class' in resolved ? failed(resolved) : { kind: 'prepared', request: resolved };
}

/** Nothing but reads was sent, whatever the outcome says of them. */
function failed(outcome: Outcome): Preparation {
  const { detail } = outcome;
  return {
    kind: 'failed',
    outcome: { ...outcome, detail: detail.startsWith('not sent') ? detail : `not sent: ${detail}` },
  };
}

/** Puts what one read finds into the address. */
async function locate(
  definition: OperationDefinition,
  find: FindDefinition,
  { key, request }: { readonly key: string; readonly request: FrozenRequest },
  context: Context,
  reader: OutcomeReader,
  signal: AbortSignal | undefined,
): Promise<FrozenRequest | Outcome> {
  const found = await readRecord(find, keyValues(definition, key, context), context.transport, signal);
  if (found.kind === 'failed') return readFailure(found.exchange, { ...reader, rules: find.rules });
  if (found.kind === 'missing') {
    return notThere(withAnswer(found.answer, 'NOT_FOUND', found.detail, reader), find);
  }
  if (find.done !== undefined && meets(found.record, find.done)) {
    const values = { ...keyValues(definition, key, context), answer: found.record };
    const reference = (): string | undefined => fillFirst(definition.reference, values);
    return withAnswer(found.answer, 'ACCEPTED', 'done before', { ...reader, reference });
  }
  let { path } = request;
  for (const { name, path: place } of find.take) {
    const value = scalarText(selectFirst(found.record, place)) ?? '';
    if (value === '' && path.includes(foundMark(name))) {
      const outcome = withAnswer(found.answer, 'RETRY_LATER', `the record that was found has no ${place.text}`, reader);
      return find.wait === undefined ? outcome : notThere(outcome, find);
    }
    path = path.replaceAll(foundMark(name), () => encodeURIComponent(value));
  }
  if (hasDotSegment(path))
    return withAnswer(found.answer, 'RETRY_LATER', 'what was found cannot be a part of an address', reader);
  return { ...request, path };
}

/** What is not there may come yet, where the definition says so. */
function notThere(outcome: Outcome, { called, wait }: FindDefinition): Outcome {
  if (wait === undefined) return { ...outcome, missing: called };
  return { ...outcome, class: 'RETRY_LATER', missing: called, waits: wait };
}
