import { existsSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Ledger } from '../../../src/core/ledger.ts';
import { openLedger } from '../../../src/ledger/index.ts';
import { connectControl, controlAddress, serveControl, type Control } from '../../../src/server/control.ts';
import { createTestClock, createTestLog, temporaryDirectory } from '../core/support.ts';
import { required } from '../inbound/support.ts';

const situation = {
  waiting: [{ flow: 'orders', path: 'in/a.csv', why: 'still empty' }],
  troubles: ['provider ctl: away'],
};

async function createServed(
  own: Partial<Control> = {},
): Promise<{ address: string; ledger: Ledger; close: () => Promise<void> }> {
  const directory = await temporaryDirectory();
  const path = join(directory, 'dray.db');
  const ledger = await openLedger({ path, clock: createTestClock(), log: createTestLog() });
  const address = controlAddress(path);
  const control: Control = {
    ...ledger,
    hello: () => Promise.resolve({ pid: 4711, startedAt: 1000 }),
    situation: () => Promise.resolve(situation),
    recollectFlow: (flow, from) => ledger.askRecollection(flow, from, 0),
    withdrawFile: (fileId) => ledger.voidFile(fileId, 0),
    ...own,
  };
  const server = await serveControl(address, control);
  let isClosed = false;
  const close = async (): Promise<void> => {
    if (!isClosed) await server.close();
    isClosed = true;
  };
  onTestFinished(async () => {
    await close();
    await ledger.close();
  });
  return { address, ledger, close };
}

async function client(address: string): Promise<Control & { close(): void }> {
  const control = required(await connectControl(address));
  onTestFinished(() => control.close());
  return control;
}

/** Speaks the protocol itself: one line out, one line back. */
async function ask(address: string, ...lines: readonly string[]): Promise<string[]> {
  const socket = connect(address);
  onTestFinished(() => void socket.destroy());
  const answers: string[] = [];
  const input = createInterface({ input: socket });
  socket.write(lines.map((line) => `${line}\n`).join(''));
  for await (const answer of input) {
    answers.push(answer);
    if (answers.length === lines.length) break;
  }
  return answers;
}

describe('a running dray', () => {
  test('says who it is, what waits, and what its ledger knows', async () => {
    const { address, ledger } = await createServed();
    const control = await client(address);
    expect(await control.hello()).toEqual({ pid: 4711, startedAt: 1000 });
    expect(await control.situation()).toEqual(situation);
    expect(await control.overview()).toEqual(await ledger.overview());
    expect(await control.drop(1)).toBeUndefined();
  });

  test('answers questions that are asked at once in their order', async () => {
    const { address } = await createServed();
    const control = await client(address);
    const answers = await Promise.all([
      control.hello(),
      control.situation(),
      control.drops({ limit: 5 }),
      control.hello(),
    ]);
    expect(answers).toEqual([{ pid: 4711, startedAt: 1000 }, situation, [], { pid: 4711, startedAt: 1000 }]);
  });

  test('answers several at a time', async () => {
    const { address } = await createServed();
    const [one, two] = [await client(address), await client(address)];
    expect(await Promise.all([one.hello(), two.situation()])).toEqual([{ pid: 4711, startedAt: 1000 }, situation]);
  });

  test('outlives a client that goes away before it is answered', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const { address } = await createServed({
      async situation() {
        await held;
        return situation;
      },
    });
    const socket = connect(address);
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.write('{"method":"situation","params":[]}\n{"method":"hello","params":[]}\n');
    await new Promise((resolve) => socket.once('data', resolve));
    socket.destroy();
    release();
    const control = await client(address);
    expect(await control.hello()).toMatchObject({ pid: 4711 });
  });

  test('passes a failure on as one, and goes on answering', async () => {
    const { address } = await createServed({ overview: () => Promise.reject(new Error('no space')) });
    const control = await client(address);
    await expect(control.overview()).rejects.toMatchObject({
      code: 'ledger-unreachable',
      message: expect.stringContaining('no space'),
    });
    await expect(control.releaseSubmission(99)).rejects.toMatchObject({ code: 'ledger-unreachable' });
    expect(await control.hello()).toMatchObject({ pid: 4711 });
  });

  test.each([
    ['{"method":"close","params":[]}'],
    ['{"method":"claimSubmissions","params":["ctl",10,0]}'],
    ['{"method":"constructor","params":[]}'],
    ['{"method":"__proto__","params":[]}'],
    ['{"params":[]}'],
  ])('refuses a method it does not offer: %s', async (line) => {
    const { address, ledger } = await createServed();
    const [answer] = await ask(address, line);
    expect(answer).toContain('unknown method');
    expect(await ledger.overview()).toBeDefined();
  });

  test.each(['', 'null', '5', '{', '{"method":"hello"}', '{"method":"hello","params":5}'])(
    'is not upset by a line that makes no sense: %j',
    async (line) => {
      const { address } = await createServed();
      const [bad, good] = await ask(address, line, '{"method":"hello","params":[]}');
      expect(JSON.parse(bad ?? '')).toHaveProperty('error');
      expect(JSON.parse(good ?? '')).toEqual({ result: { pid: 4711, startedAt: 1000 } });
    },
  );

  test('that ends leaves no socket', async () => {
    const { address, close } = await createServed();
    await (await client(address)).hello();
    await close();
    expect([existsSync(address), await connectControl(address)]).toEqual([false, undefined]);
  });
});

describe('the socket', () => {
  test('can be opened by its owner alone', async () => {
    const { address } = await createServed();
    expect(statSync(address).mode & 0o777).toBe(0o600);
  });

  test('that a killed process left is replaced', async () => {
    const directory = await temporaryDirectory();
    const address = controlAddress(join(directory, 'dray.db'));
    await writeFile(address, '');
    expect(await connectControl(address)).toBeUndefined();
    const control = { hello: () => Promise.resolve({ pid: 1, startedAt: 2 }) } as unknown as Control;
    const server = await serveControl(address, control);
    onTestFinished(() => server.close());
    expect(await (await client(address)).hello()).toEqual({ pid: 1, startedAt: 2 });
  });

  test('lies beside the ledger, or under a short name of its own when the path is too long for a socket', () => {
    expect(controlAddress('/srv/dray/dray.db')).toBe('/srv/dray/dray.db.sock');
    const [one, two] = ['a', 'b'].map((name) => controlAddress(`/srv/${'deep/'.repeat(30)}${name}.db`));
    expect(Buffer.byteLength(one ?? '')).toBeLessThan(100);
    expect(one).not.toBe(two);
  });

  test('where nobody listens is nobody', async () => {
    expect(await connectControl(join(await temporaryDirectory(), 'none.sock'))).toBeUndefined();
  });
});
