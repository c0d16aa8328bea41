import { Failure } from '../../core/failure.ts';
import { isJsonObject, parseExact, type Json, type JsonObject } from '../../core/json.ts';
import type { FileBytes, FrozenRequest, Operation, Outcome } from '../../core/provider.ts';
import type { Context } from '../context.ts';
import type { OperationDefinition, UploadDefinition } from '../definition.ts';
import { isPromise, settleJob } from './job.ts';
import { keyValues } from './key-values.ts';
import { createLookUp } from './look-up.ts';
import { makeKey } from './operation-key.ts';
import { readOutcome, type OutcomeReader } from '../outcome/outcome.ts';
import { createPreparation } from './prepare.ts';
import { JSON_BODY } from './read.ts';
import { fillFirst, fillTemplate, findKey, needsAnswer, type TemplateValues } from '../request/template.ts';
import type { Exchange } from '../request/transport.ts';
import { fileGone, openFile, sendFile, withoutAddress } from './upload.ts';

export function createOperation(definition: OperationDefinition, context: Context): Operation {
  const { settings, log } = context;
  return {
    name: definition.name,
    schema: definition.schema,
    isRepeatable: definition.repeat !== 'none',
    revisions: definition.revisions,
    key: (documentKey, payload) => makeKey(definition, documentKey, payload, context),
    freeze: (key, payload) => freeze(definition, key, payload, context),
    prepare: createPreparation(definition, context),
    ...(definition.upload === undefined ? {} : { sendsFile: true }),
    async send(request, signal, key = keyOf(definition, request, settings), isAfterLoss = false, file) {
      const values = { settings, ...(key === undefined ? {} : keyValues(definition, key, context)) };
      const outcome =
        definition.upload === undefined
          ? await sendAlone(definition, { request, values, isAfterLoss }, context, signal)
          : await sendWithFile(definition, definition.upload, { request, values, isAfterLoss, file }, context, signal);
      log.debug({ ...describe(definition, context), class: outcome.class, detail: outcome.detail }, 'request answered');
      return outcome;
    },
    lookUp: definition.lookUp === undefined ? undefined : createLookUp(definition, definition.lookUp, context),
  };
}

interface Sending {
  readonly request: FrozenRequest;
  readonly values: TemplateValues;
  readonly isAfterLoss: boolean;
}

async function sendAlone(
  definition: OperationDefinition,
  { request, values, isAfterLoss }: Sending,
  context: Context,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  const exchange = await context.transport.exchange(request, signal);
  const reader = { ...readerFor(definition, context, values, exchange), isAfterLoss };
  const { job } = definition;
  return job !== undefined && exchange.kind === 'answer' && isPromise(exchange, job)
    ? settleJob(job, exchange, values, { context, reader }, signal)
    : readOutcome(exchange, reader);
}

/** The answer to the request names the address: nothing of it is kept, and of the upload's own answer neither. */
async function sendWithFile(
  definition: OperationDefinition,
  upload: UploadDefinition,
  { request, values, isAfterLoss, file }: Sending & { readonly file: FileBytes | undefined },
  context: Context,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  const opened = file === undefined ? undefined : await openFile(file);
  if (opened === undefined) return fileGone;
  try {
    const exchange = await context.transport.exchange(request, signal);
    const reader = { ...readerFor(definition, context, values, exchange), isAfterLoss };
    const outcome = readOutcome(exchange, reader);
    if (outcome.class !== 'ACCEPTED' || exchange.kind !== 'answer') return withoutAddress(outcome);
    const payload = request.body === '' ? null : parseExact(request.body);
    return await sendFile(upload, opened, { ...values, payload, answer: exchange.body }, { context, outcome }, signal);
  } finally {
    await opened.close();
  }
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
  const { rules, messages, notices, reference } = definition;
  const promised = first.kind === 'answer' ? first.body : undefined;
  return {
    ...context,
    rules,
    messages,
    notices,
    isNamed: needsAnswer(reference),
    reference: ({ body }) =>
      fillFirst(reference, { ...values, answer: body }) ?? fillFirst(reference, { ...values, answer: promised }),
  };
}

function freeze(definition: OperationDefinition, key: string, mapped: Json, context: Context): FrozenRequest {
  const known = keyValues(definition, key, context);
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
