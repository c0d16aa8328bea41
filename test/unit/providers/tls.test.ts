import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { findings, open, operationOf, thing } from './support.ts';
import { authority, clientCertificate, clientKey, serverCertificate, serverKey } from './tls-certificates.ts';

const guarded = thing
  .replace(
    'settings:\n',
    `settings:
  certificate: { summary: our certificate, default: "" }
  key: { summary: its key, secret: true, default: "" }
  authority: { summary: whom we trust, default: "" }
`,
  )
  .replace(
    'auth:\n',
    'auth:\n  tls: { certificate: "{settings.certificate}", key: "{settings.key}", authority: "{settings.authority}" }\n',
  );

/** A provider that talks to nobody without a certificate of the authority; tells whom it talked to. */
async function serveTls(): Promise<{ url: string; names: string[] }> {
  const names: string[] = [];
  const options = {
    cert: serverCertificate,
    key: serverKey,
    ca: authority,
    requestCert: true,
    rejectUnauthorized: true,
  };
  const server = createServer(options, (request, response) => {
    names.push(String((request.socket as TLSSocket).getPeerCertificate().subject.CN));
    response.writeHead(201).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, names };
}

const files: Readonly<Record<string, string>> = { 'tls/client.crt': clientCertificate, 'tls/ca.crt': authority };
const readFile = (path: string): string | undefined => files[path];
const all = { certificate: clientCertificate, key: clientKey, authority };

async function send(settings: Record<string, string>) {
  const { url, names } = await serveTls();
  const operation = operationOf(open(guarded, url, { settings, readFile }), 'thing.create');
  return { outcome: await operation.send(operation.freeze('T', {})), names };
}

it.each([
  ['texts', all],
  ['files', { ...all, certificate: 'tls/client.crt', authority: 'tls/ca.crt' }],
])('proves who we are by a certificate, and trusts whom it is told to: %s', async (_what, settings) => {
  const { outcome, names } = await send(settings);
  expect(outcome).toMatchObject({ class: 'ACCEPTED' });
  expect(names).toEqual(['client']);
});

it.each([
  ['a provider of an authority we do not know', { certificate: clientCertificate, key: clientKey }, /^not sent: /],
  ['a provider that asks for a certificate we do not have', { authority }, /^no/],
])('makes no record at %s', async (_what, settings, detail) => {
  const { outcome, names } = await send(settings);
  expect(outcome.class).not.toBe('ACCEPTED');
  expect(outcome.detail).toMatch(detail);
  expect(names).toEqual([]);
});

it.each([
  ['a key without its certificate', { key: clientKey }, 'without the other'],
  ['a file that is not there', { ...all, authority: 'tls/none.crt' }, 'auth.tls.authority is neither PEM text'],
  ['a key of another certificate', { ...all, key: serverKey }, 'cannot be used'],
  [
    'a text that is no certificate',
    { ...all, authority: '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----' },
    'cannot be used',
  ],
])('refuses %s at once, and shows no value', (_what, settings, message) => {
  const start = (): unknown => open(guarded, 'https://127.0.0.1:1', { settings, readFile });
  expect(start).toThrow(message);
  expect(start).not.toThrow(/BEGIN|none\.crt/);
});

it('a definition with a certificate and no key is told', () => {
  const text = thing.replace('auth:\n', 'auth:\n  tls: { certificate: "{settings.token}" }\n');
  expect(findings(text).join('\n')).toMatch(/provider\.yaml:6:\d+ missing-key auth\.tls has a certificate or a key/);
});
