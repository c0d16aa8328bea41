import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createLoad, eventId, freePort, loadConfig, untilOpen } from '../support/webhook-load.ts';
import { createWorkspace } from '../support/workspace.ts';

const ROUNDS = 2;
const SENDERS = 32;

test('every event that was answered with 200 is in the ledger after the program was killed', async () => {
  const port = await freePort();
  const workspace = await createWorkspace(loadConfig(port));
  onTestFinished(() => workspace.remove());
  const answered: string[] = [];
  let next = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const { child, finished } = workspace.start(['run', '--json', '--log', 'error']);
    await untilOpen(port);
    const load = createLoad(port, SENDERS);
    const before = answered.length;
    let isDown = false;
    const send = async (): Promise<void> => {
      while (!isDown) {
        const at = next++;
        if (await load.post(at)) answered.push(eventId(at));
        else return;
      }
    };
    const senders = Array.from({ length: SENDERS }, send);
    await delay(700);
    child.kill('SIGKILL');
    await Promise.all(senders);
    isDown = true;
    load.close();
    expect((await finished).signal).toBe('SIGKILL');
    expect(answered.length - before).toBeGreaterThan(SENDERS);
  }
  const database = new DatabaseSync(workspace.path('data/dray.db'), { readOnly: true });
  const rows = database.prepare('SELECT identity FROM webhook_events').all() as { identity: string }[];
  database.close();
  const stored = new Set(rows.map(({ identity }) => identity));
  expect(answered.filter((identity) => !stored.has(identity))).toEqual([]);
  expect(stored.size).toBe(rows.length);
}, 30_000);
