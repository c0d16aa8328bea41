import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { untilRung } from '../../../src/app/webhooks.ts';
import { parseConfig } from '../../../src/config/index.ts';
import { createFeedBell } from '../../../src/core/feed-bell.ts';
import { describeConfigIssue } from '../../../src/core/issue.ts';
import { every } from '../../../src/outbound/index.ts';
import { parseProvider } from '../../../src/providers/index.ts';
import { createTestClock, temporaryDirectory } from '../core/support.ts';
import { repository, runDray } from '../../support/dray.ts';
import { definitionText } from './webhook-scene.ts';

function findings(from: string, to: string): string[] {
  const text = definitionText().replace(from, to);
  expect(text).not.toBe(definitionText());
  return parseProvider(text, 'provider.yaml', () => undefined).issues.map(describeConfigIssue);
}

describe('the description of events', () => {
  test('is sound as it stands in the tests', () => {
    expect(parseProvider(definitionText(), 'provider.yaml', () => undefined).issues).toEqual([]);
  });

  test('names feeds that exist, and records only where single ones are read', () => {
    expect(findings('orders: { key: order }', 'order: { key: order }')).toEqual([
      expect.stringMatching(/^provider\.yaml:\d+:\d+ unknown-reference.*no feed "order"/s),
    ]);
    expect(findings('changes: { when', 'changes: { key: order, when')).toEqual([
      expect.stringMatching(/wrong-value.*only a feed with "track"/s),
    ]);
  });

  test('has one way to verify, with settings that exist and may be secret', () => {
    expect(findings('{settings.former}', '{settings.formr}')).toEqual([expect.stringContaining('unknown-reference')]);
    expect(findings('secret: ["{settings.secret}"', 'secret: ["{key}"')).toEqual([
      expect.stringContaining('bad-template'),
    ]);
    expect(findings('verify: {', 'verify: { header: { name: X, value: y },').length).toBeGreaterThan(0);
    expect(findings('verify: {', 'verify: anyone # {').length).toBeGreaterThan(0);
  });
});

const config = (webhooks: string): string => `
folders: { erp: { path: erp } }
providers: { acme: { definition: provider.yaml, baseUrl: "http://127.0.0.1:9" } }
${webhooks}
`;
const sources = { variable: () => undefined, file: () => undefined };
const load = (text: string) => parseConfig(text, 'config.yaml', sources);

test('the examples of the page are a configuration and a definition without findings', () => {
  const page = readFileSync(join(repository, 'docs/webhooks.md'), 'utf8');
  const [own = '', shown = '', ...more] = [...page.matchAll(/```yaml\n([^]*?)```/g)].map(([, text = '']) => text);
  expect(more).toEqual([]);
  const variables = { variable: () => 'x', file: () => undefined };
  const loaded = parseConfig(`folders: { erp: { path: erp } }\n${own}`, 'config.yaml', variables);
  expect(loaded.issues).toEqual([]);
  expect(loaded.config?.webhooks).toEqual({ host: '127.0.0.1', port: 8080, perSecond: 100, proxies: ['127.0.0.1'] });
  const settings = ['webhookSecret', 'formerWebhookSecret'].map((name) => `  ${name}: { summary: one, secret: true }`);
  const feeds = definitionText().slice(definitionText().indexOf('operations:'), definitionText().indexOf('webhooks:'));
  const stock = '  stock: { summary: all, path: /stock, identity: id }';
  const text = ['summary: the page', 'settings:', ...settings, `${feeds}${stock}`, shown].join('\n');
  expect(parseProvider(text, 'provider.yaml', () => undefined).issues.map(describeConfigIssue)).toEqual([]);
});

describe('where posts are taken', () => {
  test.each([
    ['8080', { host: '127.0.0.1', port: 8080 }],
    ['0.0.0.0:8080', { host: '0.0.0.0', port: 8080 }],
    ['localhost:0', { host: 'localhost', port: 0 }],
    ['[::1]:65535', { host: '::1', port: 65_535 }],
  ])('%s', (listen, address) => {
    expect(load(config(`webhooks: { listen: "${listen}" }`)).config?.webhooks).toMatchObject(address);
  });

  test.each([
    ['2.5/s', 2.5],
    ['90/m', 1.5],
  ])('one sender may try %s', (rate, perSecond) => {
    expect(load(config(`webhooks: { listen: "80", rate: ${rate} }`)).config?.webhooks).toMatchObject({ perSecond });
  });

  test('no proxy is believed unless it is named', () => {
    expect(load(config('webhooks: { listen: "80" }')).config?.webhooks).toMatchObject({ proxies: [], perSecond: 100 });
  });

  test.each(['10.0.0.0/33', '10.0.0', '::1/129', '1.2.3.4/8/8', 'proxy.example'])('no proxy is called %s', (proxy) => {
    const { issues } = load(config(`webhooks: { listen: "80", proxies: ["127.0.0.1", "${proxy}"] }`));
    expect(issues.map(describeConfigIssue)).toEqual([expect.stringMatching(/^config\.yaml:4:\d+ wrong-value /)]);
  });

  test.each(['0/s', '5', '5/h'])('no rate is %s', (rate) => {
    expect(load(config(`webhooks: { listen: "80", rate: "${rate}" }`)).issues).not.toEqual([]);
  });

  test.each(['65536', 'here', '127.0.0.1:', '::1:80', 'http://127.0.0.1:80'])('is not %s', (listen) => {
    expect(load(config(`webhooks: { listen: "${listen}" }`)).issues).not.toEqual([]);
  });

  test('is nowhere unless it is said', () => {
    expect(load(config('')).config).toMatchObject({ webhooks: undefined });
  });
});

test('check warns of a provider whose posts anybody could make, where posts are taken', async () => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, 'provider.yaml'), definitionText('none'));
  const run = async (webhooks: string): Promise<string> => {
    await writeFile(join(directory, 'config.yaml'), config(webhooks));
    const { code, stdout } = await runDray(['--config', join(directory, 'config.yaml'), 'check'], { cwd: directory });
    expect(code).toBe(0);
    return stdout;
  };
  expect(await run('webhooks: { listen: "0.0.0.0:8080" }')).toMatch(/config\.yaml:3:\d+ unverified-webhook/);
  expect(await run('')).not.toContain('unverified-webhook');
}, 20_000);

describe('a flow that is woken', () => {
  const HOUR_MS = 3_600_000;
  const clock = createTestClock();
  const now = clock.now();

  test('runs at once, and then when its time comes', () => {
    const bell = createFeedBell(clock);
    const schedule = untilRung(every(HOUR_MS), bell);
    const lastRunAt = now - HOUR_MS / 2;
    expect(schedule.next(lastRunAt, now)).toBe(now + HOUR_MS / 2);
    bell.ring(now);
    expect(schedule.next(lastRunAt, now)).toBe(now);
    // The run that began after the ring has answered it.
    expect(schedule.next(now + 1, now + 2)).toBe(now + 1 + HOUR_MS);
  });

  test('runs at most once a second, however often it is woken', () => {
    const bell = createFeedBell(clock);
    const schedule = untilRung(every(HOUR_MS), bell);
    bell.ring(now);
    expect(schedule.next(now - 10, now)).toBe(now + 990);
  });

  test('does not run for ever when the clock was set back after a ring', () => {
    const bell = createFeedBell(clock);
    const schedule = untilRung(every(HOUR_MS), bell);
    bell.ring(now + 10 * HOUR_MS);
    expect(schedule.next(now - HOUR_MS / 2, now)).toBe(now);
    expect(schedule.next(now + 1, now + 5)).toBe(now + 1 + HOUR_MS);
  });
});
