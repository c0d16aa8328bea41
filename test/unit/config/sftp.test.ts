import { describe, expect, test } from 'vitest';
import { parseConfig, type LoadedConfig } from '../../../src/config/index.ts';
import { describeConfigIssue } from '../../../src/core/issue.ts';

const FINGERPRINT = `SHA256:${'b'.repeat(43)}`;

function load(sftp: string, more = ''): LoadedConfig {
  const text = `folders:
  partner:
    path: /home/acme
    ${more}
    sftp: { host: files.example.com, username: dray${sftp} }
providers: { p: { definition: p.yaml, baseUrl: sandbox } }
`;
  const files: Record<string, string> = { key: 'KEY TEXT' };
  return parseConfig(text, '/home/dray/config.yaml', { variable: () => undefined, file: (path) => files[path] });
}

const findings = (sftp: string, more?: string): string[] =>
  load(sftp, more).issues.map((issue) => describeConfigIssue(issue).replace('/home/dray/config.yaml:', ''));

const enough = `, password: pw, hostKey: '${FINGERPRINT}'`;

describe('a folder on a server', () => {
  test('has defaults for all but host, user, key and login; its path stays as it is written', () => {
    expect(load(enough).issues).toEqual([]);
    expect(load(enough).config?.folders.get('partner')).toMatchObject({
      path: '/home/acme',
      sftp: {
        port: 22,
        hostKeys: [FINGERPRINT],
        password: 'pw',
        timeoutMs: 30_000,
        keepAliveMs: 10_000,
        pollMs: 10_000,
      },
    });
  });

  test('takes its private key from a file, which is a secret from then on', () => {
    const { config } = load(`, privateKey: '\${file:key}', knownHosts: known_hosts`);
    expect(config?.folders.get('partner')?.sftp).toMatchObject({
      privateKey: 'KEY TEXT',
      knownHosts: '/home/dray/known_hosts',
    });
    expect(config?.secrets).toEqual(['KEY TEXT']);
  });

  test('may know its server by several keys', () => {
    const { config } = load(`, password: pw, hostKey: ['${FINGERPRINT}', '${FINGERPRINT}=']`);
    expect(config?.folders.get('partner')?.sftp?.hostKeys).toHaveLength(2);
  });

  test.each([
    ['nothing to log in with', `, hostKey: '${FINGERPRINT}'`, /^5:\d+ missing-key nothing to log in with/],
    ['a passphrase for no key', `${enough}, passphrase: x`, /missing-key a passphrase unlocks a privateKey/],
    ['a fingerprint of another form', `, password: pw, hostKey: 'MD5:aa'`, /wrong-value .*must match pattern/],
    ['an unknown old algorithm', `${enough}, legacy: [rot13]`, /wrong-value .*not allowed; expected one of/],
    ['no time to answer', `${enough}, timeout: 5ms`, /wrong-value timeout is too short; expected 100ms or more/],
    ['a misspelt key', `${enough}, pasword: x`, /unknown-key .*Did you mean "password"/],
  ])('with %s is refused', (_what, sftp, expected) => {
    expect(findings(sftp).join('\n')).toMatch(expected);
    expect(load(sftp).config).toBeUndefined();
  });

  test('is not seeded', () => {
    expect(findings(enough, 'seed: { in: a/*.csv }').join('\n')).toMatch(/wrong-value .*cannot be set together/);
  });

  test.each([
    ['without a key of the server', ', password: pw', /no hostKey and no knownHosts.*dray check --connect/],
    ['with old algorithms', `${enough}, legacy: [ssh-rsa]`, /no longer safe/],
  ])('%s is warned of', (_what, sftp, expected) => {
    expect(findings(sftp).join('\n')).toMatch(expected);
    expect(load(sftp).config).toBeDefined();
  });
});
