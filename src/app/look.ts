import picomatch from 'picomatch';
import { systemClock } from '../core/clock.ts';
import { Failure, failureCatalogue, isFailure } from '../core/failure.ts';
import type { Folder } from '../core/folder.ts';
import type { DropView, SourceReader } from '../core/ledger.ts';
import { createServers, type Servers } from '../folders/index.ts';
import { formats } from '../formats/index.ts';
import { lookAt, reportTrouble, type Waiting, type WatchedFlow } from '../inbound/index.ts';
import { openFolder } from './folders.ts';
import { ownDirectories } from './flows.ts';
import { createLog } from './logger.ts';
import type { Project } from './project.ts';
import type { Reading } from './reading.ts';

/** What keeps files from being taken, as far as it is known. */
export interface Look {
  readonly waiting: readonly Waiting[];
  readonly troubles: readonly string[];
  /** Folders nobody could look at, in words. */
  readonly unseen: readonly string[];
}

// A person waits for the answer: a server that takes longer is not looked at.
const PATIENCE_MS = 3000;
const RECENT_DROPS = 50;

/** What the running dray says of its folders; without one they are looked at here, by a listing alone. */
export async function lookAtFolders(project: Project, { running, situation, ledger, sources }: Reading): Promise<Look> {
  if (running !== undefined) return { ...situation, unseen: [] };
  const log = createLog('silent', project.config.secrets);
  const servers = createServers({ clock: systemClock, log, random: Math.random });
  const waiting: Waiting[] = [];
  const troubles: string[] = [];
  const unseen: string[] = [];
  try {
    for (const name of new Set([...project.config.inbound.values()].map(({ folder }) => folder))) {
      const found = await inTime(lookAtFolder(name, project, { ...ledger, ...sources }, servers)).catch(whyNot);
      if (typeof found === 'string') unseen.push(`folder ${name} was not looked at: ${found}`);
      else {
        waiting.push(...found.waiting);
        troubles.push(...found.troubles);
      }
    }
  } finally {
    await servers.close();
  }
  return { waiting, troubles, unseen };
}

async function lookAtFolder(
  name: string,
  project: Project,
  ledger: Reading['ledger'] & Partial<SourceReader>,
  servers: Servers,
): Promise<Omit<Look, 'unseen'>> {
  const config = project.config.folders.get(name);
  if (config === undefined) return { waiting: [], troubles: [] };
  const folder = await openFolder(name, config, servers, createLog('silent', project.config.secrets), false);
  const flows = watchedFlows(project, folder);
  const waiting: Waiting[] = [];
  const recent = await ledger.drops({ limit: RECENT_DROPS });
  const troubles = await unreportable(project, folder, recent);
  for (const flow of flows) {
    const neighbours = flows.filter(({ directory }) => directory === flow.directory);
    try {
      waiting.push(...(await lookAt(flow, neighbours, ledger, systemClock)));
    } catch (error) {
      if (!isAbsent(error, flow)) throw error;
      const wasThere = recent.some((drop) => drop.flow === flow.name && drop.receivedAt !== undefined);
      const { what } = failureCatalogue['folder-gone'];
      if (wasThere) troubles.push(`flow ${flow.name}: ${what} (${folder.location}/${flow.directory})`);
    }
  }
  return { waiting, troubles };
}

/** Whether the directory of the flow is what is missing, and not all of its folder. */
function isAbsent(error: unknown, { directory }: WatchedFlow): boolean {
  return isFailure(error, 'folder-gone') && directory !== '' && error.message.endsWith(`: ${directory}`);
}

/** Flows with drops that came to their end and whose result files cannot be built. */
async function unreportable(project: Project, folder: Folder, recent: readonly DropView[]): Promise<string[]> {
  const troubles: string[] = [];
  for (const [name, { resultsFolder, results }] of project.config.inbound) {
    const isDue = recent.some(
      (drop) => drop.flow === name && drop.receivedAt !== undefined && !drop.isReported && drop.books.waiting === 0,
    );
    if (resultsFolder !== folder.name || !isDue) continue;
    try {
      await folder.stat(`${results}/.dray-look`);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      troubles.push(reportTrouble({ name, folder, results }, error));
    }
  }
  return troubles;
}

function watchedFlows({ config, inbound }: Project, folder: WatchedFlow['folder']): readonly WatchedFlow[] {
  return [...config.inbound].flatMap(([name, flow]): WatchedFlow[] => {
    const mapping = inbound.get(name);
    const read = mapping?.definition.read;
    const format = formats.get(read?.format ?? '');
    if (mapping === undefined || read === undefined || format === undefined || flow.folder !== folder.name) return [];
    const { directory, pattern, quietMs = folder.defaultQuietMs, sequence, original, marker } = flow;
    // Spreadsheets name their files .CSV as often as .csv.
    const picks = picomatch(pattern, { nocase: true });
    const isOwnDirectory = ownDirectories(config, flow.folder);
    const watched = {
      name,
      folder,
      directory,
      picks,
      quietMs,
      format,
      mapping,
      sequence,
      original,
      marker,
      isOwnDirectory,
    };
    return [{ ...watched, readOptions: () => read.options }];
  });
}

async function inTime<Result>(work: Promise<Result>): Promise<Result | string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`it did not answer within ${PATIENCE_MS / 1000} s`), PATIENCE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function whyNot(error: unknown): string {
  if (error instanceof Failure) return failureCatalogue[error.code].what;
  throw error;
}
