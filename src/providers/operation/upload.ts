import { isFailure } from '../../core/failure.ts';
import type { FileBytes, Outcome } from '../../core/provider.ts';
import type { Context } from '../context.ts';
import type { UploadDefinition } from '../definition.ts';
import { readOutcome } from '../outcome/outcome.ts';
import { fillTemplate, type TemplateValues } from '../request/template.ts';
import { isRedirect } from '../outcome/verdict.ts';

/** A file whose bytes are there: the first of them were read. */
export interface OpenedFile {
  readonly size: number;
  readonly bytes: AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** An address that is refused is asked for anew at growing distances, and then a person looks. */
const REFUSED_WAITING = { everyMs: 5 * 60_000, longestMs: 60 * 60_000 };

export const fileGone: Outcome = {
  class: 'RETRY_LATER',
  problem: 'upload-gone',
  messages: [],
  detail: 'not sent: the file is gone',
};

/** Before anything is asked for. Undefined when the bytes are gone. */
export async function openFile({ size, open }: FileBytes): Promise<OpenedFile | undefined> {
  const iterator = open()[Symbol.asyncIterator]();
  try {
    const first = await iterator.next();
    return { size, bytes: joined(first, iterator), close: async () => void (await iterator.return?.()) };
  } catch (error) {
    if (isFailure(error, 'file-gone')) return undefined;
    throw error;
  }
}

async function* joined(
  first: IteratorResult<Uint8Array>,
  iterator: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  for (let next = first; next.done !== true; next = await iterator.next()) yield next.value;
}

/** The answer to a request whose success names an address. */
export function withoutAddress(outcome: Outcome): Outcome {
  const { answer: _answer, ...rest } = outcome;
  return outcome.status !== undefined && outcome.status < 400 ? rest : outcome;
}

/**
 * Sends a file to the address that the answer named. Whoever has that address may write there, so it is a secret: nothing
 * that comes of it says what it is.
 */
export async function sendFile(
  upload: UploadDefinition,
  { size, bytes }: OpenedFile,
  values: TemplateValues,
  { context, outcome: asked }: { readonly context: Context; readonly outcome: Outcome },
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  const { status, reference, notices } = asked;
  const plain = {
    messages: [],
    ...(reference === undefined ? {} : { reference }),
    ...(notices === undefined ? {} : { notices }),
  };
  const unsent = { ...plain, class: 'RETRY_LATER', ...(status === undefined ? {} : { status }) } as const;
  const address = fillTemplate(upload.url, values);
  if (address === undefined) return { ...unsent, detail: 'upload: the answer names no address' };
  const url = uploadAddress(address, context.baseUrl);
  if (url === undefined) return { ...unsent, problem: 'upload-address', detail: 'upload: the address is not allowed' };
  const headers = upload.headers.flatMap(({ name, value }) => {
    const text = fillTemplate(value, values);
    return text === undefined ? [] : [[name, text] as const];
  });
  const { method } = upload;
  const sent = { method, url, headers: Object.fromEntries(headers) as Record<string, string>, size, bytes };
  const exchange = await context.transport.upload(sent, signal);
  const reader = { ...context, rules: upload.rules, messages: NO_MESSAGES, reference: () => reference };
  const { answer: _answer, ...told } = readOutcome(exchange, reader);
  const outcome = { ...told, ...plain, detail: `upload: ${told.detail}` };
  if (exchange.kind !== 'answer') return outcome;
  if (isRedirect(exchange.status)) return { ...outcome, class: 'RETRY_LATER', problem: 'upload-address' };
  return outcome.class === 'RETRY_LATER' ? { ...outcome, waits: REFUSED_WAITING } : outcome;
}

const NO_MESSAGES = { texts: [], fields: [], lists: [] };

/** Undefined for an address to which nothing is sent: neither encrypted nor the provider's own, or with a login in it. */
function uploadAddress(address: string, baseUrl: URL): URL | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.username !== '' || url.password !== '') return undefined;
  return url.protocol === 'https:' || url.origin === baseUrl.origin ? url : undefined;
}
