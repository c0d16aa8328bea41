import { relative, resolve } from 'node:path';
import process from 'node:process';
import { readText } from '../../config/index.ts';
import { systemClock } from '../../core/clock.ts';
import { Failure } from '../../core/failure.ts';
import { describeConfigIssue, isError, type Issue } from '../../core/issue.ts';
import type { DropView, LedgerReader } from '../../core/ledger.ts';
import { suggestionText } from '../../core/shape.ts';
import { createServers } from '../../folders/index.ts';
import { stageDrop, type InboundFlow } from '../../inbound/index.ts';
import { createSpool } from '../../ledger/index.ts';
import type { InboundMapping } from '../../mapping/index.ts';
import { createProvider } from '../../providers/index.ts';
import { spoolBeside } from '../beside-ledger.ts';
import { inboundFlows } from '../flows.ts';
import { openFolder } from '../folders.ts';
import { loadMapping } from '../load-mapping.ts';
import { createLog } from '../logger.ts';
import type { Project } from '../project.ts';
import { purposeOf } from '../purpose.ts';
import { openScratch } from '../scratch-ledger.ts';
import { compareDocuments, type DocumentChange } from './compare.ts';
import { findDrop } from './kept-bytes.ts';

export interface WhatIfRequest {
  readonly mapping: string;
  readonly flow?: string;
  /** Only drops received so many milliseconds ago or later. */
  readonly sinceMs?: number;
  readonly dropId?: number;
}

/** What is told, drop by drop. */
export interface WhatIfEvents {
  /** Its bytes are no longer where they were filed, or are others. */
  gone(drop: DropView, paths: readonly string[]): void;
  document(drop: DropView, change: DocumentChange): void;
  /** `issues`: why the file as a whole would be refused. */
  drop(drop: DropView, counts: ReadonlyMap<string, number>, issues: readonly Issue[]): void;
}

const PAGE = 200;
/** Nothing is sent, so any address will do. */
const NOWHERE = 'http://127.0.0.1:9';

/**
 * Runs drops of the ledger through a changed mapping, in a book of its own that is thrown away, and compares what comes of
 * them with what was frozen when they were received. Neither the ledger nor a folder is changed, and nothing is sent.
 * @throws Failure bad-usage, folder-gone, and what reading the ledger throws.
 */
export async function runWhatIf(
  project: Project,
  ledger: LedgerReader,
  request: WhatIfRequest,
  events: WhatIfEvents,
): Promise<void> {
  const flowName = chooseFlow(project, request);
  if ((project.config.inbound.get(flowName)?.acknowledges.length ?? 0) > 0)
    throw new Failure('bad-usage', `${flowName} acknowledges our own files: it sends nothing that could be compared`);
  const changed = await changedProject(project, flowName, request.mapping);
  const { folder: folderName, provider: providerName } = changed.config.inbound.get(flowName) ?? {
    folder: '',
    provider: '',
  };
  const provider = openProvider(changed, providerName);
  const log = createLog('error', changed.config.secrets);
  const servers = createServers({ clock: systemClock, log, random: Math.random });
  try {
    const where = changed.config.folders.get(folderName);
    if (where === undefined) throw new TypeError('the flow was checked before');
    const folder = await openFolder(folderName, where, servers, log, false);
    const parts = {
      project: changed,
      folders: new Map([[folderName, folder]]),
      providers: new Map([[providerName, provider]]),
    };
    const flow = inboundFlows(parts).find(({ name }) => name === flowName);
    if (flow === undefined) throw new TypeError('the flow was checked before');
    for await (const drop of dropsOf(ledger, flowName, request)) {
      await tryDrop(drop, flow, changed, ledger, events);
    }
  } finally {
    await servers.close();
    await provider.close();
  }
}

function chooseFlow({ config }: Project, { flow, mapping }: WhatIfRequest): string {
  const names = [...config.inbound.keys()];
  if (flow !== undefined) {
    if (config.inbound.has(flow)) return flow;
    const hint = suggestionText(flow, names);
    throw new Failure('bad-usage', `the configuration has no inbound flow "${flow}". ${hint}`.trim());
  }
  const own = names.filter((name) => config.inbound.get(name)?.mapping === resolve(mapping));
  const [only, other] = own.length > 0 ? own : names;
  if (only !== undefined && other === undefined) return only;
  throw new Failure('bad-usage', `say with --flow which drops are meant: one of ${names.join(', ')}`);
}

