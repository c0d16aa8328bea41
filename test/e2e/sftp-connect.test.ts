import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { jsonLines, repository, type Finished } from '../support/dray.ts';
import { sentTo, startFixedSandbox } from '../support/sandbox.ts';
import { remoteFolder } from '../support/sftp-workspace.ts';
import { startSshd, type Sshd } from '../support/sshd.ts';
import { createWorkspace, ctlConfig, inboundFlow, outboundFlow, type Workspace } from '../support/workspace.ts';

const NOWHERE = 'http://127.0.0.1:9';
const OTHER = `SHA256:${'A'.repeat(43)}`;
let sshd: Sshd;
beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.close());

interface Tried {
  readonly workspace: Workspace;
  readonly check: Finished;
}

/** `dray check --connect` with one folder on a server. */
async function check(server: Sshd, sftp: object = {}, more: object = {}, baseUrl = NOWHERE): Promise<Tried> {
  const workspace = await createWorkspace({});
  onTestFinished(() => workspace.remove());
  const folder = await remoteFolder(server, workspace.directory, { timeout: '2s', ...sftp });
  const flows = {
    inbound: { orders: inboundFlow('orders', 'order', 'order.create') },
    outbound: { shipped: outboundFlow('shipments', 'ship-confirmation', 'shipconf/S_{seq:6}.csv') },
  };
  const config = { ...ctlConfig(baseUrl, flows), folders: { erp: folder }, ...more };
  await writeFile(workspace.path('config.yaml'), stringify(config));
  return { workspace, check: await workspace.run(['check', '--connect']) };
}

const lineOf = ({ stdout }: Finished, start: string): string =>
  stdout.split('\n').find((line) => line.startsWith(start)) ?? stdout;

describe('dray check --connect', () => {
  test('proves folder and provider, one line each, and leaves nothing behind', async () => {
    const sandbox = await startFixedSandbox();
    onTestFinished(() => sandbox.close());
    const tried = await check(sshd, {}, {}, `${sandbox.url}/ctl`);
    expect(lineOf(tried.check, 'folder erp')).toMatch(
      /^folder erp: ok: sftp:\/\/\S+: its key is the pinned one, logged in; can list, read, write and rename in 5 directories$/,
    );
    expect(lineOf(tried.check, 'provider ctl')).toMatch(
      /^provider ctl: ok: .*credentials accepted: a page of shipments/,
    );
    expect(tried.check.code).toBe(0);
    expect(sentTo(sandbox, 'GET', /./)).toHaveLength(1);
    expect(sentTo(sandbox, 'PUT', /./)).toEqual([]);
    const left: string[] = await readdir(tried.workspace.path('erp'), { recursive: true });
    expect(left.filter((name) => name.includes('.dray-'))).toEqual([]);
    const json = await tried.workspace.run(['check', '--connect', '--json']);
    expect(jsonLines(json.stdout).map(({ kind, name, isWell }) => [kind, name, isWell])).toEqual([
      ['folder', 'erp', true],
      ['provider', 'ctl', true],
    ]);
  });

  test.each([
    ['another key', { hostKey: OTHER }],
    ['no key pinned', { hostKey: undefined }],
  ])('with %s shows the fingerprint and what to write where', async (_how, sftp) => {
    const { check: tried } = await check(sshd, sftp);
    const line = lineOf(tried, 'folder erp');
    expect(line).toMatch(/^folder erp: not ok server-unknown: /);
    expect(line).toContain(`${sshd.hostKey} (ssh-ed25519)`);
    expect(line).toContain('sftp.hostKey');
    expect(tried.code).toBe(3);
  });

  test('says which rights are missing', async () => {
    const readOnly = await startSshd({ sftp: '-R' });
    const noRename = await startSshd({ sftp: '-P rename,posix-rename' });
    onTestFinished(async () => {
      await readOnly.close();
      await noRename.close();
    });
    const first = await check(noRename);
    expect(lineOf(first.check, 'folder erp')).toMatch(/orders\/in: cannot rename \(permission denied\);/);
    expect(first.check.code).toBe(3);
    const second = await check(readOnly);
    expect(lineOf(second.check, 'folder erp')).toMatch(/^folder erp: not ok no-permission: .*cannot write/);
  });

  test('says that a server, a login or a provider is out of reach, without secrets', async () => {
    const refused = await check(sshd, { privateKey: undefined, password: 'open sesame' });
    expect(lineOf(refused.check, 'folder erp')).toMatch(/^folder erp: not ok server-refused: /);
    expect(lineOf(refused.check, 'provider ctl')).toMatch(/^provider ctl: not ok provider-unreachable: /);
    expect(refused.check.stdout + refused.check.stderr).not.toContain('open sesame');
    const away = await check(sshd, { port: 9 });
    expect(lineOf(away.check, 'folder erp')).toMatch(/^folder erp: not ok server-unreachable: .*ECONNREFUSED/);
  });

  test('tells what is wrong with the configuration before it tries anything', async () => {
    const { check: tried } = await check(sshd, { privateKey: undefined, hostKey: undefined, legacy: ['ssh-rsa'] });
    expect(tried.stdout).toMatch(/missing-key nothing to log in with/);
    expect(tried.stdout).toMatch(/no hostKey and no knownHosts/);
    expect(tried.stdout).toMatch(/no longer safe/);
    expect(tried.code).toBe(2);
  });
});

describe('docs/sftp.md', () => {
  test('its example works once it names a server that is there', async () => {
    const page = await readFile(join(repository, 'docs/sftp.md'), 'utf8');
    const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
    const { folders } = parse(example) as { folders: { partner: { path: string; sftp: Record<string, unknown> } } };
    const { partner } = folders;
    const workspace = await createWorkspace({});
    onTestFinished(() => workspace.remove());
    const { path } = (await remoteFolder(sshd, workspace.directory)) as { path: string };
    await writeFile(workspace.path('partner_key'), sshd.lockedKey);
    const there = { host: sshd.host, port: sshd.port, username: sshd.username, hostKey: sshd.hostKey };
    const orders = inboundFlow('orders', 'order', 'order.create', { folder: 'partner' });
    const config = {
      ...ctlConfig('sandbox', { inbound: { orders } }),
      folders: { partner: { path, sftp: { ...partner.sftp, ...there } } },
    };
    await writeFile(workspace.path('config.yaml'), stringify(config));
    const env = { PARTNER_PASSPHRASE: sshd.passphrase };
    const tried = await workspace.run(['check', '--connect'], { env });
    expect(lineOf(tried, 'folder partner')).toMatch(/^folder partner: ok: /);
    expect(tried.stdout).not.toContain(sshd.passphrase);
  });

  test('its codes are those of the catalogue', async () => {
    const page = await readFile(join(repository, 'docs/sftp.md'), 'utf8');
    const codes = await readFile(join(repository, 'docs/codes.md'), 'utf8');
    const told = [...page.matchAll(/^\| `([a-z]+-[a-z]+)` /gm)].map(([, code = '']) => code);
    expect(told).toHaveLength(6);
    expect(told.filter((code) => !codes.includes(`| \`${code}\` |`))).toEqual([]);
  });
});
