import { parseExact, type Json } from '../../core/json.ts';
import type { FrozenRequest, LookUp, Operation } from '../../core/provider.ts';
import type { Context } from '../context.ts';
import type { LookUpDefinition, OperationDefinition, UnfinishedDefinition } from '../definition.ts';
import { keyValues } from './key-values.ts';
import { readFailure, readOutcome, withAnswer, type OutcomeReader } from '../outcome/outcome.ts';
import { findRecord, readRecord, requestOf, unfilled, type Found } from './read.ts';
import { isSameOn } from './same.ts';
import { fillFirst, needsAnswer, type TemplateValues } from '../request/template.ts';
import { meets } from '../outcome/verdict.ts';

/** The read that tells whether the provider has a record, and whether it is ours. */
export function createLookUp(
  operation: OperationDefinition,
  definition: LookUpDefinition,
  context: Context,
): NonNullable<Operation['lookUp']> {
  const { transport, log, provider } = context;
  return async (key, sent, signal) => {
    const values = keyValues(operation, key, context);
    const found = await readRecord(definition, values, transport, signal);
    const reader = {
      ...context,
      rules: definition.rules,
      messages: operation.messages,
      isNamed: needsAnswer(operation.reference),
      reference: ({ body }: { body: Json | undefined }) =>
        fillFirst(operation.reference, { ...values, answer: findRecord(body, definition, values) }),
    };
    const unfinished = unfinishedOf(found, sent, definition);
    const result =
      unfinished === undefined || found.kind !== 'record'
        ? conclude(found, sent, definition, reader)
        : await goOn(unfinished, { ...values, record: found.record }, { context, reader, found }, signal);
    const label = { provider, operation: operation.name, method: definition.method, path: definition.path.text };
    log.debug({ ...label, found: result.kind, detail: result.outcome.detail }, 'looked up');
    return result;
  };
}

function conclude(found: Found, sent: FrozenRequest, definition: LookUpDefinition, reader: OutcomeReader): LookUp {
  switch (found.kind) {
    case 'failed':
      return { kind: 'failed', outcome: readFailure(found.exchange, reader) };
    case 'missing':
      return { kind: 'missing', outcome: withAnswer(found.answer, 'NOT_FOUND', found.detail, reader) };
    case 'record': {
      const { status } = found.answer;
      const outcome = withAnswer(found.answer, 'ALREADY_EXISTS', String(status), reader);
      const isSame = isOurs(found.record, sent, definition);
      if (isSame || reader.isNamed !== true || outcome.reference !== undefined)
        return { kind: 'found', isSame, outcome };
      // Not somebody else's record but none at all, as a proxy answers.
      const detail = `${status}, and the answer does not name the record`;
      return { kind: 'failed', outcome: { ...outcome, class: 'RETRY_LATER', detail } };
    }
  }
}

function isOurs(record: Json, sent: FrozenRequest, { same }: LookUpDefinition): boolean {
  return isSameOn(same, sent.body === '' ? null : parseExact(sent.body), record);
}

function unfinishedOf(
  found: Found,
  sent: FrozenRequest,
  definition: LookUpDefinition,
): UnfinishedDefinition | undefined {
  if (found.kind !== 'record') return undefined;
  const fitting = definition.unfinished.find(({ when }) => meets(found.record, when));
  return fitting !== undefined && isOurs(found.record, sent, definition) ? fitting : undefined;
}

/** Makes a record of ours go on that the provider left undone: sending it again would make a second one. */
async function goOn(
  unfinished: UnfinishedDefinition,
  values: TemplateValues,
  { context, reader, found }: { context: Context; reader: OutcomeReader; found: Found & { kind: 'record' } },
  signal: AbortSignal | undefined,
): Promise<LookUp> {
  const request = requestOf(unfinished, values);
  const exchange =
    request === undefined ? unfilled(unfinished.path) : await context.transport.exchange(request, signal);
  const outcome = readOutcome(exchange, { ...reader, isNamed: false, rules: unfinished.rules });
  switch (outcome.class) {
    case 'ACCEPTED':
    case 'ALREADY_EXISTS': {
      // The reference is that of the record: the answer to "go on" need not name it.
      const { reference } = withAnswer(found.answer, 'ALREADY_EXISTS', '', reader);
      return {
        kind: 'found',
        isSame: true,
        outcome: reference === undefined ? outcome : { ...outcome, reference },
      };
    }
    case 'FIX_CREDENTIALS':
    case 'RETRY_LATER':
      return { kind: 'failed', outcome };
    case 'AMBIGUOUS':
      return { kind: 'failed', outcome: { ...outcome, class: 'RETRY_LATER' } };
    case 'EMPTY':
    case 'FIX_DATA':
    case 'NOT_FOUND':
    case 'TOO_LATE':
      return { kind: 'settled', outcome };
  }
}
