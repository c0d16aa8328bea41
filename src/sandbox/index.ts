import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { administer } from './admin.ts';
import { createClock } from './clock.ts';
import { createChoice } from './choice/index.ts';
import { createCtl } from './ctl/index.ts';
import { createDs } from './ds/index.ts';
import { exchange, readBody, sendAdmin } from './exchange.ts';
import { createFaults } from './faults.ts';
import { createFlexport } from './flexport/index.ts';
import { type ProviderStandIn } from './frame.ts';
import { createJournal, type JournalEntry } from './journal.ts';
import { createStateFile, type StateFile } from './persist.ts';
import { keepState, restoreState } from './snapshot.ts';
import { applySwitches, createSwitches, resetSwitches, type SwitchChanges, type Switches } from './switches.ts';
import { startSender, type Delivery } from './webhooks.ts';

export type { JournalEntry } from './journal.ts';
export type { SwitchChanges } from './switches.ts';

export interface SandboxOptions {
  /** 0, the default, takes a free port. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** Seconds that pass in the stand-in per real second; default 1. */
  scale?: number;
  /** Decides ids and every choice; default 1. */
  seed?: number;
  /** Keeps the state over restarts. */
  stateFile?: string;
  /** Requests kept; default 100 000. */
  journal?: number;
  /** Real time in ms; default Date.now. */
  now?: () => number;
  switches?: SwitchChanges;
}

export interface Sandbox {
  /** Such as http://127.0.0.1:41234, without a slash at the end. */
  readonly url: string;
  /** Lets time pass in the stand-in. */
  advance(milliseconds: number): void;
  journal(): readonly JournalEntry[];
  /** Posts it made, one for each try. */
  deliveries(): readonly Delivery[];
  /** Breaks open connections, keeps the state, stops. */
  close(): Promise<void>;
}

/** Starts the stand-in of the providers. Throws when the port is taken or the state file is unreadable. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { port = 0, host = '127.0.0.1', stateFile } = options;
  const parts = assemble(options);
  const file = stateFile === undefined ? undefined : createStateFile(stateFile, () => keepState(parts));
  const kept = await file?.read();
  if (kept !== undefined) {
    restoreState(parts, kept);
    if (options.scale !== undefined) parts.clock.setScale(options.scale);
    applySwitches(parts.switches, options.switches ?? {});
  }
  const server = createServer((request, response) => {
    void answer(parts, request, response).then(() => file?.touch());
  });
  server.keepAliveTimeout = 60_000;
  await listen(server, port, host);
  const sender = startSender(parts.providers, parts.clock, { signal: parts.signal, onSent: () => file?.touch() });
  parts.deliveries = () => sender.deliveries();
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    advance(milliseconds) {
      parts.clock.advance(milliseconds);
      for (const provider of parts.providers) provider.settle();
      file?.touch();
    },
    journal: () => parts.journal.entries(),
    deliveries: () => sender.deliveries(),
    close: () => stop(server, parts.stopping, file),
  };
}

type Parts = ReturnType<typeof assemble>;

function assemble(options: SandboxOptions) {
  const { scale = 1, seed: firstSeed = 1, journal: limit = 100_000, now = Date.now } = options;
  const clock = createClock(now, scale);
  const switches: Switches = createSwitches();
  applySwitches(switches, options.switches ?? {});
  const journal = createJournal(limit);
  const faults = createFaults(firstSeed);
  const standIn = { now: () => clock.now(), seed: firstSeed };
  const providers: readonly ProviderStandIn[] = [
    createChoice({ ...standIn, switches: switches.choice }),
    createCtl({ ...standIn, switches: switches.ctl }),
    createDs({ ...standIn, switches: switches.ds }),
    createFlexport({ ...standIn, switches: switches.flexport }),
  ];
  const stopping = new AbortController();
  const reset = (seed = firstSeed): void => {
    clock.reset();
    journal.clear();
    faults.clear();
    resetSwitches(switches);
    applySwitches(switches, options.switches ?? {});
    for (const provider of providers) provider.reset(seed);
  };
  const deliveries = (): readonly Delivery[] => [];
  return { clock, switches, journal, faults, providers, stopping, signal: stopping.signal, reset, deliveries };
}

async function answer(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    await route(parts, request, response);
  } catch (error) {
    // A caller that went away, or a server that closes, needs no answer; a defect in here must be seen.
    if (parts.signal.aborted || request.destroyed) response.destroy();
    else sendAdmin(response, { status: 500, body: error instanceof Error ? (error.stack ?? error.message) : '' });
  }
}

async function route(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { url = '/', method = 'GET' } = request;
  const provider = parts.providers.find(({ mount }) => url.startsWith(`${mount}/`));
  if (provider !== undefined) return exchange(parts, provider, request, response);
  const body = await readBody(request);
  const admin = url.startsWith('/__admin/') ? url.slice('/__admin/'.length) : undefined;
  if (admin === undefined) sendAdmin(response, { status: 404, body: `nothing is mounted at ${url}` });
  else sendAdmin(response, administer(parts, method, admin, body));
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
}

async function stop(server: Server, stopping: AbortController, file: StateFile | undefined): Promise<void> {
  stopping.abort();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
  await file?.close();
}
