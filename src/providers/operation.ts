import { Failure } from '../core/failure.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import type { FrozenRequest, Operation } from '../core/provider.ts';
import type { Context } from './context.ts';
import type { OperationDefinition } from './definition.ts';
import { isPromise, settleJob } from './job.ts';
import { createLookUp } from './look-up.ts';
import { makeKey } from './operation-key.ts';
import { readOutcome, type OutcomeReader } from './outcome.ts';
import { createPreparation } from './prepare.ts';
import { JSON_BODY } from './read.ts';
import { fillFirst, fillTemplate, findKey, type TemplateValues } from './template.ts';
import type { Exchange } from './transport.ts';
import { uuidOf } from './uuid.ts';

export function createOperation(definition: OperationDefinition, context: Context): Operation {
  const { settings, transport, log } = context;
  return {
    name: definition.name,
    schema: definition.schema,
    isRepeatable: definition.repeat !== 'none',
    revisions: definition.revisions,
    key: (documentKey, payload) => makeKey(definition, documentKey, payload, context),
    freeze: (key, payload) => freeze(definition, key, payload, context),
    prepare: createPreparation(definition, context),
    async send(request, signal, key = keyOf(definition, request, settings), isAfterLoss = false) {
      const exchange = await transport.exchange(request, signal);
      const values = {
        settings,
        ...(key === undefined ? {} : { key, uuid: uuidOf(context.provider, definition.name, key) }),
      };
      const reader = { ...readerFor(definition, context, values, exchange), isAfterLoss };
      const { job } = definition;
      const outcome =
        job !== undefined && exchange.kind === 'answer' && isPromise(exchange, job)
          ? await settleJob(job, exchange, values, { context, reader }, signal)
          : readOutcome(exchange, reader);
      log.debug({ ...describe(definition, context), class: outcome.class, detail: outcome.detail }, 'request answered');
      return outcome;
    },
    lookUp: definition.lookUp === undefined ? undefined : createLookUp(definition, definition.lookUp, context),
  };
}

/** What logs may say of a request: the template of its address, never the address. */
function describe(definition: OperationDefinition, context: Context) {
  const { name, method, path } = definition;
  return { provider: context.provider, operation: name, method, path: path.text };
}

/** `first`: the answer to the request itself; the end of its job may not name the record. */
function readerFor(
  definition: OperationDefinition,
  context: Context,
  values: TemplateValues,
  first: Exchange,
): OutcomeReader {
  const { rules, messages, reference } = definition;
  const promised = first.kind === 'answer' ? first.body : undefined;
  return {
    ...context,
    rules,
    messages,
    reference: ({ body }) =>
      fillFirst(reference, { ...values, answer: body }) ?? fillFirst(reference, { ...values, answer: promised }),
  };
}

function freeze(
  definition: OperationDefinition,
  key: string,
  mapped: Json,
  { provider, settings }: Context,
): FrozenRequest {
  const known = { key, uuid: uuidOf(provider, definition.name, key), settings };
  const payload = withSetFields(definition, mapped, known);
  const values = { ...known, payload };
  const path = fillTemplate(definition.path, values, encodeURIComponent);
  if (path === undefined) throw new Failure('bad-config', `${definition.path.text} lacks a value`);
  const hasBody = definition.sentSchema !== undefined;
  const headers: Record<string, string> = {
    accept: 'application/json',
    ...(hasBody ? { 'content-type': JSON_BODY } : {}),
  };
  for (const { name, value } of definition.headers) {
    const text = fillTemplate(value, values);
    if (text !== undefined) headers[name] = text;
  }
  return { method: definition.method, path, headers, body: hasBody ? JSON.stringify(payload) : '' };
}

function withSetFields({ set }: OperationDefinition, payload: Json, values: TemplateValues): Json {
  if (set.length === 0 || !isJsonObject(payload)) return payload;
  const fields = set.map(({ name, value }) => [name, fillTemplate(value, { ...values, payload })] as const);
  return { ...payload, ...(Object.fromEntries(fields) as JsonObject) };
}

const inPath = { encode: encodeURIComponent, decode: decodeURIComponent };
const inHeader = { encode: String, decode: String };

// A frozen request does not name its key; the address or a header holds it.
function keyOf(
  { path, headers }: OperationDefinition,
  request: FrozenRequest,
  settings: ReadonlyMap<string, string>,
): string | undefined {
  const fromHeaders = headers.map(({ name, value }) =>
    findKey(value, request.headers[name] ?? '', { settings }, inHeader),
  );
  return findKey(path, request.path, { settings }, inPath) ?? fromHeaders.find((key) => key !== undefined);
}
