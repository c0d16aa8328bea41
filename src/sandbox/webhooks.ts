import { type SandboxClock } from './clock.ts';
import { type ProviderStandIn } from './frame.ts';
import { isOneIn } from './random.ts';

/** What goes wrong between a provider and whoever it posts to. */
export interface WebhookSwitches {
  /** One event in so many is posted twice; 0 = never. The same holds for the other rates. */
  webhookRepeatEvery: number;
  /** Comes two hours late. */
  webhookDelayEvery: number;
  /** Comes after events that happened a quarter of an hour later. */
  webhookDisorderEvery: number;
  /** Never comes. */
  webhookDropEvery: number;
  /** Comes once more before, with a proof that is wrong. */
  webhookForgeEvery: number;
}

export const usualWebhooks: Readonly<WebhookSwitches> = {
  webhookRepeatEvery: 0,
  webhookDelayEvery: 0,
  webhookDisorderEvery: 0,
  webhookDropEvery: 0,
  webhookForgeEvery: 0,
};

/** A post that somebody is owed. Times are the stand-in's, in ms. */
export interface OwedPost {
  at: number;
  /** How often it was tried. */
  tries: number;
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string;
  /** How long after each failed try the next one comes. */
  retriesMs: readonly number[];
  /** Real time within which an answer must come. */
  answerMs: number;
}

/** One try, for people and tests. */
export interface Delivery {
  provider: string;
  at: string;
  url: string;
  tries: number;
  /** Null when no answer came. */
  status: number | null;
  body: string;
}

const QUARTER_MS = 15 * 60_000;
const LATE_MS = 2 * 60 * 60_000;

/** Owes a post, and plays what goes wrong on its way. `event` decides which of them it meets. */
export function owe(
  posts: OwedPost[],
  post: Omit<OwedPost, 'tries'> & { forgedHeaders: Record<string, string> },
  event: string,
  { seed, switches }: { seed: number; switches: Readonly<WebhookSwitches> },
): void {
  const { forgedHeaders, ...real } = post;
  const meets = (every: number, what: string): boolean => isOneIn(every, seed, 'webhook', what, event);
  if (meets(switches.webhookForgeEvery, 'forge'))
    posts.push({ ...real, headers: forgedHeaders, tries: 0, retriesMs: [] });
  if (meets(switches.webhookDropEvery, 'drop')) return;
  const lateMs = meets(switches.webhookDelayEvery, 'delay') ? LATE_MS : 0;
  const disorderMs = meets(switches.webhookDisorderEvery, 'disorder') ? QUARTER_MS : 0;
  const at = real.at + lateMs + disorderMs;
  posts.push({ ...real, at, tries: 0 });
  if (meets(switches.webhookRepeatEvery, 'repeat')) posts.push({ ...real, at, tries: 0 });
}

const LOOK_EVERY_MS = 20;
const AT_ONCE = 16;
const MOST_KEPT = 100_000;

export interface Sender {
  deliveries(): readonly Delivery[];
  clear(): void;
}

/** Sends what is due until the signal aborts, each try again after the plan of its provider. */
export function startSender(
  providers: readonly ProviderStandIn[],
  clock: SandboxClock,
  { signal, onSent }: { signal: AbortSignal; onSent: () => void },
): Sender {
  let deliveries: Delivery[] = [];
  let open = 0;
  const send = async (provider: string, owed: OwedPost[], post: OwedPost): Promise<void> => {
    open++;
    post.tries++;
    const status = await tryOnce(post, signal);
    open--;
    if (signal.aborted) return;
    const { url, tries, body, retriesMs } = post;
    deliveries.push({ provider, at: new Date(clock.now()).toISOString(), url, tries, status, body });
    if (deliveries.length > MOST_KEPT) deliveries = deliveries.slice(-MOST_KEPT / 2);
    const nextMs = status !== null && status < 300 ? undefined : retriesMs[tries - 1];
    if (nextMs !== undefined) owed.push({ ...post, at: clock.now() + nextMs });
    onSent();
  };
  const look = (): void => {
    for (const provider of providers) {
      if (provider.owed?.() === undefined) continue;
      provider.settle();
      const owed = provider.owed() ?? [];
      while (open < AT_ONCE) {
        const post = takeDue(owed, clock.now());
        if (post === undefined) break;
        void send(provider.name, owed, post);
      }
    }
  };
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  return {
    deliveries: () => deliveries,
    clear() {
      deliveries = [];
    },
  };
}

function takeDue(owed: OwedPost[], now: number): OwedPost | undefined {
  const place = owed.findIndex(({ at }) => at <= now);
  return place === -1 ? undefined : owed.splice(place, 1)[0];
}

/** The answered status; null when none came in time. */
async function tryOnce(
  { url, method, headers, body, answerMs }: OwedPost,
  signal: AbortSignal,
): Promise<number | null> {
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(answerMs)]);
    const answer = await fetch(url, { method, headers, body, redirect: 'manual', signal: limit });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    // Refused, cut off or too slow: for the sender it is all one.
    return null;
  }
}
