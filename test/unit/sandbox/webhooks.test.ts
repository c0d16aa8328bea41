import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { owe, usualWebhooks, type OwedPost, type WebhookSwitches } from '../../../src/sandbox/webhooks.ts';
import { type ChoiceClient, startChoice, ticket } from './choice-client.ts';

const MINUTE_MS = 60_000;
const EVENTS = ['POSTACK', 'NEWETA', 'STAGE', 'PACK', 'DLVD', 'EXCEPTION'];

interface Post {
  readonly body: string;
  readonly signature: string;
}

/** Somebody who takes posts, and answers each as told. */
async function startReceiver(status: (position: number) => number): Promise<{ url: string; posts: Post[] }> {
  const posts: Post[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      posts.push({
        body: Buffer.concat(chunks).toString(),
        signature: String(request.headers['x-choice-signature']),
      });
      response.writeHead(status(posts.length - 1)).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/in`, posts };
}

async function register(choice: ChoiceClient, url: string): Promise<void> {
  expect((await choice.post('webhooks', { url, events: EVENTS, secret: 'hush' })).status).toBe(201);
}

const typeOf = ({ body }: Post): string => (JSON.parse(body) as { eventType: string }).eventType;
const tries = async (choice: ChoiceClient): Promise<number[]> =>
  ((await choice.admin('GET', 'webhooks')).json as { tries: number }[]).map((one) => one.tries);

it('posts what happens, signed, in the order in which it happened', async () => {
  const choice = await startChoice({ switches: { choice: { etaEvery: 0 } } });
  const { url, posts } = await startReceiver(() => 200);
  await register(choice, url);
  await choice.post('tickets', ticket());
  for (const count of [1, 2, 3, 4]) {
    choice.advance([10_000, 3 * MINUTE_MS, 10 * MINUTE_MS, 60 * MINUTE_MS][count - 1] ?? 0);
    await expect.poll(() => posts.length).toBe(count);
  }
  expect(posts.map(typeOf)).toEqual(['POSTACK', 'STAGE', 'PACK', 'DLVD']);
  for (const { body, signature } of posts)
    expect(signature).toBe(`sha256=${createHmac('sha256', 'hush').update(body).digest('hex')}`);
});

it('tries again after its plan when the answer is no success, and then no more', async () => {
  const choice = await startChoice({ switches: { choice: { etaEvery: 0 } } });
  const { url, posts } = await startReceiver((position) => (position < 2 ? 503 : 200));
  await register(choice, url);
  await choice.post('tickets', ticket());
  choice.advance(10_000);
  await expect.poll(() => tries(choice)).toEqual([1]);
  choice.advance(MINUTE_MS - 1);
  choice.advance(1);
  await expect.poll(() => tries(choice)).toEqual([1, 2]);
  expect(posts.map(typeOf)).toEqual(['POSTACK', 'POSTACK']);
  choice.advance(5 * MINUTE_MS);
  await expect.poll(() => posts.filter((post) => typeOf(post) === 'POSTACK').length).toBe(3);
  choice.advance(300 * MINUTE_MS);
  await expect.poll(() => posts.map(typeOf)).toContain('DLVD');
  expect(posts.filter((post) => typeOf(post) === 'POSTACK')).toHaveLength(3);
});

it.each<[Partial<WebhookSwitches>, readonly string[]]>([
  [{}, ['signed at 1000']],
  [{ webhookRepeatEvery: 1 }, ['signed at 1000', 'signed at 1000']],
  [{ webhookDropEvery: 1 }, []],
  [{ webhookForgeEvery: 1, webhookDropEvery: 1 }, ['forged at 1000']],
  [{ webhookDisorderEvery: 1 }, ['signed at 901000']],
  [{ webhookDelayEvery: 1, webhookRepeatEvery: 1 }, ['signed at 7201000', 'signed at 7201000']],
])('owes what goes wrong: %o', (switches, owed) => {
  const posts: OwedPost[] = [];
  const post = { at: 1000, url: 'http://127.0.0.1:9', method: 'POST', body: '', retriesMs: [], answerMs: 1 };
  const proofs = { headers: { proof: 'signed' }, forgedHeaders: { proof: 'forged' } };
  owe(posts, { ...post, ...proofs }, 'an event', { seed: 1, switches: { ...usualWebhooks, ...switches } });
  expect(posts.map(({ headers, at }) => `${headers['proof']} at ${at}`)).toEqual(owed);
});
