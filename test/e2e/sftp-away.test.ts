import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import { sentTo, startFixedSandbox } from '../support/sandbox.ts';
import { remoteFolder } from '../support/sftp-workspace.ts';
import { startSshd, type Sshd } from '../support/sshd.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { createWorkspace, ctlConfig, inboundFlow, type Workspace } from '../support/workspace.ts';

const HEADER = 'OrderNo,ShipName,Address1,City,State,Zip,LineNo,SKU,Qty,Gift';
const drop = (number: string): string =>
  `${HEADER}\n${number},Okafor Studio,18 Harbor Lane,Dayton,OH,45402,1,CAP-STD,2,no\n`;
const WAIT_MS = 25_000;

let sshd: Sshd;
beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.close());

async function open(sftp: object = {}): Promise<{ workspace: Workspace; orders: () => string[] }> {
  const sandbox = await startFixedSandbox();
  onTestFinished(() => sandbox.close());
  const workspace = await createWorkspace({});
  onTestFinished(() => workspace.remove());
  const partner = await remoteFolder(sshd, workspace.directory, { timeout: '1s', keepAlive: '200ms', ...sftp });
  const inbound = {
    orders: inboundFlow('orders', 'order', 'order.create'),
    'partner-orders': inboundFlow('orders', 'order', 'order.create', { folder: 'partner' }),
  };
  const config = {
    ...ctlConfig(`${sandbox.url}/ctl`, { inbound }),
    folders: { erp: { path: 'here' }, partner },
  };
  await writeFile(workspace.path('config.yaml'), stringify(config));
  const orders = (): string[] =>
    sentTo(sandbox, 'PUT', /\/Orders\//).map(({ path }) => path.slice(path.lastIndexOf('/') + 1));
  return { workspace, orders };
}

async function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const endMs = performance.now() + WAIT_MS;
  while (!(await isSo())) {
    if (performance.now() > endMs) throw new Error(`it never came to pass: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('a server that is away', () => {
  test('keeps no other folder from its work, is named, and goes on without a restart when it is back', async () => {
    const { workspace, orders } = await open();
    await workspace.put('here/orders/in/a.csv', drop('HERE1'));
    await workspace.put('erp/orders/in/b.csv', drop('THERE1'));
    await sshd.stop();
    const { child, finished } = workspace.start(['run']);
    try {
      await until(() => orders().includes('HERE1'), 'the folder of this machine works');
      const status = await workspace.run(['status']);
      expect(status.stdout + status.stderr).toMatch(/server of the folder cannot be reached/);
      expect(orders()).toEqual(['HERE1']);
      await sshd.start();
      await until(() => orders().includes('THERE1'), 'the folder on the server works');
      await until(
        async () => (await workspace.names('erp/orders/results')).includes('b.result.csv'),
        'the result is there',
      );
      await sshd.stop();
      await workspace.put('here/orders/in/c.csv', drop('HERE2'));
      await until(() => orders().includes('HERE2'), 'the folder of this machine works on');
      await workspace.put('erp/orders/in/d.csv', drop('THERE2'));
      await sshd.start();
      await until(() => orders().includes('THERE2'), 'the folder on the server works again');
    } finally {
      child.kill('SIGTERM');
    }
    expect((await finished).code).toBe(0);
    expect(orders().sort()).toEqual(['HERE1', 'HERE2', 'THERE1', 'THERE2']);
  });

  test('makes a single run end with code 3, after all that could be done was done', async () => {
    const { workspace, orders } = await open();
    await workspace.put('here/orders/in/a.csv', drop('HERE1'));
    await workspace.put('erp/orders/in/b.csv', drop('THERE1'));
    await sshd.stop();
    try {
      const run = await workspace.run(['run', '--once']);
      expect(run.code).toBe(3);
      expect(orders()).toEqual(['HERE1']);
      expect(run.stdout + run.stderr).toMatch(/server of the folder cannot be reached/);
    } finally {
      await sshd.start();
    }
    const again = await workspace.run(['run', '--once']);
    expect(again.code, again.stderr).toBe(0);
    expect(orders()).toEqual(['HERE1', 'THERE1']);
  });
});

test('a server that has fallen silent does not keep the program from ending', async () => {
  const proxy = await startTcpProxy(sshd);
  onTestFinished(() => proxy.close());
  const { workspace, orders } = await open({ port: proxy.port, timeout: '10m', keepAlive: '10m' });
  await workspace.put('erp/orders/in/a.csv', drop('THERE1'));
  const { child, finished } = workspace.start(['run']);
  await until(() => orders().includes('THERE1'), 'the folder on the server works');
  proxy.cutNext({ kind: 'stall', after: 1 });
  await until(() => proxy.hasCut(), 'it fell silent');
  child.kill('SIGTERM');
  const startedAt = performance.now();
  expect((await finished).code).not.toBeNull();
  expect(performance.now() - startedAt).toBeLessThan(15_000);
});

test('a name that is not UTF-8 is named with the reason, and the other files go on', async () => {
  const { workspace, orders } = await open();
  await workspace.put('erp/orders/in/a.csv', drop('THERE1'));
  await writeFile(
    Buffer.concat([Buffer.from(workspace.path('erp/orders/in/caf')), Buffer.from('e92e637376', 'hex')]),
    'x',
  );
  const run = await workspace.run(['run', '--once']);
  expect(orders()).toEqual(['THERE1']);
  expect(run.stdout + run.stderr).toMatch(/caf.*its name is not UTF-8/);
  expect(await workspace.names('erp/orders/in')).toHaveLength(1);
});
