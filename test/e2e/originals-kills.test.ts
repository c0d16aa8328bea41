import process from 'node:process';
import { expect, onTestFinished, test } from 'vitest';
import { jsonLines, repository } from '../support/dray.ts';
import { readTrace, runVictim, type KillPoint } from '../support/kill/victim.ts';
import { sentTo, startFixedSandbox } from '../support/sandbox.ts';
import { createWorkspace, ctlConfig, inboundFlow, type Workspace } from '../support/workspace.ts';

/** `DRAY_ORIGINALS_KILLS=500 npx vitest run test/e2e/originals-kills.test.ts` kills at every step. */
const KILLS = Number(process.env['DRAY_ORIGINALS_KILLS'] ?? 4);
const RUN_MS = 30_000;

const HEADER = 'OrderNo,ShipName,Address1,City,State,Zip,LineNo,SKU,Qty,Gift';
const drop = (number: string): string =>
  `${HEADER}\n${number},Okafor Studio,18 Harbor Lane,Dayton,OH,45402,1,CAP-STD,2,no\n`;

const flow = (name: string, more: object): object => inboundFlow(name, 'order', 'order.create', more);
const flows = {
  deleted: flow('deleted', { original: 'delete', done: undefined, marker: '{name}.ok' }),
  left: flow('left', { original: 'leave', done: undefined, failed: undefined }),
  moved: flow('moved', { marker: '{stem}.done' }),
};

interface Scene {
  readonly workspace: Workspace;
  orders(): string[];
}

async function open(): Promise<Scene> {
  const sandbox = await startFixedSandbox();
  onTestFinished(() => sandbox.close());
  const workspace = await createWorkspace(ctlConfig(`${sandbox.url}/ctl`, { inbound: flows }));
  onTestFinished(() => workspace.remove());
  for (const [name, marker] of [
    ['deleted', 'a.csv.ok'],
    ['left', ''],
    ['moved', 'a.done'],
  ] as const) {
    await workspace.put(`erp/${name}/in/a.csv`, drop(name.toUpperCase()));
    if (marker !== '') await workspace.put(`erp/${name}/in/${marker}`, '');
  }
  const orders = (): string[] =>
    sentTo(sandbox, 'PUT', /\/Orders\//)
      .filter(({ status }) => status === 201)
      .map(({ path }) => path.slice(path.lastIndexOf('/') + 1));
  return { workspace, orders };
}

async function run({ workspace }: Scene, more: { at?: KillPoint; trace?: string } = {}): Promise<number | null> {
  const argv = ['--config', workspace.path('config.yaml'), 'run', '--once', '--log', 'silent'];
  return (await runVictim(argv, { tree: repository, cwd: workspace.directory, ...more })).code;
}

/** Where everything is in the end, and how often each order was made. */
async function outcome({ workspace, orders }: Scene): Promise<object> {
  const places: Record<string, string[]> = {};
  for (const name of ['deleted', 'left', 'moved'])
    for (const place of ['in', 'done', 'failed'])
      places[`${name}/${place}`] = await workspace.names(`erp/${name}/${place}`);
  const lines = jsonLines((await workspace.run(['status', '--json'])).stdout);
  const overview = lines.find(({ event }) => event === 'status');
  return {
    orders: orders().sort(),
    places,
    drops: overview?.['drops'],
    balanced: overview?.['balanced'],
    waiting: lines.filter(({ event }) => event === 'waiting'),
  };
}

const expected = {
  orders: ['DELETED', 'LEFT', 'MOVED'],
  places: {
    'deleted/in': [],
    'deleted/done': [],
    'deleted/failed': [],
    'left/in': ['a.csv'],
    'left/done': [],
    'left/failed': [],
    'moved/in': [],
    'moved/done': ['a.csv', 'a.done'],
    'moved/failed': [],
  },
  drops: { settled: 3 },
  balanced: true,
  waiting: [],
};

test(
  'a program that is killed while it deletes, leaves or moves originals and markers loses and doubles none',
  { timeout: (KILLS + 2) * 4 * RUN_MS },
  async () => {
    const undisturbed = await open();
    const trace = undisturbed.workspace.path('trace');
    expect(await run(undisturbed, { trace })).toBe(0);
    expect(await outcome(undisturbed)).toEqual(expected);
    const steps = await readTrace(trace);
    // From the receipt of the first drop to the end of the last: before and behind it nothing is new.
    const first = steps.findIndex((step) => /\.claim\b/.test(step));
    const last = steps.findLastIndex((step) => /remembered_files|\.claim\b|state = 'settled'/.test(step));
    expect([first > 0, last > first]).toEqual([true, true]);
    const stride = Math.max(1, Math.floor(((last - first + 2) * 2) / KILLS));
    for (let at = 0; at <= (last - first + 1) * 2; at += stride) {
      const step = first + Math.floor(at / 2);
      const side = at % 2 === 0 ? 'before' : 'after';
      const scene = await open();
      await run(scene, { at: { step, side } });
      for (let again = 0; again < 2; again++) await run(scene);
      expect(await outcome(scene), `killed ${side} step ${step}: ${steps[step - 1]}`).toEqual(expected);
    }
  },
);
