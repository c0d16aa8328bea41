import { createHash } from 'node:crypto';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type SandboxClock } from './clock.ts';
import { type FaultAction } from './fault-rules.ts';
import { type Faults } from './faults.ts';
import { AdminError, type Answer, type ProviderRequest, type ProviderStandIn } from './frame.ts';
import { type Journal, type JournalEntry } from './journal.ts';

export interface ExchangeParts {
  clock: SandboxClock;
  journal: Journal;
  faults: Faults;
  /** Ends delayed answers when the server closes. */
  signal: AbortSignal;
}

/** The whole body of a request. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Performs one request at a provider's stand-in, with the fault asked for, and answers it. */
export async function exchange(
  parts: ExchangeParts,
  provider: ProviderStandIn,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  const { method = 'GET', url: path = '/', headers } = request;
  const text = bodyText(body, headers['content-type']);
  const at = new Date(parts.clock.now()).toISOString();
  const entry = parts.journal.open({ at, method, path, body: text }, headers);
  const header = headers['x-sandbox-fault'];
  let fault: FaultAction;
  try {
    const subject = { provider: provider.name, method, path, body: text, header: header?.toString() };
    fault = parts.faults.pick(subject) ?? {};
  } catch (error) {
    if (!(error instanceof AdminError)) throw error;
    send(response, entry, { status: 400, body: error.message });
    return;
  }
  if (fault.drop === 'before-commit') return abandon(response, fault);
  const answer = performWithFault(provider, toProviderRequest(provider, method, path, headers, body), fault, entry);
  if (fault.delayMs !== undefined) await delay(fault.delayMs, undefined, { signal: parts.signal, ref: false });
  const date = new Date(parts.clock.now()).toUTCString();
  deliver(response, entry, { ...answer, headers: { date, ...answer.headers } }, fault);
}

/** As it is shown: a file by what it is, for a large one would be kept in memory. */
function bodyText(body: Buffer, contentType = ''): string {
  if (!/^(application\/(pdf|octet-stream|zip)|image\/)/.test(contentType)) return body.toString('utf8');
  return `<${contentType}, ${body.length} bytes, sha256 ${createHash('sha256').update(body).digest('hex')}>`;
}

function toProviderRequest(
  provider: ProviderStandIn,
  method: string,
  url: string,
  headers: IncomingMessage['headers'],
  body: Buffer,
): ProviderRequest {
  const [path = '', ...query] = url.split('?');
  const below = path.slice(provider.mount.length);
  return { method, path: below, query: new URLSearchParams(query.join('?')), headers, body };
}

function performWithFault(
  provider: ProviderStandIn,
  request: ProviderRequest,
  fault: FaultAction,
  entry: JournalEntry,
): Answer {
  let answer: Answer = { status: 500, headers: { 'content-type': 'application/json; charset=utf-8' } };
  if (fault.status === undefined || fault.commit === true) {
    answer = provider.handle(request);
    entry.committed = request.method !== 'GET' && answer.status < 300;
  }
  const { status = answer.status, contentType } = fault;
  const shown = fault.status === undefined ? answer.body : JSON.stringify(provider.forcedBody(status));
  const headers = { ...answer.headers, ...fault.headers };
  if (contentType !== undefined) headers['content-type'] = contentType;
  const body = fault.body ?? shown;
  return { status, headers, ...(body === undefined ? {} : { body }) };
}

function deliver(response: ServerResponse, entry: JournalEntry, answer: Answer, fault: FaultAction): void {
  if (fault.drop === 'after-commit') return abandon(response, fault);
  const bytes = Buffer.from(answer.body ?? '');
  if (fault.drop === 'mid-body') {
    const half = bytes.subarray(0, fault.truncateAt ?? Math.floor(bytes.length / 2));
    // The promised length is never met, even for an empty body.
    response.writeHead(answer.status, { ...answer.headers, 'content-length': bytes.length + 1 });
    response.flushHeaders();
    // An empty chunk is never written, so that its callback could never come.
    if (half.length === 0) setImmediate(() => response.destroy());
    else response.write(half, () => response.destroy());
    return;
  }
  send(response, entry, { ...answer, body: bytes.subarray(0, fault.truncateAt ?? bytes.length) });
}

function abandon(response: ServerResponse, fault: FaultAction): void {
  if (fault.hang !== true) response.destroy();
}

function send(response: ServerResponse, entry: JournalEntry | undefined, answer: Answer): void {
  if (entry !== undefined) entry.status = answer.status;
  const { status, headers = {}, body = '' } = answer;
  const length = status === 204 || status === 304 ? {} : { 'content-length': Buffer.byteLength(body) };
  response.writeHead(status, { ...headers, ...length });
  response.end(body);
}

/** Answers a request that is no provider's and thus in no journal. */
export function sendAdmin(response: ServerResponse, answer: Answer): void {
  send(response, undefined, answer);
}
