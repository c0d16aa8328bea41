import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Clock } from '../../../src/core/clock.ts';
import { describeConfigIssue } from '../../../src/core/issue.ts';
import type { Log, LogFields } from '../../../src/core/log.ts';
import type { Feed, Operation, Outcome, Provider } from '../../../src/core/provider.ts';
import {
  createProvider,
  parseProvider,
  type ParsedProvider,
  type ProviderDefinition,
  type ProviderOptions,
} from '../../../src/providers/index.ts';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
type Handler = (request: Received, response: ServerResponse, position: number) => void;

/** A provider on loopback that answers as told and remembers what it was asked. */
export async function serve(handler: Handler): Promise<{ url: string; received: Received[]; close: () => void }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const entry = { method, url, headers, body: Buffer.concat(chunks).toString() };
      received.push(entry);
      handler(entry, response, received.length - 1);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  onTestFinished(close);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received, close };
}

export function answer(
  status: number,
  body: unknown = '',
  headers: Record<string, string> = {},
): (request: Received, response: ServerResponse) => void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return (_request, response) => response.writeHead(status, headers).end(text);
}

export interface RecordedLog extends Log {
  readonly lines: readonly { readonly level: string; readonly fields: LogFields; readonly message: string }[];
}

export function createRecordedLog(): RecordedLog {
  const lines: { level: string; fields: LogFields; message: string }[] = [];
  const write = (level: string) => (fields: LogFields, message: string) => void lines.push({ level, fields, message });
  return { lines, debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/** Time that passes only when told; sleepers are woken in order. */
export function createFakeClock(): Clock & { advance(ms: number): Promise<void>; sleepers(): number } {
  let time = 0;
  let sleeping: { due: number; wake: () => void }[] = [];
  return {
    now: () => Date.UTC(2026, 4, 4) + time,
    monotonic: () => time,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        sleeping.push({ due: time + ms, wake: resolve });
        signal?.addEventListener('abort', () => resolve(), { once: true });
      }),
    sleepers: () => sleeping.length,
    async advance(ms) {
      time += ms;
      const awake = sleeping.filter(({ due }) => due <= time);
      sleeping = sleeping.filter(({ due }) => due > time);
      for (const { wake } of awake) wake();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

const settings = `
settings:
  token: { summary: the token, secret: true, default: canary-token-4711 }
auth:
  headers: { X-Token: "{settings.token}" }
limits: { rate: 1000/s }
`;

/** A small provider around one operation `thing.create` and whatever else a test adds. */
export const thing = `summary: test
${settings}
messages: { text: Message, fields: ModelState }
outcomes:
  - { status: 201, class: ACCEPTED }
  - { status: 409, class: ALREADY_EXISTS }
operations:
  thing.create:
    summary: a thing
    method: PUT
    path: /things/{key}
    body: thing.json
    key: { from: "{document.key}", maxLength: 20, pattern: "[A-Za-z0-9. _/-]+" }
    repeat: url
    reference: "{key}"
    lookUp: { path: "/things/{key}", missing: [404], same: ["Items[].Sku", "Items[].Quantity", Name] }
`;

/** A small provider around one feed `things`. */
export const things = (feed: string): string => `summary: test
${settings}
feeds:
  things: { summary: things, path: /things, ${feed} }
`;

export function parse(text: string): ParsedProvider {
  return parseWith(text, { 'thing.json': '{"type":"object"}' });
}

/** Parses a definition beside which these files lie. */
export function parseWith(text: string, files: Readonly<Record<string, string>>): ParsedProvider {
  return parseProvider(text, 'provider.yaml', (path) => {
    const content = files[path];
    return content === undefined ? undefined : { text: content, file: path };
  });
}

/** The findings as a person sees them. */
export function findings(text: string, files?: Readonly<Record<string, string>>): string[] {
  return (files === undefined ? parse(text) : parseWith(text, files)).issues.map(describeConfigIssue);
}

export function define(text: string): ProviderDefinition {
  return require(parse(text));
}

function require({ definition, issues }: ParsedProvider): ProviderDefinition {
  if (definition === undefined) throw new Error(issues.map(describeConfigIssue).join('\n'));
  return definition;
}

const mappings = fileURLToPath(new URL('../../../mappings/', import.meta.url));

/** A definition that ships with the product. */
export function loadShipped(provider: string): ProviderDefinition {
  const file = `${mappings}${provider}/provider.yaml`;
  return require(
    parseProvider(readFileSync(file, 'utf8'), file, (relative) => {
      const path = `${mappings}${provider}/${relative}`;
      return existsSync(path) ? { text: readFileSync(path, 'utf8'), file: path } : undefined;
    }),
  );
}

type Options = Partial<Omit<ProviderOptions, 'baseUrl'>>;

export function open(definition: ProviderDefinition | string, baseUrl: string, options: Options = {}): Provider {
  const provider = createProvider(typeof definition === 'string' ? define(definition) : definition, {
    name: 'test',
    baseUrl,
    settings: {},
    clock: { now: () => Date.now(), monotonic: () => performance.now(), sleep: () => Promise.resolve() },
    log: createRecordedLog(),
    ...options,
  });
  onTestFinished(() => provider.close());
  return provider;
}

export function operationOf(provider: Provider, name: string): Operation {
  const operation = provider.operations.get(name);
  if (operation === undefined) throw new Error(`no operation ${name}`);
  return operation;
}

export function feedOf(provider: Provider, name: string): Feed {
  const feed = provider.feeds.get(name);
  if (feed === undefined) throw new Error(`no feed ${name}`);
  return feed;
}

/** Sends one thing to a provider that answers as told. */
export async function sendTo(handler: Handler, options: Options = {}): Promise<Outcome> {
  const { url } = await serve(handler);
  const operation = operationOf(open(thing, url, options), 'thing.create');
  return operation.send(operation.freeze('T-1', { Name: 'x' }));
}
