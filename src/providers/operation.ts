import { Failure } from '../core/failure.ts';
import type { Json } from '../core/json.ts';
import type { FrozenRequest, Operation } from '../core/provider.ts';
import type { Context } from './context.ts';
import type { OperationDefinition } from './definition.ts';
import { createLookUp } from './look-up.ts';
import { makeKey } from './operation-key.ts';
import { readOutcome } from './outcome.ts';
import { fillTemplate, findKey } from './template.ts';

const JSON_BODY = 'application/json; charset=utf-8';

export function createOperation(definition: OperationDefinition, context: Context): Operation {
  const { settings, transport, log } = context;
  return {
    name: definition.name,
    schema: definition.schema,
    isRepeatable: definition.repeat !== 'none',
    key: (documentKey, payload) => makeKey(definition, documentKey, payload, settings),
    freeze: (key, payload) => freeze(definition, key, payload, settings),
    async send(request, signal) {
      const exchange = await transport.exchange(request, signal);
      const outcome = readOutcome(exchange, {
        ...context,
        rules: definition.rules,
        messages: definition.messages,
        reference: (answer) => {
          const key = keyOf(definition, request, settings);
          const values = { answer: answer.body, settings, ...(key === undefined ? {} : { key }) };
          return definition.reference === undefined ? undefined : fillTemplate(definition.reference, values);
        },
      });
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

function freeze(
  definition: OperationDefinition,
  key: string,
  payload: Json,
  settings: ReadonlyMap<string, string>,
): FrozenRequest {
  const values = { key, payload, settings };
  const path = fillTemplate(definition.path, values, encodeURIComponent);
  if (path === undefined) throw new Failure('bad-config', `${definition.path.text} lacks a value`);
  const hasBody = definition.schema !== undefined;
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
