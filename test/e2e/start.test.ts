import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { jsonLines, repository, startDray } from '../support/dray.ts';

const MINUTE_MS = 60_000;

/** Waits until a condition holds. */
async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + MINUTE_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within a minute: ${what}`);
    await delay(100);
  }
}

test(
  'README: what npm start shows within a minute, and what happens to a mended and a repeated drop',
  { timeout: 3 * MINUTE_MS },
  async () => {
    const directory = await mkdtemp(join(tmpdir(), 'dray-start-'));
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    // The shipped files as they are, away from what somebody may have in the repository's own data.
    for (const name of ['config.yaml', 'mappings', 'samples'])
      await cp(join(repository, name), join(directory, name), { recursive: true });
    const { child, finished } = startDray(['run'], { cwd: directory });
    const at = (...parts: string[]): string => join(directory, 'data/erp', ...parts);
    const names = (path: string): Promise<string[]> => readdir(at(path)).catch(() => []);
    const results = (): Promise<string[]> => names('orders/results');

    await until('result file and reject sheet', async () => (await results()).length === 2);
    const sheet = await readFile(at('orders/results/orders.rejected.csv'), 'utf8');
    expect(
      sheet
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.slice(0, 9)),
    ).toEqual(['SO-700154', 'SO-700155']);
    await writeFile(at('orders/in/mended.csv'), sheet.replace('1.5 dozen', '18').replace('PA,,US', 'PA,16501,US'));
    await until('answer to the mended sheet', async () => (await results()).includes('mended.result.csv'));
    const mended = (await readFile(at('orders/results/mended.result.csv'), 'utf8')).trim().split('\r\n').slice(1);
    expect(mended.map((line) => line.split(',').slice(2, 4).join(' '))).toEqual([
      'SO-700154 accepted',
      'SO-700155 accepted',
    ]);

    await cp(join(repository, 'samples/01-orders/orders.csv'), at('orders/in/again.csv'));
    await until('answer to the repeated drop', async () => (await results()).includes('again.result.csv'));
    const again = (await readFile(at('orders/results/again.result.csv'), 'utf8')).trim().split('\r\n').slice(1);
    expect(again.slice(0, 3).map((line) => line.split(',').slice(2, 4).join(' '))).toEqual([
      'SO-700151 already-received',
      'SO-700152 already-received',
      'SO-700153 already-received',
    ]);

    for (const [path, start] of [
      ['shipconf', 'SHIPCONF_'],
      ['receipts', 'RECEIPT_'],
      ['inventory', 'INVENTORY_'],
    ] as const) {
      await until(path, async () => (await names(path)).some((name) => name.startsWith(start)));
    }
    child.kill('SIGINT');
    const end = await finished;
    expect(end).toMatchObject({ code: 0, signal: null });
    expect(jsonLines(end.stdout).at(-1)).toMatchObject({ event: 'end', troubles: 0 });
  },
);

test('README: every command it lists exists', async () => {
  const readme = await readFile(join(repository, 'README.md'), 'utf8');
  const listed = new Set([...readme.matchAll(/^dray (\w+).* {2}/gm)].map(([, name]) => name));
  const help = (await startDray(['--help']).finished).stdout;
  const known = new Set([...help.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name).filter((name) => name !== 'help'));
  expect(listed).toEqual(known);
});

test('README: every page it links to is there', async () => {
  const readme = await readFile(join(repository, 'README.md'), 'utf8');
  const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, path = '']) => path);
  const missing: string[] = [];
  for (const path of links)
    await readFile(join(repository, path)).catch(
      (error: NodeJS.ErrnoException) => error.code === 'EISDIR' || missing.push(path),
    );
  expect(missing).toEqual([]);
});
