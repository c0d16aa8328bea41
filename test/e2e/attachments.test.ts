import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Sandbox, SwitchChanges } from '../../src/sandbox/index.ts';
import { addFault, startFixedSandbox } from '../support/sandbox.ts';
import { createWorkspace, type Workspace } from '../support/workspace.ts';
import { wholesaleOrder } from '../unit/sandbox/flexport-client.ts';
import { MINUTE_MS, putDefinition, sampleConfig, START, SWITCHES } from './samples-flexport-support.ts';

// Each test starts the program several times.
vi.setConfig({ testTimeout: 60_000 });

const PDF = '%PDF-1.4\ntrailer\n<< >>\nstartxref\n9\n%%EOF\n';
const PUT = { method: 'PUT', pathPattern: '/uploads/' };

interface Scene {
  readonly sandbox: Sandbox;
  readonly workspace: Workspace;
  readonly puts: () => readonly { readonly status: number | null; readonly body: string }[];
  /** What the sandbox holds of the papers. */
  readonly papers: () => Promise<readonly { readonly shipmentId: string; readonly sha256: string | null }[]>;
  readonly results: () => Promise<string>;
}

/** A wholesale order that is booked, so that its shipments are there. */
async function createScene(switches: SwitchChanges['flexport'] & {} = {}): Promise<Scene> {
  const sandbox = await startFixedSandbox({ now: () => START, switches: { flexport: { ...SWITCHES, ...switches } } });
  onTestFinished(() => sandbox.close());
  const { inbound, ...config } = await sampleConfig(`${sandbox.url}/flexport`);
  const { attachments } = inbound;
  const workspace = await createWorkspace({ ...config, inbound: { attachments }, outbound: {} });
  onTestFinished(() => workspace.remove());
  await putDefinition(workspace);
  const ordered = await fetch(`${sandbox.url}/flexport/logistics/api/2026-02/orders/rs`, {
    method: 'POST',
    headers: { authorization: 'Bearer demo', 'content-type': 'application/json' },
    body: JSON.stringify(wholesaleOrder('DGTY7YFONLL', { externalId: 'B2B-7' })),
  });
  expect(ordered.status).toBe(200);
  sandbox.advance(6 * MINUTE_MS);
  const inspect = async (path: string): Promise<unknown> =>
    (await fetch(`${sandbox.url}/__admin/state/flexport/uploads${path}`)).json();
  return {
    sandbox,
    workspace,
    puts: () => sandbox.journal().filter(({ method }) => method === 'PUT'),
    async papers() {
      const { ids } = (await inspect('')) as { ids: readonly string[] };
      return Promise.all(ids.map((id) => inspect(`/${id}`))) as ReturnType<Scene['papers']>;
    },
    async results() {
      const names = await workspace.names('erp/attachments/results');
      const texts = names
        .filter((name) => name.endsWith('.csv'))
        .map((name) => workspace.read(`erp/attachments/results/${name}`));
      return (await Promise.all(texts)).join('');
    },
  };
}

const hash = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await delay(20);
}

test('an address that has expired is asked for anew', async () => {
  const { sandbox, workspace, puts, papers, results } = await createScene({ uploadMinutes: 0 });
  await workspace.put('erp/attachments/in/B2B-7_BOL.pdf', PDF);
  const { finished } = workspace.start(['run', '--once', '--log', 'debug']);
  await until(() => puts().length === 1);
  await fetch(`${sandbox.url}/__admin/switches`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ flexport: { uploadMinutes: 60 } }),
  });
  const run = await finished;
  expect(run.code).toBe(0);
  expect(puts().map(({ status }) => status)).toEqual([403, 200]);
  expect((await papers()).map(({ sha256 }) => sha256)).toEqual([null, hash(PDF)]);
  expect(await results()).toContain('B2B-7_BOL.pdf,1,B2B-7 BOL,accepted,');
});

test('the address is a secret: neither the ledger nor the spool, the logs or the results hold it', async () => {
  const { sandbox, workspace } = await createScene();
  await addFault(sandbox, { ...PUT, times: 1 }, { drop: 'after-commit' });
  await workspace.put('erp/attachments/in/B2B-7_BOL.pdf', PDF);
  const run = await workspace.run(['run', '--once', '--log', 'debug']);
  expect(run.code).toBe(0);
  const signatures = sandbox.journal().flatMap(({ path }) => /X-Signature=(\w+)/.exec(path)?.[1] ?? []);
  expect(signatures).toHaveLength(2);
  const files = await readdir(workspace.directory, { recursive: true, withFileTypes: true });
  const kept = files.filter((entry) => entry.isFile()).map((entry) => `${entry.parentPath}/${entry.name}`);
  const contents = await Promise.all(kept.map(async (path) => (await readFile(path)).toString('latin1')));
  for (const text of [run.stdout, run.stderr, ...contents])
    for (const signature of signatures) expect(text).not.toContain(signature);
  expect(run.stderr).toContain('request answered');
});

test('a lost answer to the upload is met by asking and sending once more', async () => {
  const { sandbox, workspace, puts, papers, results } = await createScene();
  await addFault(sandbox, { ...PUT, times: 1 }, { drop: 'after-commit' });
  await workspace.put('erp/attachments/in/B2B-7_LABELS.pdf', PDF);
  expect((await workspace.run(['run', '--once'])).code).toBe(0);
  expect(puts().map(({ status }) => status)).toEqual([null, 200]);
  expect((await papers()).map(({ sha256 }) => sha256)).toEqual([hash(PDF), hash(PDF)]);
  expect(await results()).toContain('B2B-7 LABELS,accepted');
});

