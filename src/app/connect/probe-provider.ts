import { connect as connectPlain } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { systemClock } from '../../core/clock.ts';
import { Failure, systemCode } from '../../core/failure.ts';
import type { Feed } from '../../core/feed.ts';
import type { Provider } from '../../core/provider.ts';

const DEADLINE_MS = 15_000;
const MINUTE_MS = 60_000;

/**
 * Reads the first page of a feed, which proves address and credentials; without a feed only the address is tried.
 * @throws Failure as the feed does, and provider-unreachable.
 */
export async function probeProvider(provider: Provider, address: URL, preferred: readonly string[]): Promise<string> {
  const feed = cheapestFeed(provider, preferred);
  if (feed === undefined) {
    await reach(address);
    return 'reached; its credentials cannot be tried without sending something';
  }
  const now = systemClock.now();
  const context = feed.changes === undefined ? {} : { window: { fromMs: now - MINUTE_MS, untilMs: now } };
  await feed.readPage(feed.start, AbortSignal.timeout(DEADLINE_MS), context);
  return `reached, credentials accepted: a page of ${feed.name} was read`;
}

/** One that a flow collects, if there is one; none whose records are read one by one, and no report. */
function cheapestFeed({ feeds }: Provider, preferred: readonly string[]): Feed | undefined {
  const listed = [...feeds.values()].filter(
    ({ tracking, reporting }) => tracking === undefined && reporting === undefined,
  );
  return listed.find(({ name }) => preferred.includes(name)) ?? listed[0];
}

/** Opens a connection and closes it again. */
async function reach({ protocol, hostname, port }: URL): Promise<void> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const isSafe = protocol === 'https:';
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = isSafe
    ? connectTls({ host, port: Number(port || 443), servername: host }, resolve)
    : connectPlain({ host, port: Number(port || 80) }, resolve);
  socket.setTimeout(DEADLINE_MS, () => reject(new Error('no answer')));
  socket.once('error', reject);
  try {
    await promise;
  } catch (error) {
    const code = systemCode(error);
    throw new Failure('provider-unreachable', code === undefined ? host : `${host} (${code})`, { cause: error });
  } finally {
    socket.destroy();
  }
}
