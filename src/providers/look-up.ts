import { parseExact } from '../core/json.ts';
import { selectFirst } from '../core/path.ts';
import type { FrozenRequest, LookUp, Operation } from '../core/provider.ts';
import type { Context } from './context.ts';
import type { LookUpDefinition, OperationDefinition } from './definition.ts';
import { readOutcome, withAnswer, type OutcomeReader } from './outcome.ts';
import { isSameOn } from './same.ts';
import { fillTemplate } from './template.ts';
import type { Exchange } from './transport.ts';
import { hasStatus } from './verdict.ts';

/** The read that tells whether the provider has a record, and whether it is ours. */
export function createLookUp(
  operation: OperationDefinition,
  definition: LookUpDefinition,
  context: Context,
): NonNullable<Operation['lookUp']> {
  const { settings, transport, log, provider } = context;
  return async (key, sent, signal) => {
    const path = fillTemplate(definition.path, { key, settings }, encodeURIComponent) ?? '';
    const request = { method: 'GET', path, headers: { accept: 'application/json' }, body: '' };
    const exchange = await transport.exchange(request, signal);
    const found = conclude(exchange, sent, definition, {
      ...context,
      rules: definition.rules,
      messages: operation.messages,
      reference: ({ body }) => {
        const values = { key, settings, answer: selectFirst(body, definition.record) };
        return operation.reference === undefined ? undefined : fillTemplate(operation.reference, values);
      },
    });
    const label = { provider, operation: operation.name, method: 'GET', path: definition.path.text };
    log.debug({ ...label, found: found.kind, detail: found.outcome.detail }, 'looked up');
    return found;
  };
}

function conclude(
  exchange: Exchange,
  sent: FrozenRequest,
  definition: LookUpDefinition,
  reader: OutcomeReader,
): LookUp {
  if (exchange.kind === 'answer' && exchange.bodyKind !== 'other') {
    const detail = String(exchange.status);
    if (hasStatus(definition.missing, exchange.status)) {
      return { kind: 'missing', outcome: withAnswer(exchange, 'NOT_FOUND', detail, reader) };
    }
    if (hasStatus(['2xx'], exchange.status) && exchange.body !== undefined) {
      const record = selectFirst(exchange.body, definition.record);
      if (record === undefined) {
        return { kind: 'missing', outcome: withAnswer(exchange, 'NOT_FOUND', `${detail} without a record`, reader) };
      }
      const isSame = isSameOn(definition.same, sent.body === '' ? null : parseExact(sent.body), record);
      return { kind: 'found', isSame, outcome: withAnswer(exchange, 'ALREADY_EXISTS', detail, reader) };
    }
  }
  const outcome = readOutcome(exchange, reader);
  // A read changes nothing, so nothing about it is ambiguous: it is asked again.
  return {
    kind: 'failed',
    outcome: outcome.class === 'FIX_CREDENTIALS' ? outcome : { ...outcome, class: 'RETRY_LATER' },
  };
}
