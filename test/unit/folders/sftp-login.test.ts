import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import type { Failure } from '../../../src/core/failure.ts';
import type { ServerSettings } from '../../../src/folders/index.ts';
import { chooseAlgorithms } from '../../../src/folders/sftp/algorithms.ts';
import { openRoom, settingsFor } from '../../support/sftp-folder.ts';
import { serveOddFiles, startOddServer, type OddServer, type OddServerOptions } from '../../support/ssh-server.ts';
import { startSshd, type Sshd } from '../../support/sshd.ts';

const run = promisify(execFile);
const OTHER = `SHA256:${'A'.repeat(43)}`;
/** Comes with the client programs of OpenSSH. */
const AGENT = 'ssh-agent';
let sshd: Sshd;
beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.close());

/** Looks into the folder; undefined when that works. */
async function failureOf(settings: ServerSettings): Promise<Failure | undefined> {
  const room = await openRoom(settings);
  try {
    await room.folder.stat('a.csv');
    return undefined;
  } catch (error) {
    return error as Failure;
  } finally {
    await room.close();
  }
}

describe('the key of the server', () => {
  test('is accepted by its fingerprint, one of several while it is replaced', async () => {
    expect(await failureOf(settingsFor(sshd, { hostKeys: [OTHER, sshd.hostKey] }))).toBeUndefined();
  });

  test.each([
    ['is another', [OTHER]],
    ['is not pinned', []],
  ])('that %s is refused, with what was seen and where to write it', async (_how, hostKeys) => {
    const failure = await failureOf(settingsFor(sshd, { hostKeys }));
    expect(failure).toMatchObject({ code: 'server-unknown', kind: 'permanent' });
    expect(failure?.message).toContain(`${sshd.hostKey} (ssh-ed25519)`);
    expect(failure?.message).toContain('sftp.hostKey');
  });

  test('that is unknown gets no credentials', async () => {
    const server = await startOddServer();
    onTestFinished(() => server.close());
    const failure = await failureOf({ ...settingsFor(sshd, { password: 'secret' }), port: server.port });
    expect(failure).toMatchObject({ code: 'server-unknown' });
    expect(server.logins).toEqual([]);
  });

  test.each([
    ['as it is', (line: string) => line, undefined],
    [
      'hashed',
      async (line: string, file: string) => {
        await writeFile(file, `${line}\n`);
        await run('ssh-keygen', ['-q', '-H', '-f', file]);
        return undefined;
      },
      undefined,
    ],
    ['among others', (line: string) => `# comment\n\nother.example.com ssh-rsa AAAA\n${line}`, undefined],
    ['as revoked', (line: string) => `${line}\n@revoked ${line}`, 'server-unknown'],
    ['of another host', (line: string) => line.replace('127.0.0.1', '127.0.0.2'), 'server-unknown'],
  ])('stands in a known_hosts file %s', async (_how, written, expected) => {
    const directory = await mkdtemp(join(tmpdir(), 'dray-known-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const file = join(directory, 'known_hosts');
    const text = await written(sshd.knownHost, file);
    if (text !== undefined) await writeFile(file, text);
    const failure = await failureOf(settingsFor(sshd, { hostKeys: [], knownHosts: file }));
    expect(failure?.code).toBe(expected);
  });

  test('is unknown when the known_hosts file cannot be read', async () => {
    const failure = await failureOf(settingsFor(sshd, { hostKeys: [], knownHosts: '/absent/known_hosts' }));
    expect(failure).toMatchObject({ code: 'server-unknown' });
    expect(failure?.message).toContain('ENOENT');
  });
});

describe('a login', () => {
  test('works with a key that is locked', async () => {
    const locked = { privateKey: sshd.lockedKey, passphrase: sshd.passphrase };
    expect(await failureOf(settingsFor(sshd, locked))).toBeUndefined();
  });

  test.each([
    ['a wrong passphrase', { passphrase: 'wrong' }],
    ['none', { passphrase: undefined }],
  ])('with a locked key and %s says so, without secrets', async (_how, { passphrase }) => {
    const failure = await failureOf(settingsFor(sshd, { privateKey: sshd.lockedKey, passphrase }));
    expect(failure).toMatchObject({ code: 'server-refused', kind: 'permanent' });
    expect(failure?.message).toContain('passphrase');
    expect(failure?.message).not.toContain('wrong');
  });

  test('works with an agent', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'dray-agent-'));
    const socket = join(directory, 'agent');
    const agent = spawn(AGENT, ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
    onTestFinished(async () => {
      const gone = once(agent, 'exit');
      agent.kill();
      await gone;
      await rm(directory, { recursive: true });
    });
    await once(agent.stdout, 'data');
    await run('ssh-add', ['-q', sshd.keyFile], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
    expect(await failureOf(settingsFor(sshd, { privateKey: undefined, agent: socket }))).toBeUndefined();
    const absent = await failureOf(settingsFor(sshd, { privateKey: undefined, agent: join(directory, 'other') }));
    expect(absent).toMatchObject({ code: 'server-refused' });
  });

  test('with a key the server does not know is refused', async () => {
    const other = await startSshd();
    onTestFinished(() => other.close());
    const failure = await failureOf(settingsFor(sshd, { privateKey: other.privateKey }));
    expect(failure).toMatchObject({ code: 'server-refused' });
  });

  async function odd(options: OddServerOptions): Promise<{ server: OddServer; settings: ServerSettings }> {
    const server = await startOddServer({ sftp: (answers) => serveOddFiles(answers, {}), ...options });
    onTestFinished(() => server.close());
    return { server, settings: settingsFor(sshd, { port: server.port, hostKeys: [server.hostKey] }) };
  }

  test('with a key and then a password works where both are asked for', async () => {
    let hasKey = false;
    const { server, settings } = await odd({
      login(attempt) {
        if (attempt.method === 'publickey') {
          hasKey = true;
          attempt.reject(['password'], true);
        } else if (hasKey && attempt.password === 'open') attempt.accept();
        else attempt.reject(['publickey']);
      },
    });
    // It gets in, and finds that the server has no such directory.
    expect(await failureOf({ ...settings, password: 'open' })).toMatchObject({ code: 'folder-gone' });
    expect(server.logins.slice(0, 2)).toEqual(['publickey', 'password']);
  });

  test('answers a question for the password, and no other', async () => {
    const answered: (readonly string[])[] = [];
    const { settings } = await odd({
      login(attempt) {
        if (attempt.method !== 'keyboard-interactive') return attempt.reject(['keyboard-interactive']);
        return attempt.prompt?.([{ prompt: 'Password:', echo: false }], (answers) => {
          answered.push(answers);
          if (answers[0] === 'open') attempt.accept();
          else attempt.reject();
        });
      },
    });
    const failure = await failureOf({ ...settings, privateKey: undefined, password: 'open' });
    expect(failure).toMatchObject({ code: 'folder-gone' });
    expect(answered).toEqual([['open']]);
  });

  test('that is refused is not repeated: servers lock out who tries too often', async () => {
    const { server, settings } = await odd({ login: (attempt) => attempt.reject(['password']) });
    const room = await openRoom({ ...settings, privateKey: undefined, password: 'wrong' });
    onTestFinished(() => room.close());
    const refusals: unknown[] = [];
    for (let i = 0; i < 20; i++) refusals.push(await room.folder.stat('a.csv').catch((error: unknown) => error));
    expect(refusals).toHaveLength(20);
    for (const refusal of refusals) expect(refusal).toMatchObject({ code: 'server-refused' });
    expect(server.logins.filter((method) => method === 'password')).toHaveLength(1);
    expect(String(refusals.at(-1))).toMatch(/tried again in 1\d\d\d s/);
    expect(room.log.lines.join('\n')).not.toContain('wrong');
  });

  test('to a server with old algorithms alone needs them to be named', async () => {
    const kex = ['diffie-hellman-group14-sha1'];
    const server = await startOddServer({ algorithms: { kex } });
    onTestFinished(() => server.close());
    const plain = settingsFor(sshd, { port: server.port, hostKeys: [] });
    const modern = await failureOf(plain);
    expect(modern).toMatchObject({ code: 'server-unreachable' });
    expect(modern?.message).toContain('sftp.legacy');
    // With them it gets as far as showing its key.
    expect(await failureOf({ ...plain, legacy: kex })).toMatchObject({ code: 'server-unknown' });
  });
});

describe('algorithms', () => {
  test('are without SHA-1, CBC and DSA unless they are named', () => {
    const old = /sha1|cbc|md5|ssh-rsa|ssh-dss/;
    expect(
      Object.values(chooseAlgorithms([], []))
        .flat()
        .filter((name) => old.test(name)),
    ).toEqual([]);
    const { cipher, serverHostKey, kex } = chooseAlgorithms(['aes128-cbc', 'ssh-rsa'], []);
    expect([cipher.at(-1), serverHostKey.at(-1)]).toEqual(['aes128-cbc', 'ssh-rsa']);
    expect(kex.filter((name) => old.test(name))).toEqual([]);
  });

  test('ask for the kinds of key that are known of a server', () => {
    expect(chooseAlgorithms([], ['ssh-rsa']).serverHostKey).toEqual(['rsa-sha2-512', 'rsa-sha2-256']);
    expect(chooseAlgorithms([], ['ssh-ed25519']).serverHostKey).toEqual(['ssh-ed25519']);
  });
});

test('algorithms that are no longer safe are warned of', async () => {
  const room = await openRoom(settingsFor(sshd, { legacy: ['hmac-sha1'] }));
  onTestFinished(() => room.close());
  await room.folder.stat('a.csv');
  expect(room.log.lines.join('\n')).toMatch(/no longer safe.*hmac-sha1/);
});