/** The project as if the flow had this mapping. */
async function changedProject(project: Project, flowName: string, path: string): Promise<Project> {
  const flow = project.config.inbound.get(flowName);
  const definition = project.definitions.get(flow?.provider ?? '');
  if (flow === undefined || definition === undefined) throw new TypeError('the flow was checked before');
  const { schema } = definition.operations.get(flow.operation) ?? {};
  const loaded = await loadMapping(path, relative(process.cwd(), path), schema, purposeOf(flow, definition));
  if (loaded.isMissing) throw new Failure('bad-usage', `cannot read ${path}`);
  const errors = loaded.issues.filter(isError);
  if (errors.length > 0)
    throw new Failure('bad-usage', `the mapping has errors\n${errors.map(describeConfigIssue).join('\n')}`);
  if (loaded.mapping?.kind !== 'inbound')
    throw new Failure('bad-usage', `${path} writes files; dray whatif needs a mapping that reads them`);
  const inbound = new Map<string, InboundMapping>([...project.inbound, [flowName, loaded.mapping]]);
  return { ...project, inbound };
}

function openProvider({ config, definitions }: Project, name: string) {
  const [provider, definition] = [config.providers.get(name), definitions.get(name)];
  if (provider === undefined || definition === undefined) throw new TypeError('the provider was checked before');
  const baseUrl = provider.baseUrl === 'sandbox' ? NOWHERE : provider.baseUrl;
  const log = createLog('error', config.secrets);
  const readFile = (path: string): string | undefined => readText(resolve(config.directory, path));
  return createProvider(definition, { name, baseUrl, settings: provider.settings, clock: systemClock, log, readFile });
}

/** Received drops of a flow, the newest first. */
async function* dropsOf(
  ledger: LedgerReader,
  flow: string,
  { sinceMs, dropId }: WhatIfRequest,
): AsyncGenerator<DropView, void, void> {
  if (dropId !== undefined) {
    const drop = await ledger.drop(dropId);
    if (drop === undefined) throw new Failure('bad-usage', `the ledger has no drop ${dropId}`);
    if (drop.flow !== flow)
      throw new Failure('bad-usage', `drop ${dropId} is of the flow ${drop.flow}, not of ${flow}`);
    yield drop;
    return;
  }
  const since = sinceMs === undefined ? 0 : Date.now() - sinceMs;
  for (let before: number | undefined; ;) {
    const page = await ledger.drops({ limit: PAGE, ...(before === undefined ? {} : { before }) });
    for (const drop of page) {
      if (drop.flow === flow && drop.receivedAt !== undefined && drop.receivedAt >= since) yield drop;
    }
    before = page.at(-1)?.id;
    if (page.length < PAGE || before === undefined) return;
  }
}

async function tryDrop(
  drop: DropView,
  flow: InboundFlow,
  { config }: Project,
  book: LedgerReader,
  events: WhatIfEvents,
): Promise<void> {
  const kept = await findDrop(drop, flow.folder, createSpool(spoolBeside(config.ledger)));
  if ('gone' in kept) {
    events.gone(drop, kept.gone);
    return;
  }
  const { ledger: scratch, close } = await openScratch(config.secrets);
  try {
    const { id } = await scratch.beginDrop(drop.flow, drop.folder, kept.files);
    const receipt = await stageDrop(id, kept.files, flow, { ledger: scratch, spool: kept.spool });
    await scratch.receiveDrop(id, receipt);
    const counts = new Map<string, number>();
    const sides = [
      { ledger: book, dropId: drop.id },
      { ledger: scratch, dropId: id },
    ] as const;
    for await (const change of compareDocuments(...sides, receipt.isRefused)) {
      counts.set(change.outcome, (counts.get(change.outcome) ?? 0) + 1);
      events.document(drop, change);
    }
    events.drop(drop, counts, receipt.isRefused ? receipt.issues.filter(isError) : []);
  } finally {
    await close();
    await kept.close();
  }
}
