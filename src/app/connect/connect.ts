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
import { describeMissing, probeDirectory, type Missing } from './probe-folder.ts';
import { describeRights, usesOf } from './uses.ts';
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
  const uses = usesOf(name, config);
  const mark = randomBytes(4).toString('hex');
  const problems: string[] = [];
  const notes: string[] = [];
  let isReadable = false;
  for (const [directory, original] of uses) {
    const found = await probeDirectory(folder, directory, mark, original === 'leave' ? 'read' : 'work');
    if (found.has('remove')) notes.push(`the file that was written to try it stays in ${directory}`);
    // Only a flow that deletes its originals needs that right.
    const missing = new Map([...found].filter(([step]) => step !== 'remove' || original === 'delete'));
    if (missing.size > 0) problems.push(`${directory}: ${describeMissing(missing)}`);
    isReadable ||= (original === 'move' || original === 'delete') && mayOnlyRead(missing);
  }
  if (isReadable) problems.push('where files may only be read, say original: leave');
  const { location } = folder;
  const reached = where.sftp === undefined ? location : `${location}: its key is the pinned one, logged in`;
  if (problems.length > 0)
    return { isWell: false, code: 'no-permission', text: [reached, ...problems, ...notes].join('; ') };
  return { isWell: true, text: [reached, describeRights(uses), ...notes].join('; ') };
}

/** Files can be had there, and not moved away. */
function mayOnlyRead(missing: Missing): boolean {
  return (missing.has('write') || missing.has('rename')) && !missing.has('list') && !missing.has('read');
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
