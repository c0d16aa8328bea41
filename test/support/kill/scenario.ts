import { constants } from 'node:fs';
import { access, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Sandbox } from '../../../src/sandbox/index.ts';
import { repository } from '../dray.ts';
import { startFixedSandbox } from '../sandbox.ts';
import { ctlConfig, inboundFlow, outboundFlow } from '../workspace.ts';
import { check } from './checker.ts';
import { startConsumer, type Consumer } from './consumer.ts';
import { smallDefinition } from './definition.ts';
import { readFolder, readLedger, type Evidence, type Phase } from './evidence.ts';
import { passTime, prepareProvider, readProvider, writesOf } from './provider.ts';
import { readTrace, runVictim, type KillPoint } from './victim.ts';
import { createWorkload, type PlacedFile, type Workload } from './workload.ts';

/** One run: what happens around the program, and where it is killed. */
export interface KillPlan {
  /** Seed of the workload. */
  readonly workload: number;
  readonly first?: KillPoint;
  /** Of the process that recovers from the first kill. */
  readonly second?: KillPoint;
  /** Leaves out the start that has nothing to do, and what is checked with it (I6, I8), to save time. */
  readonly skipsIdle?: boolean;
}

export interface PlanOptions {
  /** Directory that holds the program's `src`; the repository unless a changed copy is under test. */
  readonly tree?: string;
  /** Whether to list the durable steps of the first process. */
  readonly isTraced?: boolean;
}

export interface PlanResult {
  readonly plan: KillPlan;
  /** One readable line each. */
  readonly violations: readonly string[];
  /** How many of the planned kills took place. */
  readonly kills: number;
  readonly steps: readonly string[];
  readonly evidence: Evidence;
  /** Kept when there are violations. */
  readonly directory: string | undefined;
}

const CONSUMED = ['shipconf', 'receipts', 'inventory', 'orders/results', 'purchase-orders/results'];
const definition = await smallDefinition(
  ['order.create', 'purchase-order.create'],
  ['shipments', 'receipts', 'inventory'],
);
/** Starts that may be needed until nothing is left to do, when the provider fails at times. */
const MOST_STARTS = 6;

/** Kills the program twice as planned, lets it finish, and checks what it left behind. */
export async function runPlan(
  plan: KillPlan,
  { tree = repository, isTraced = false }: PlanOptions = {},
): Promise<PlanResult> {
  const directory = await mkdtemp(join(await fastDirectory(), 'dray-kill-'));
  const workload = createWorkload(plan.workload);
  const sandbox = await startFixedSandbox();
  const consumer = workload.isConsumed ? startConsumer(join(directory, 'erp'), CONSUMED) : undefined;
  const trace = join(directory, 'steps');
  const scene: Scene = { directory, tree, workload, sandbox, consumer, placed: [], phases: [] };
  try {
    await prepare(scene);
    await start(scene, 'first start', { ...at(plan.first), ...(isTraced ? { trace } : {}) });
    await disturb(scene);
    await start(scene, 'recovery', at(plan.second));
    passTime(sandbox);
    await finish(scene);
    if (plan.skipsIdle !== true) await start(scene, 'idle');
    consumer?.stop();
    const evidence = await gather(scene, plan);
    const violations = check(evidence);
    const steps = isTraced ? await readTrace(trace) : [];
    const kills = scene.phases.filter(({ finished }) => finished.signal === 'SIGKILL').length;
    const isKept = violations.length > 0;
    if (isKept) await keepEvidence(scene, plan, violations);
    else await rm(directory, { recursive: true, force: true });
    return { plan, violations, kills, steps, evidence, directory: isKept ? directory : undefined };
  } finally {
    consumer?.stop();
    await sandbox.close();
  }
}

interface Scene {
  readonly directory: string;
  readonly tree: string;
  readonly workload: Workload;
  readonly sandbox: Sandbox;
  readonly consumer: Consumer | undefined;
  readonly placed: PlacedFile[];
  readonly phases: Phase[];
}

function at(point: KillPoint | undefined): { at?: KillPoint } {
  return point === undefined ? {} : { at: point };
}

