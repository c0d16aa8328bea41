import { randomBytes } from 'node:crypto';
import type { Config, FolderConfig } from '../../config/index.ts';
import { systemClock } from '../../core/clock.ts';
import { Failure, isFailure } from '../../core/failure.ts';
import type { Folder } from '../../core/folder.ts';
import { createRedaction } from '../../core/redaction.ts';
import { createServers, type Servers } from '../../folders/index.ts';
import { openFolder } from '../folders.ts';
import { createLog } from '../logger.ts';
import type { Project } from '../project.ts';
import { openProvider } from '../providers.ts';
import { describeMissing, probeDirectory } from './probe-folder.ts';
import { probeProvider } from './probe-provider.ts';

/** What came of trying one folder or provider, in one line. */
export interface Connection {
  readonly kind: 'folder' | 'provider';
  readonly name: string;
  readonly isWell: boolean;
  /** Code of the failure, when there was one. */
  readonly code?: string;
  readonly text: string;
}

// Shorter ones would also be found inside ordinary words.
const SHORTEST_SECRET = 4;

/** Tries every folder and provider of a project, one after the other. Sends nothing that changes anything at a provider. */
export async function* tryConnections(project: Project): AsyncGenerator<Connection, void, void> {
  const { config } = project;
  const redact = createRedaction(config.secrets, SHORTEST_SECRET);
  const log = createLog('silent', config.secrets);
  const servers = createServers({ clock: systemClock, log, random: Math.random });
  try {
    for (const [name, folder] of config.folders) {
      const found = await outcome(() => tryFolder(name, folder, config, servers));
      yield { kind: 'folder', name, ...found, text: redact(found.text) };
    }
  } finally {
    await servers.close();
  }
  for (const name of config.providers.keys()) {
    const found = await outcome(() => tryProvider(project, name));
    yield { kind: 'provider', name, ...found, text: redact(found.text) };
  }
}

type Found = Omit<Connection, 'kind' | 'name'>;

async function outcome(work: () => Promise<Found>): Promise<Found> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { isWell: false, code: error.code, text: error.message };
  }
}

async function tryFolder(name: string, where: FolderConfig, config: Config, servers: Servers): Promise<Found> {
  const log = createLog('silent', config.secrets);
  let folder: Folder;
  try {
    folder = await openFolder(name, where, servers, log, false);
  } catch (error) {
    if (!isFailure(error, 'folder-gone')) throw error;
    return { isWell: true, text: `${where.path} is not there yet: the first start makes it` };
  }
  const directories = directoriesOf(name, config);
  const mark = randomBytes(4).toString('hex');
  const problems: string[] = [];
  for (const directory of directories) {
    const missing = await probeDirectory(folder, directory, mark);
    if (missing.size > 0) problems.push(`${directory}: ${describeMissing(missing)}`);
  }
  const { location } = folder;
  const reached = where.sftp === undefined ? location : `${location}: its key is the pinned one, logged in`;
  if (problems.length > 0) return { isWell: false, code: 'no-permission', text: `${reached}; ${problems.join('; ')}` };
  const places = directories.length === 1 ? '1 directory' : `${directories.length} directories`;
  return { isWell: true, text: `${reached}; can list, read, write and rename in ${places}` };
}

/** Every directory of a folder that a flow uses. */
function directoriesOf(folder: string, { inbound, outbound }: Config): string[] {
  const used = new Set<string>();
  for (const flow of inbound.values()) {
    if (flow.folder !== folder) continue;
    for (const directory of [flow.directory, flow.done, flow.failed, flow.results]) used.add(directory);
  }
  for (const flow of outbound.values()) {
    const end = flow.file.lastIndexOf('/');
    // A directory that a template names is made when its first file is.
    if (flow.folder === folder && end > 0 && !flow.file.slice(0, end).includes('{')) used.add(flow.file.slice(0, end));
  }
  return [...used];
}

async function tryProvider(project: Project, name: string): Promise<Found> {
  const { config } = project;
  const { baseUrl } = config.providers.get(name) ?? { baseUrl: '' };
  if (baseUrl === 'sandbox') return { isWell: true, text: 'the built-in stand-in, which starts with dray' };
  const provider = openProvider(project, name, undefined, createLog('silent', config.secrets));
  if (provider === undefined) return { isWell: false, code: 'bad-config', text: 'its definition cannot be used' };
  const collected = [...config.outbound.values()].filter((flow) => flow.provider === name).map(({ feed }) => feed);
  try {
    const address = new URL(baseUrl);
    return { isWell: true, text: `${address.origin} ${await probeProvider(provider, address, collected)}` };
  } finally {
    await provider.close();
  }
}
