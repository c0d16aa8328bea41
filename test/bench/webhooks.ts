import { setTimeout as delay } from 'node:timers/promises';
import { createLoad, freePort, loadConfig, untilOpen, type Load } from '../support/webhook-load.ts';
import { jsonLines } from '../support/dray.ts';
import { createWorkspace } from '../support/workspace.ts';

const RATE = 2_000;
const SECONDS = 30;
const CONNECTIONS = 64;
const TICK_MS = 5;
const BURST_MS = 5_000;

interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** The real program takes signed events on loopback, each durable before its answer. */
export async function benchWebhooks(): Promise<Figure[]> {
  const port = await freePort();
  const workspace = await createWorkspace(loadConfig(port));
  const { child, finished } = workspace.start(['run', '--json', '--log', 'error']);
  await untilOpen(port);
  const load = createLoad(port, CONNECTIONS);
  const steady = await postSteadily(load);
  const burst = await postAsFastAsItGoes(load, RATE * SECONDS);
  load.close();
  const [status] = jsonLines((await workspace.run(['status', '--json'])).stdout);
  child.kill('SIGTERM');
  await finished;
  await workspace.remove();
  const [counts] = (status?.['webhooks'] ?? []) as { stored: number }[];
  const answered = steady.answered + burst.answered;
  return [
    { name: `webhooks: asked for at ${RATE}/s for ${SECONDS} s, answered 200`, value: steady.answered, unit: 'posts' },
    { name: 'webhooks: rate of answers at that', value: steady.rate, unit: 'posts/s' },
    { name: 'webhooks: answer, half of them within', value: steady.halfMs, unit: 'ms' },
    { name: 'webhooks: answer, 99 % of them within', value: steady.mostMs, unit: 'ms' },
    { name: `webhooks: ${CONNECTIONS} senders as fast as it goes`, value: burst.rate, unit: 'posts/s' },
    { name: 'webhooks: answered and not stored', value: answered - (counts?.stored ?? 0), unit: 'posts' },
  ];
}

async function postSteadily(load: Load): Promise<{ answered: number; rate: number; halfMs: number; mostMs: number }> {
  const times: number[] = [];
  const posts: Promise<void>[] = [];
  const post = async (at: number): Promise<void> => {
    const started = performance.now();
    if (await load.post(at)) times.push(performance.now() - started);
  };
  const started = performance.now();
  for (let sent = 0; sent < RATE * SECONDS;) {
    const due = Math.min(RATE * SECONDS, Math.floor(((performance.now() - started) / 1000) * RATE));
    for (; sent < due; sent++) posts.push(post(sent));
    await delay(TICK_MS);
  }
  await Promise.all(posts);
  const seconds = (performance.now() - started) / 1000;
  times.sort((a, b) => a - b);
  const within = (part: number): number => times[Math.floor(times.length * part)] ?? Infinity;
  return { answered: times.length, rate: times.length / seconds, halfMs: within(0.5), mostMs: within(0.99) };
}

async function postAsFastAsItGoes(load: Load, first: number): Promise<{ answered: number; rate: number }> {
  let next = first;
  let answered = 0;
  const started = performance.now();
  const send = async (): Promise<void> => {
    while (performance.now() - started < BURST_MS) if (await load.post(next++)) answered++;
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, send));
  return { answered, rate: answered / ((performance.now() - started) / 1000) };
}