test('killed between the request and the upload, it goes on with the bytes it kept', async () => {
  const { sandbox, workspace, puts, papers, results } = await createScene();
  await addFault(sandbox, { ...PUT, times: 1 }, { drop: 'before-commit', hang: true });
  await workspace.put('erp/attachments/in/B2B-7_BOL.pdf', PDF);
  const { child, finished } = workspace.start(['run', '--once']);
  await until(() => puts().length === 1);
  child.kill('SIGKILL');
  expect((await finished).signal).toBe('SIGKILL');
  // The original is filed already: what is sent now can only be what was kept.
  await workspace.put('erp/attachments/done/B2B-7_BOL.pdf', 'something else');
  expect((await workspace.run(['run', '--once'])).code).toBe(0);
  expect(puts().at(-1)?.status).toBe(200);
  expect((await papers()).at(-1)).toMatchObject({ sha256: hash(PDF) });
  expect(await results()).toContain('B2B-7 BOL,accepted');
  expect(await workspace.names('data/dray.spool')).toEqual([]);
});

test('a PDF that is cut off comes back as it was, and is taken when it comes again whole', async () => {
  const { workspace, puts, papers, results } = await createScene();
  const cut = PDF.slice(0, 20);
  await workspace.put('erp/attachments/in/B2B-7_BOL.pdf', cut);
  expect((await workspace.run(['run', '--once'])).code).toBe(1);
  expect(puts()).toEqual([]);
  expect(await results()).toContain('file-cut-off');
  expect(await workspace.read('erp/attachments/results/B2B-7_BOL.rejected.pdf')).toBe(cut);
  await workspace.put('erp/attachments/in/B2B-7_BOL.rejected.pdf', PDF);
  expect((await workspace.run(['run', '--once'])).code).toBe(0);
  expect((await papers()).map(({ sha256 }) => sha256)).toEqual([hash(PDF)]);
  expect(await results()).toContain('B2B-7_BOL.rejected.pdf,1,B2B-7 BOL,accepted');
});

test('for an address that is not allowed a person decides, and the bytes stay until then', async () => {
  const { sandbox, workspace, puts, papers, results } = await createScene();
  const asking = { method: 'POST', pathPattern: '/attachments$', times: 1 };
  await addFault(sandbox, asking, {
    body: JSON.stringify({ uploadUrl: 'http://files.example.com/in/1?sig=s1gn4tur3' }),
  });
  await workspace.put('erp/attachments/in/B2B-7_BOL.pdf', PDF);
  const run = await workspace.run(['run', '--once', '--log', 'debug']);
  expect(run.code).toBe(1);
  expect(run.stdout + run.stderr).not.toContain('s1gn4tur3');
  expect(puts()).toEqual([]);
  expect(await results()).toContain('B2B-7 BOL,held,upload-address,');
  expect((await workspace.run(['ledger', 'release', 'B2B-7 BOL'])).code).toBe(0);
  // It begins by sweeping out what nothing needs any more.
  expect((await workspace.run(['run', '--once'])).code).toBe(0);
  expect((await papers()).map(({ sha256 }) => sha256)).toEqual([null, hash(PDF)]);
  expect(await workspace.names('data/dray.spool')).toEqual([]);
});

test('an empty file is refused, and lies in failed', async () => {
  const { workspace, puts, results } = await createScene();
  await workspace.put('erp/attachments/in/B2B-7_BOL.pdf', '');
  expect((await workspace.run(['run', '--once'])).code).toBe(1);
  expect(puts()).toEqual([]);
  expect(await results()).toContain('B2B-7_BOL.pdf,,,refused,empty-file');
  expect(await workspace.names('erp/attachments/failed')).toEqual(['B2B-7_BOL.pdf']);
});

test('a paper of an order nobody knows is told so, and the books balance', async () => {
  const { workspace, puts, results } = await createScene();
  await workspace.put('erp/attachments/in/B2B-8_BOL.pdf', PDF);
  expect((await workspace.run(['run', '--once'])).code).toBe(1);
  expect(puts()).toEqual([]);
  expect(await results()).toContain('the provider knows no shipment of a wholesale order with this number');
  expect(await workspace.names('erp/attachments/results')).toContain('B2B-8_BOL.rejected.pdf');
  expect((await workspace.run(['status', '--json'])).stdout).toContain('"balanced":true');
});

test('a large file goes through in the memory of a small one', async () => {
  const { workspace, papers } = await createScene();
  const told = `data:text/javascript,process.on('exit',()=>console.error('peak '+process.resourceUsage().maxRSS))`;
  const peakOf = async (name: string, content: Uint8Array): Promise<number> => {
    await workspace.put(`erp/attachments/in/${name}`, content);
    const run = await workspace.run(['run', '--once'], { nodeOptions: ['--import', told] });
    expect(run.code).toBe(0);
    expect((await papers()).at(-1)).toMatchObject({ sha256: hash(content) });
    return Number(/peak (\d+)/.exec(run.stderr)?.[1]) / 1024;
  };
  const large = Buffer.concat([
    Buffer.from('%PDF-1.7\n'),
    Buffer.alloc(64 * 1024 * 1024, 'x'),
    Buffer.from('\n%%EOF\n'),
  ]);
  const [small, most] = [await peakOf('B2B-7_BOL.pdf', Buffer.from(PDF)), await peakOf('B2B-7_LABELS.pdf', large)];
  expect(most - small).toBeLessThan(32);
});
