import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';
import picomatch from 'picomatch';
import { createLog } from './app/logger.ts';
import type { Project } from './app/project.ts';
import { startOwnSandbox } from './app/sandbox.ts';
import { seedFolder } from './app/seed.ts';
import { systemClock, type Clock } from './core/clock.ts';
import { Failure, isFailure, systemCode } from './core/failure.ts';
import type { Folder } from './core/folder.ts';
import type { Ledger, Spool } from './core/ledger.ts';
import { defaultLimits } from './core/limits.ts';
import type { Log } from './core/log.ts';
import type { Provider } from './core/provider.ts';
import { openLocalFolder } from './folders/index.ts';
import { formats } from './formats/index.ts';
import { createInbound, type Inbound, type InboundEvents, type InboundFlow } from './inbound/index.ts';
import type { InboundMapping } from './mapping/index.ts';
import { createSpool, openLedger } from './ledger/index.ts';
import {
  at,
  createOutbound,
  every,
  fileNameTemplate,
  type Outbound,
  type OutboundEvents,
  type OutboundFlow,
} from './outbound/index.ts';
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
  for (const [name, { baseUrl, settings, limits, retry }] of config.providers) {
    const definition = definitions.get(name);
    if (definition === undefined) continue;
    const address = baseUrl === 'sandbox' ? `${sandbox?.url ?? ''}${definition.sandbox ?? ''}` : baseUrl;
    providers.set(
      name,
      createProvider(definition, { name, baseUrl: address, settings, clock: systemClock, log, limits, retry }),
    );
  }
  return providers;
}

function inboundFlows({ project, folders, providers }: Parts): InboundFlow[] {
  return [...project.config.inbound].flatMap(([name, flow]): InboundFlow[] => {
    const folder = folders.get(flow.folder);
    const operation = providers.get(flow.provider)?.operations.get(flow.operation);
    const mapping = project.inbound.get(name);
    if (folder === undefined || operation === undefined || mapping === undefined) return [];
    const { read } = mapping.definition;
    const { directory, provider, accept, done, failed, results } = flow;
    return [
      {
        name,
        folder,
        directory,
        // Spreadsheets name their files .CSV as often as .csv.
        picks: picomatch(flow.pattern, { nocase: true }),
        quietMs: flow.quietMs ?? folder.defaultQuietMs,
        format: formatOf(read.format),
        readOptions: (part) => (part === '' ? read.options : (read.with[part]?.options ?? read.options)),
        mapping,
        provider,
        operation,
        operations: providers.get(flow.provider)?.operations ?? new Map(),
        accept,
        done,
        failed,
        results,
        result: resultWriter(flow.result, read),
        limits: defaultLimits,
        sequence: flow.sequence,
        expect: flow.expect,
      },
    ];
  });
}

/** Who drops a semicolon file in windows-1252 reads the answer with the same program. */
function resultWriter(named: string | undefined, read: InboundMapping['definition']['read']): InboundFlow['result'] {
  const own = formatOf(read.format);
  const format = named === undefined ? (own.name === 'fixed' ? formatOf('csv') : own) : formatOf(named);
  const { delimiter, encoding } = read.options;
  return {
    format,
    options: {
      ...(encoding === undefined || format.name === 'xlsx' ? {} : { encoding }),
      ...(delimiter === undefined || format.name !== 'csv' ? {} : { delimiter }),
    },
  };
}

function outboundFlows({ project, folders, providers }: Parts): OutboundFlow[] {
  return [...project.config.outbound].flatMap(([name, flow]): OutboundFlow[] => {
    const folder = folders.get(flow.folder);
    const feed = providers.get(flow.provider)?.feeds.get(flow.feed);
    const mapping = project.outbound.get(name);
    const { name: fileName } = fileNameTemplate(flow.file);
    if (folder === undefined || feed === undefined || mapping === undefined || fileName === undefined) return [];
    const { schedule, provider, empty } = flow;
    const { write } = mapping.definition;
    return [
      {
        name,
        provider,
        feed,
        schedule: 'everyMs' in schedule ? every(schedule.everyMs) : at(schedule.cron, schedule.zone),
        runsOnDemand: 'everyMs' in schedule,
        mapping,
        format: formatOf(write.format),
        writeOptions: write.options,
        folder,
        fileName,
        empty,
      },
    ];
  });
}

function formatOf(name: string): typeof formats extends ReadonlyMap<string, infer F> ? F : never {
  const format = formats.get(name);
  if (format === undefined) throw new TypeError(`unknown format ${name}`);
  return format;
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
  };
}