/** A file system in memory where there is one: what counts here is which step was taken, not when the disk has it. */
async function fastDirectory(): Promise<string> {
  const isThere = await access('/dev/shm', constants.W_OK).then(
    () => true,
    () => false,
  );
  return isThere ? '/dev/shm' : tmpdir();
}

async function prepare({ directory, workload, sandbox, placed }: Scene): Promise<void> {
  await prepareProvider(sandbox, workload);
  await writeFile(join(directory, 'provider.yaml'), definition);
  await writeFile(join(directory, 'config.yaml'), stringify(configOf(workload, sandbox)));
  for (const file of workload.files) await place(directory, file, placed);
}

function configOf(workload: Workload, sandbox: Sandbox): object {
  return ctlConfig(`${sandbox.url}/ctl`, {
    provider: {
      definition: 'provider.yaml',
      limits: { rate: '10000/s', concurrency: workload.concurrency },
      retry: { base: '10ms', cap: '50ms' },
    },
    inbound: {
      orders: inboundFlow('orders', 'order', 'order.create'),
      'purchase-orders': inboundFlow('purchase-orders', 'purchase-order', 'purchase-order.create'),
    },
    outbound: {
      'ship-confirmations': outboundFlow('shipments', 'ship-confirmation', 'shipconf/SHIPCONF_{seq:6}.csv'),
      receipts: outboundFlow('receipts', 'receipt', 'receipts/RECEIPT_{seq:6}.csv'),
      ...(workload.hasInventory
        ? { inventory: outboundFlow('inventory', 'inventory', 'inventory/INVENTORY_{seq:6}.csv') }
        : {}),
    },
  });
}

/** As careful senders do: under a temporary name first, and never over a file that is still there. */
async function place(directory: string, file: PlacedFile, placed: PlacedFile[]): Promise<void> {
  const inbox = join(directory, 'erp', file.flow, 'in');
  await mkdir(inbox, { recursive: true });
  if ((await readdir(inbox)).includes(file.name)) return;
  await writeFile(join(inbox, `${file.name}.tmp`), file.content);
  await rename(join(inbox, `${file.name}.tmp`), join(inbox, file.name));
  placed.push(file);
}

/** Between two starts time passes at the provider, and senders go on. */
async function disturb({ directory, workload, sandbox, placed }: Scene): Promise<void> {
  passTime(sandbox);
  for (const file of workload.later) await place(directory, file, placed);
}

async function start(scene: Scene, name: string, kill: { at?: KillPoint; trace?: string } = {}): Promise<Phase> {
  const { directory, tree, sandbox, consumer } = scene;
  const argv = ['--config', join(directory, 'config.yaml'), 'run', '--once'];
  const finished = await runVictim(argv, { tree, cwd: directory, ...kill });
  consumer?.look();
  const phase: Phase = {
    name,
    mayBeKilled: kill.at !== undefined,
    finished,
    dump: await readLedger(join(directory, 'data')),
    folder: await readFolder(join(directory, 'erp')),
    // Read last: a request that was under way when the process died may have arrived only now.
    writes: writesOf(sandbox),
    taken: consumer?.taken.length ?? 0,
  };
  scene.phases.push(phase);
  return phase;
}

/** Runs until all is done. */
async function finish(scene: Scene): Promise<void> {
  for (let count = 1; count <= MOST_STARTS; count++) {
    const { finished } = await start(scene, `start ${count} to idle`);
    if (finished.code === 0 || finished.code === 1) return;
  }
}

async function gather(scene: Scene, { skipsIdle = false }: KillPlan): Promise<Evidence> {
  const { directory, workload, sandbox, consumer, placed, phases } = scene;
  const spool = await readdir(join(directory, 'data', 'dray.spool')).catch(() => []);
  const taken = consumer?.taken ?? [];
  return { workload, placed, phases, hasIdle: !skipsIdle, provider: await readProvider(sandbox), taken, spool };
}

async function keepEvidence(
  { directory, phases, sandbox, consumer }: Scene,
  plan: KillPlan,
  violations: readonly string[],
): Promise<void> {
  const told = { plan, violations, phases, journal: sandbox.journal(), taken: consumer?.taken ?? [] };
  await writeFile(join(directory, 'evidence.json'), JSON.stringify(told, undefined, 2));
}
