import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startVictim, type VictimOptions } from '../victim.ts';
import { TOKEN } from './project.ts';
import { closeScene, finish, judge, notePhase, openScene, runPhase } from './scenario.ts';
import type { BackBase, BackPlan, BackResult, BackScene } from './scenario.ts';

/** Something that happened to an order, and whether its event was answered with 200. */
interface Post {
  readonly order: string;
  readonly no: number;
  isAnswered: boolean;
}

const ROUNDS = 3;
// Events in several bursts: the first of each wakes at once.
const BETWEEN_MS = 70;
const LONGEST_WAIT_MS = 30_000;

/**
 * Kills the program while it takes events of a provider. Records of ours are read once an hour, so that only an event brings
 * their news: after the next start those of every event that was answered are out, and once.
 */
export async function runPostsPlan(base: BackBase, plan: BackPlan): Promise<BackResult> {
  const scene = await openScene(base, undefined, { listen: 0, trackEvery: '1h', only: ['tracked', 'counts'] });
  try {
    await runPhase(scene);
    const posts: Post[] = [];
    const killed = await watchWhile(scene, { on: plan.first }, (url, isOver) => postAll(scene, url, posts, isOver));
    await finish(scene, { isQuick: true });
    const missing = posts.filter((post) => post.isAnswered && !isTold(scene, post));
    // The provider sends again what was not answered, and here even what was.
    await watchWhile(scene, {}, async (url) => {
      for (const post of posts) await send(url, post);
      const deadline = Date.now() + LONGEST_WAIT_MS;
      while (!posts.every((post) => isTold(scene, post)) && Date.now() < deadline) await delay(20);
    });
    await finish(scene, plan);
    const result = await judge(scene, plan, killed);
    const lost = missing.map(
      ({ order, no }) => `${order} ${no} was answered with 200 and is in no file after the next start`,
    );
    return { ...result, violations: [...result.violations, ...lost] };
  } finally {
    await closeScene(scene);
  }
}

/** Lets the program watch while something is done, and ends it when it is still there then. */
async function watchWhile(
  scene: BackScene,
  kill: Pick<VictimOptions, 'on'>,
  work: (url: string, isOver: () => boolean) => Promise<void>,
): ReturnType<typeof startVictim>['finished'] {
  const { directory, tree } = scene;
  const argv = ['--config', join(directory, 'config.yaml'), 'run', '--json', '--log', 'info'];
  const { child, finished } = startVictim(argv, { tree, cwd: directory, ...kill });
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const ended = once(child, 'exit');
  const url = await Promise.race([endpointOf(child), ended.then(() => undefined)]);
  if (url !== undefined) await work(url, isOver);
  if (kill.on !== undefined) await Promise.race([ended, delay(LONGEST_WAIT_MS, undefined, { ref: false })]);
  if (!isOver()) child.kill('SIGTERM');
  const result = await finished;
  await notePhase(scene, result);
  return result;
}

/** Where the program takes events, as its log says. */
function endpointOf({ stderr }: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let told = '';
    stderr?.on('data', (text: string) => {
      told += text;
      const [, url] = /"url":"([^"]+)"/.exec(told) ?? [];
      if (url !== undefined) resolve(url);
    });
  });
}

async function postAll(
  { provider, workload }: BackScene,
  url: string,
  posts: Post[],
  isOver: () => boolean,
): Promise<void> {
  const orders = [...workload.orders[0], ...workload.orders[1]];
  for (const order of Array.from({ length: ROUNDS }, () => orders).flat()) {
    if (isOver()) return;
    provider.happen(order);
    const no = provider.events().filter(({ Order }) => Order === order).length;
    const post: Post = { order, no, isAnswered: false };
    posts.push(post);
    post.isAnswered = await send(url, post);
    await delay(BETWEEN_MS);
  }
}

async function send(url: string, { order, no }: Post): Promise<boolean> {
  const body = JSON.stringify({ id: `${order}-${no}`, type: 'moved', order });
  const headers = { 'x-token': TOKEN, 'content-type': 'application/json' };
  return fetch(url, { method: 'POST', headers, body }).then(
    ({ status }) => status === 200,
    () => false,
  );
}

function isTold({ reader }: BackScene, { order, no }: Post): boolean {
  return reader.taken.some(
    ({ path, content }) => path.startsWith('tracked/') && content.split('\n').includes(`${order},${no},.`),
  );
}
