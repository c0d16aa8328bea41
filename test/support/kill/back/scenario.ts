import { constants } from 'node:fs';
import { access, cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository, type Finished } from '../../dray.ts';
import { readFolder, readLedger } from '../evidence.ts';
import { readTrace, runVictim, type KillPoint, type NamedStep, type VictimOptions } from '../victim.ts';
import { checkBack, type BackEvidence, type BackPhase } from './check.ts';
import { backFlows, dropOrders, writeBackProject, type BackFlow, type BackSettings, type FlowName } from './project.ts';
import { startBackProvider, type BackProvider } from './provider.ts';
import { startReader, type Reader } from './reader.ts';
import { runHere } from './run-here.ts';
import { createBackWorkload, type BackWorkload } from './workload.ts';

/** One run: where the program dies, and perhaps where it dies again while it recovers. */
export interface BackPlan {
  /** Name of the moment; for people. */
  readonly moment: string;
  /** Seed of the workload. */
  readonly workload: number;
  readonly first: NamedStep;
  readonly second?: KillPoint;
  /** To save time: recovers in the process of the test, and leaves out the start that has nothing to do. */
  readonly isQuick?: boolean;
}

export interface BackResult {
  readonly plan: BackPlan;
  /** One readable line each. */
  readonly violations: readonly string[];
  readonly kills: number;
  readonly evidence: BackEvidence;
}

/** What has happened before the run that is killed: files are out, and a range of the stream is watched. */
export interface BackBase {
  readonly directory: string;
  readonly workload: BackWorkload;
}

/** One scenario under way. */
export interface BackScene {
  readonly directory: string;
  readonly tree: string;
  readonly workload: BackWorkload;
  readonly provider: BackProvider;
  readonly reader: Reader;
  readonly phases: BackPhase[];
  readonly flows: readonly BackFlow[];
}

/** Starts that may be needed until nothing is left to do: a static name goes out once a start. */
const MOST_STARTS = 8;

/** Makes the base of a seed: the first run, undisturbed. */
export async function makeBase(seed: number): Promise<BackBase> {
  const workload = createBackWorkload(seed);
  const directory = await mkdtemp(join(await fastDirectory(), 'dray-back-base-'));
  const provider = await startBackProvider(workload, 0);
  try {
    await writeBackProject(directory, { url: provider.url });
    await dropOrders(directory, 'first.csv', workload.orders[0]);
    const { code, stderr } = await runVictim(runOnce(directory), { tree: repository, cwd: directory });
    if (code !== 0) throw new Error(`the first run ended with ${code}: ${stderr}`);
    return { directory, workload };
  } finally {
    await provider.close();
  }
}

/** The lines of a run from the base that nobody disturbs. */
export async function traceBase(base: BackBase): Promise<readonly string[]> {
  const scene = await openScene(base);
  try {
    const trace = join(scene.directory, 'steps');
    await runPhase(scene, { trace, isClose: true });
    return await readTrace(trace);
  } finally {
    await closeScene(scene);
  }
}

/** Kills the program as planned, lets it finish, and checks what it left behind. */
export async function runBackPlan(base: BackBase, plan: BackPlan, tree = repository): Promise<BackResult> {
  const scene = await openScene(base, tree);
  try {
    const killed = await runPhase(scene, { on: plan.first });
    scene.provider.stage = 2;
    if (plan.second !== undefined) await runPhase(scene, { at: plan.second });
    await finish(scene, plan);
    return await judge(scene, plan, killed);
  } finally {
    await closeScene(scene);
  }
}

/** A moment that was never reached proves nothing. */
export async function judge(scene: BackScene, plan: BackPlan, killed: Finished): Promise<BackResult> {
  const evidence = await gather(scene, plan);
  const violations = checkBack(evidence);
  if (killed.signal !== 'SIGKILL')
    violations.unshift(`"${plan.moment}" was never reached: ${killed.stderr.slice(-400)}`);
  const kills = scene.phases.filter(({ finished }) => finished.signal === 'SIGKILL').length;
  return { plan, violations, kills, evidence };
}

/** A copy of the base, a provider of its own that has gone on since, and a reader. */
export async function openScene(
  { directory: from, workload }: BackBase,
  tree = repository,
  settings: Partial<BackSettings> = {},
): Promise<BackScene> {
  const directory = await mkdtemp(join(await fastDirectory(), 'dray-back-'));
  await cp(from, directory, { recursive: true });
  const provider = await startBackProvider(workload, 1);
  await writeBackProject(directory, { url: provider.url, ...settings });
  const flows = (settings.only ?? (Object.keys(backFlows) as FlowName[])).map((name) => backFlows[name]);
  const reader = startReader(join(directory, 'erp'));
  reader.look();
  await dropOrders(directory, 'second.csv', workload.orders[1]);
  return { directory, tree, workload, provider, reader, phases: [], flows };
}

export async function closeScene({ directory, provider, reader }: BackScene): Promise<void> {
  reader.stop();
  await provider.close();
  await rm(directory, { recursive: true, force: true });
}

function runOnce(directory: string): string[] {
  return ['--config', join(directory, 'config.yaml'), 'run', '--once', '--log', 'error'];
}

export async function runPhase(scene: BackScene, kill: Omit<VictimOptions, 'tree' | 'cwd'> = {}): Promise<Finished> {
  const { directory, tree } = scene;
  const finished = await runVictim(runOnce(directory), { tree, cwd: directory, ...kill });
  await notePhase(scene, finished);
  return finished;
}

export async function notePhase({ directory, reader, phases }: BackScene, finished: Finished): Promise<void> {
  reader.look();
  const dump = await readLedger(join(directory, 'data'));
  phases.push({ finished, dump, folder: await readFolder(join(directory, 'erp')) });
}

/** Runs until all is out, and once more with nothing to do. */
export async function finish(scene: BackScene, { isQuick = false }: Pick<BackPlan, 'isQuick'> = {}): Promise<void> {
  const { directory, tree, reader } = scene;
  for (let count = 1; count <= MOST_STARTS; count++) {
    const before = reader.taken.length;
    if (isQuick && tree === repository) await notePhase(scene, await runHere(join(directory, 'config.yaml')));
    else await runPhase(scene);
    const files = scene.phases.at(-1)?.dump?.files ?? [];
    const isOut = files.every(({ state }) => state === 'published');
    if (isOut && (isQuick || reader.taken.length === before)) return;
  }
}

async function gather(scene: BackScene, { isQuick = false }: BackPlan): Promise<BackEvidence> {
  const { directory, workload, provider, reader, phases, flows } = scene;
  return {
    workload,
    phases,
    flows,
    hasIdle: !isQuick,
    taken: reader.taken,
    problems: reader.problems,
    events: provider.events(),
    spool: await readdir(join(directory, 'data/dray.spool')),
  };
}

/** Keeps what was found for people. */
export async function keepBackEvidence({ plan, violations, evidence }: BackResult): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'dray-back-found-'));
  const path = join(directory, 'evidence.json');
  await writeFile(path, JSON.stringify({ plan, violations, evidence }, undefined, 2));
  return path;
}

/** A file system in memory where there is one: what counts is which step was taken, not when the disk has it. */
async function fastDirectory(): Promise<string> {
  const isThere = await access('/dev/shm', constants.W_OK).then(
    () => true,
    () => false,
  );
  return isThere ? '/dev/shm' : tmpdir();
}
