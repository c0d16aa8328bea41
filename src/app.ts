import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { inboundFlows, outboundFlows } from './app/flows.ts';
import { createLog } from './app/logger.ts';
import type { Project } from './app/project.ts';
import { startOwnSandbox } from './app/sandbox.ts';
import { seedFolder } from './app/seed.ts';
import { readText } from './config/index.ts';
import { systemClock, type Clock } from './core/clock.ts';
import { Failure, isFailure, systemCode } from './core/failure.ts';
import type { Folder } from './core/folder.ts';
import type { Ledger, Spool } from './core/ledger.ts';
import type { Log } from './core/log.ts';
import type { Provider } from './core/provider.ts';
import { openLocalFolder } from './folders/index.ts';
import { createInbound, type Inbound, type InboundEvents } from './inbound/index.ts';
import { createSpool, openLedger } from './ledger/index.ts';
import { createOutbound, type Outbound, type OutboundEvents } from './outbound/index.ts';
import { createProvider } from './providers/index.ts';
import type { Sandbox } from './sandbox/index.ts';
import { connectControl, controlAddress, serveControl, type Control } from './server/control.ts';

export interface AppOptions {
  readonly events: InboundEvents & OutboundEvents;
  readonly logLevel: string;
}

/** A constructed dray: its ledger is locked, its folders are open, nothing runs yet. */
export interface App {
  readonly inbound: Inbound;
  readonly outbound: Outbound;
  readonly ledger: Ledger;
  readonly log: Log;
  /** Address of the built-in sandbox, when a provider uses it. */
  readonly sandboxUrl: string | undefined;
  close(): Promise<void>;
}

/**
 * Constructs every part of a project. The only place that does.
 * @throws Failure ledger-locked, ledger-newer, ledger-damaged, ledger-unreachable, folder-unreachable, bad-config.
 */
export async function openApp(project: Project, { events, logLevel }: AppOptions): Promise<App> {
  const { config } = project;
  const log = createLog(logLevel, config.secrets);
  const closers: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  try {
    await makeLedgerDirectory(config.ledger);
    // The ledger first: it is the lock, and it needs its descriptors before anything else takes them.
    const ledger = await lockLedger(config.ledger, log);
    closers.push(() => ledger.close());
    const spool = createSpool(join(dirname(config.ledger), 'spool'));
    const folders = await openFolders(project, ledger);
    const sandbox = await startOwnSandbox(config);
    if (sandbox !== undefined) closers.push(() => sandbox.close());
    const providers = openProviders(project, sandbox, log);
    closers.push(() => Promise.all([...providers.values()].map((provider) => provider.close())));
    const parts: Parts = { project, ledger, spool, folders, providers, clock: systemClock, log };
    const outbound = createOutbound({
      flows: outboundFlows(parts),
      folders,
      parts: { ledger, spool, clock: systemClock, log },
      events,
    });
    const inbound = createInbound({
      flows: inboundFlows(parts),
      providers: [...providers.values()],
      parts: { ledger, spool, clock: systemClock, log, random: Math.random },
      events: {
        ...events,
        reported(drop, outcomes) {
          outbound.wake();
          events.reported(drop, outcomes);
        },
      },
    });
    const control = await serveControl(controlAddress(config.ledger), controlOf(ledger, inbound, outbound));
    closers.push(() => control.close());
    return { inbound, outbound, ledger, log, sandboxUrl: sandbox?.url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function makeLedgerDirectory(ledgerPath: string): Promise<void> {
  try {
    await mkdir(dirname(ledgerPath), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new Failure('ledger-unreachable', `${dirname(ledgerPath)} (${systemCode(error)})`, { cause: error });
  }
}

/** Opens the ledger; when another dray holds it, says which one. */
async function lockLedger(path: string, log: Log): Promise<Ledger> {
  try {
    return await openLedger({ path, clock: systemClock, log });
  } catch (error) {
    if (!isFailure(error, 'ledger-locked')) throw error;
    const control = await connectControl(controlAddress(path));
    if (control === undefined) throw error;
    const { pid, startedAt } = await control.hello();
    control.close();
    throw new Failure('ledger-locked', `process ${pid}, running since ${new Date(startedAt).toISOString()}`, {
      cause: error,
    });
  }
}

interface Parts {
  readonly project: Project;
  readonly ledger: Ledger;
  readonly spool: Spool;
  readonly folders: ReadonlyMap<string, Folder>;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly clock: Clock;
  readonly log: Log;
}

async function openFolders({ config }: Project, ledger: Ledger): Promise<ReadonlyMap<string, Folder>> {
  const folders = new Map<string, Folder>();
  for (const [name, { path, seed }] of config.folders) {
    // A share that is not mounted must not look like an empty folder: only the first start creates it.
    const isKnown = await ledger.isFolderKnown(name, path);
    if (!isKnown) await seedFolder(path, seed, config.directory);
    folders.set(name, await openLocalFolder({ name, path, create: !isKnown }));
    if (!isKnown) await ledger.rememberFolder(name, path);
  }
  return folders;
}

function openProviders(
  { config, definitions }: Project,
  sandbox: Sandbox | undefined,
  log: Log,
): ReadonlyMap<string, Provider> {
  const providers = new Map<string, Provider>();
  for (const [name, { baseUrl, settings, limits, retry, track }] of config.providers) {
    const definition = definitions.get(name);
    if (definition === undefined) continue;
    const address = baseUrl === 'sandbox' ? `${sandbox?.url ?? ''}${definition.sandbox ?? ''}` : baseUrl;
    providers.set(
      name,
      createProvider(definition, {
        name,
        baseUrl: address,
        settings,
        clock: systemClock,
        log,
        readFile: (path) => readText(resolve(config.directory, path)),
        limits,
        retry,
        track,
      }),
    );
  }
  return providers;
}

function controlOf(ledger: Ledger, inbound: Inbound, outbound: Outbound): Control {
  const startedAt = Date.now();
  return {
    hello: () => Promise.resolve({ pid: process.pid, startedAt }),
    situation: () =>
      Promise.resolve({ waiting: inbound.waiting(), troubles: [...inbound.troubles(), ...outbound.troubles()] }),
    overview: () => ledger.overview(),
    drops: (filter) => ledger.drops(filter),
    drop: (id) => ledger.drop(id),
    documents: (filter) => ledger.documents(filter),
    outboundFiles: (filter) => ledger.outboundFiles(filter),
    feedItems: (filter) => ledger.feedItems(filter),
    request: (id) => ledger.request(id),
    submissions: (filter) => ledger.submissions(filter),
    incidents: (filter) => ledger.incidents(filter),
    sequences: () => ledger.sequences(),
    expectations: () => ledger.expectations(),
    closeIncident: (id) => ledger.closeIncident(id),
    async setSequence(flow, position) {
      await ledger.setSequence(flow, position);
      inbound.wake();
    },
    async releaseSubmission(id) {
      await ledger.releaseSubmission(id);
      inbound.wake();
    },
    async giveUpSubmission(id) {
      await ledger.giveUpSubmission(id);
      inbound.wake();
    },
  };
}
