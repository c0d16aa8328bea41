import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import process from 'node:process';
import { spoolBeside } from './app/beside-ledger.ts';
import { inboundFlows, outboundFlows } from './app/flows.ts';
import { openFolder } from './app/folders.ts';
import { createLog } from './app/logger.ts';
import type { Project } from './app/project.ts';
import { openProvider } from './app/providers.ts';
import { startOwnSandbox } from './app/sandbox.ts';
import { openWebhooks } from './app/webhooks.ts';
import { seedFolder } from './app/seed.ts';
import { systemClock, type Clock } from './core/clock.ts';
import { Failure, isFailure, systemCode } from './core/failure.ts';
import type { Folder } from './core/folder.ts';
import type { Ledger, Spool } from './core/ledger.ts';
import type { Log } from './core/log.ts';
import type { Provider } from './core/provider.ts';
import { createServers, type Servers } from './folders/index.ts';
import { createInbound, type Inbound, type InboundEvents } from './inbound/index.ts';
import { createSpool, openLedger } from './ledger/index.ts';
import { createAcknowledger, createOutbound, type Outbound, type OutboundEvents } from './outbound/index.ts';
import type { Sandbox } from './sandbox/index.ts';
import { connectControl, controlAddress, serveControl, type Control } from './server/control.ts';
import type { Webhooks } from './server/webhooks/index.ts';

export interface AppOptions {
  readonly events: InboundEvents & OutboundEvents;
  readonly logLevel: string;
}

/** A constructed dray: its ledger is locked, its folders are open, nothing runs yet. */
export interface App {
  readonly inbound: Inbound;
  readonly outbound: Outbound;
  readonly webhooks: Webhooks;
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
    const spool = createSpool(spoolBeside(config.ledger));
    let wakeAll = (): void => undefined;
    const servers = createServers({
      clock: systemClock,
      log,
      random: Math.random,
      onConnected: () => wakeAll(),
    });
    closers.push(() => servers.close());
    const folders = await openFolders(project, ledger, servers, log);
    const sandbox = await startOwnSandbox(config);
    if (sandbox !== undefined) closers.push(() => sandbox.close());
    const providers = openProviders(project, sandbox, log);
    closers.push(() => Promise.all([...providers.values()].map((provider) => provider.close())));
    const parts: Parts = { project, ledger, spool, folders, providers, clock: systemClock, log };
    const { webhooks, flows } = openWebhooks({ ...parts, config }, outboundFlows(parts));
    const outbound = createOutbound({
      flows,
      folders,
      parts: { ledger, spool, clock: systemClock, log },
      events,
    });
    const ours = acknowledgers(project, ledger, outbound);
    const receivers = new Map([...providers, ...ours]);
    const inbound = createInbound({
      flows: inboundFlows({ ...parts, providers: receivers }),
      providers: [...receivers.values()],
      parts: { ledger, spool, clock: systemClock, log, random: Math.random },
      events: {
        ...events,
        acknowledged: () => outbound.deliver(),
        reported(drop, outcomes) {
          outbound.wake();
          events.reported(drop, outcomes);
        },
      },
    });
    wakeAll = () => {
      inbound.wake();
      outbound.wake();
    };
    const control = await serveControl(controlAddress(config.ledger), controlOf(ledger, inbound, outbound));
    closers.push(() => control.close());
    return { inbound: cutting(inbound, servers), outbound, webhooks, ledger, log, sandboxUrl: sandbox?.url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What is cut off must not wait for a server that has fallen silent. */
function cutting(inbound: Inbound, servers: Servers): Inbound {
  const until = async (cut: AbortSignal, work: Promise<void>): Promise<void> => {
    const close = (): void => void servers.close();
    cut.addEventListener('abort', close, { once: true });
    await work.finally(() => cut.removeEventListener('abort', close));
  };
  return {
    ...inbound,
    run: (signals) => until(signals.cut, inbound.run(signals)),
    runOnce: (signals) => until(signals.cut, inbound.runOnce(signals)),
  };
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

async function openFolders(
  { config }: Project,
  ledger: Ledger,
  servers: Servers,
  log: Log,
): Promise<ReadonlyMap<string, Folder>> {
  const folders = new Map<string, Folder>();
  for (const [name, folder] of config.folders) {
    const { path, seed, sftp } = folder;
    if (sftp !== undefined) {
      folders.set(name, await openFolder(name, folder, servers, log, false));
      continue;
    }
    // A share that is not mounted must not look like an empty folder: only the first start creates it.
    const isKnown = await ledger.isFolderKnown(name, path);
    if (!isKnown) await seedFolder(path, seed, config.directory);
    folders.set(name, await openFolder(name, folder, servers, log, !isKnown));
    if (!isKnown) await ledger.rememberFolder(name, path);
  }
  return folders;
}

function openProviders(project: Project, sandbox: Sandbox | undefined, log: Log): ReadonlyMap<string, Provider> {
  const opened = [...project.config.providers.keys()].map((name) => openProvider(project, name, sandbox?.url, log));
  return new Map(opened.flatMap((provider) => (provider === undefined ? [] : [[provider.name, provider]])));
}

/** What drops that acknowledge our files are submitted to, by its name; none where no flow does. */
function acknowledgers({ config }: Project, ledger: Ledger, outbound: Outbound): ReadonlyMap<string, Provider> {
  const flows = new Map(
    [...config.inbound].flatMap(([name, { acknowledges }]) =>
      acknowledges.length === 0 ? [] : [[name, acknowledges] as const],
    ),
  );
  if (flows.size === 0) return new Map();
  const onRecorded = (flow: string): Promise<void> => outbound.answered(flow);
  const acknowledger = createAcknowledger({ flows, ledger, clock: systemClock, onRecorded });
  return new Map([[acknowledger.name, acknowledger]]);
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
    filesAbout: (provider, keys) => ledger.filesAbout(provider, keys),
    outboundFlow: (flow) => ledger.outboundFlow(flow),
    feedItems: (filter) => ledger.feedItems(filter),
    request: (id) => ledger.request(id),
    submissions: (filter) => ledger.submissions(filter),
    incidents: (filter) => ledger.incidents(filter),
    sequences: () => ledger.sequences(),
    expectations: () => ledger.expectations(),
    closeIncident: (id) => ledger.closeIncident(id),
    async rewriteFile(id) {
      const isKept = await ledger.rewriteFile(id);
      outbound.wake();
      return isKept;
    },
    recollectFlow: (flow, from) => ledger.askRecollection(flow, from, systemClock.now()),
    withdrawFile: (id) => outbound.withdraw(id),
    async forgetFiles(folder, paths) {
      const count = await ledger.forgetFiles(folder, paths);
      inbound.wake();
      return count;
    },
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
