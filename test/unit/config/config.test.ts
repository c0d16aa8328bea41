import { describe, expect, test } from 'vitest';
import { parseConfig, type LoadedConfig } from '../../../src/config/index.ts';
import { describeConfigIssue } from '../../../src/core/issue.ts';

const whole = `ledger: book/dray.db
sandbox: { scale: 240, seed: 7 }
folders:
  erp: { path: data/erp, seed: { in: samples/*.csv } }
  out: { path: /srv/out }
providers:
  ctl:
    definition: ctl/provider.yaml
    baseUrl: https://api.example.com
    settings: { clientId: demo }
    limits: { rate: 20/s, concurrency: 4, connect: 1s, answer: 10s }
    retry: { base: 250ms, cap: 1m, attempts: 5 }
inbound:
  orders:
    folder: erp
    pick: orders/in/*.csv
    mapping: ctl/order.yaml
    submit: { provider: ctl, operation: order.create }
    accept: file
    done: orders/done
    failed: orders/failed
    results: orders/results
    quiet: 2s
outbound:
  shipped:
    collect: { provider: ctl, feed: shipments, every: 5m }
    mapping: ctl/shipped.yaml
    folder: out
    file: S_{seq:6}.csv
    empty: header
  nightly:
    collect: { provider: ctl, feed: inventory, at: 0 6 * * 1-5, zone: Europe/Berlin }
    mapping: ctl/inventory.yaml
    folder: out
    file: I_{seq:6}.csv
`;

interface World {
  readonly variables?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

function load(text: string, { variables = {}, files = {} }: World = {}): LoadedConfig {
  return parseConfig(text, '/home/acme/config.yaml', {
    variable: (name) => variables[name],
    file: (path) => files[path],
  });
}

function findings(text: string, world?: World): string[] {
  return load(text, world).issues.map((issue) => describeConfigIssue(issue).replace('/home/acme/config.yaml:', ''));
}

/** The whole configuration with one piece replaced. */
function changed(from: string, to: string): string {
  const text = whole.replace(from, () => to);
  if (text === whole) throw new Error(`nothing to replace: ${from}`);
  return text;
}

function configOf(text: string, world?: World) {
  const { config, issues } = load(text, world);
  if (config === undefined) throw new Error(issues.map(describeConfigIssue).join('\n'));
  return config;
}

describe('a configuration', () => {
  const config = configOf(whole);

  test('is read whole, with paths that do not depend on where dray is started', () => {
    expect(config).toMatchObject({
      directory: '/home/acme',
      ledger: '/home/acme/book/dray.db',
      sandbox: { scale: 240, seed: 7 },
      secrets: [],
    });
    expect(Object.fromEntries(config.folders)).toEqual({
      erp: { path: '/home/acme/data/erp', seed: { in: 'samples/*.csv' } },
      out: { path: '/srv/out', seed: {} },
    });
    expect(config.providers.get('ctl')).toEqual({
      definition: '/home/acme/ctl/provider.yaml',
      baseUrl: 'https://api.example.com',
      settings: { clientId: 'demo' },
      limits: { rate: '20/s', concurrency: 4, connectMs: 1000, answerMs: 10_000 },
      retry: { baseMs: 250, capMs: 60_000, attempts: 5 },
      track: {},
    });
  });

  test('may say how often records are read one by one', () => {
    const text = changed('attempts: 5 }\n', 'attempts: 5 }\n    track: { every: 5s }\n');
    expect(configOf(text).providers.get('ctl')?.track).toEqual({ everyMs: 5_000 });
  });

  test('has flows whose glob is a directory and a pattern for names', () => {
    expect(config.inbound.get('orders')).toEqual({
      folder: 'erp',
      directory: 'orders/in',
      pattern: '*.csv',
      mapping: '/home/acme/ctl/order.yaml',
      provider: 'ctl',
      operation: 'order.create',
      accept: 'file',
      original: 'move',
      done: 'orders/done',
      failed: 'orders/failed',
      results: 'orders/results',
      resultsFolder: 'erp',
      answers: { when: 'always', per: 'document', isReceiptWanted: false },
      acknowledges: [],
      quietMs: 2000,
    });
    expect(config.outbound.get('shipped')).toMatchObject({ schedule: { everyMs: 300_000 }, empty: 'header' });
    expect(config.outbound.get('nightly')).toMatchObject({
      schedule: { cron: '0 6 * * 1-5', zone: 'Europe/Berlin' },
      empty: 'skip',
    });
  });

  test('may leave out everything that has a default', () => {
    const least = `folders: { erp: { path: data } }\nproviders: { ctl: { definition: p.yaml, baseUrl: sandbox } }\n`;
    expect(configOf(least)).toMatchObject({ ledger: '/home/acme/data/dray.db', sandbox: { scale: 1, seed: 1 } });
    const flow = configOf(changed('    accept: file\n', '').replace('    quiet: 2s\n', '')).inbound.get('orders');
    expect(flow).toMatchObject({ accept: 'document', quietMs: undefined });
    expect(configOf(least).providers.get('ctl')).toMatchObject({ settings: {}, limits: {}, retry: {}, track: {} });
  });

  test('may name a single file instead of a glob', () => {
    const flow = configOf(changed('orders/in/*.csv', 'orders/in/daily.csv')).inbound.get('orders');
    expect(flow).toMatchObject({ directory: 'orders/in', pattern: 'daily.csv' });
  });

  test('cannot be changed once it is loaded', () => {
    expect(Object.isFrozen(config)).toBe(true);
    for (const part of [config.folders, config.providers, config.inbound, config.outbound]) {
      for (const entry of part.values()) expect(Object.isFrozen(entry)).toBe(true);
    }
  });
});

describe('a wrong configuration', () => {
  test.each([
    ['ledger: book/dray.db', 'ledger: ""', '1:9 wrong-value'],
    ['ledger: book/dray.db', 'ledger: [x]', '1:9 wrong-type'],
    ['scale: 240', 'scale: 0', '2:19 wrong-value'],
    ['scale: 240', 'scale: fast', '2:19 wrong-type'],
    ['seed: 7', 'seed: 1.5', '2:30 wrong-type'],
    ['seed: 7', 'seed: -1', '2:30 wrong-value'],
    ['folders:\n', 'foldres:\n', '1:1 missing-key'],
    ['  erp: {', '  ERP: {', '4:3 wrong-value'],
    ['path: data/erp', 'path: 5', '4:16 wrong-type'],
    ['path: data/erp, ', '', '4:3 missing-key'],
    ['seed: { in: samples/*.csv }', 'seed: { in: 5 }', '4:38 wrong-type'],
    ['    definition: ctl/provider.yaml\n', '', '7:3 missing-key'],
    ['definition: ctl/provider.yaml', 'definition: ""', '8:17 wrong-value'],
    ['baseUrl: https://api.example.com', 'baseUrl: api.example.com', '9:14 wrong-value'],
    ['clientId: demo', 'clientId: 0042', '10:27 wrong-type'],
    ['rate: 20/s', 'rate: 20', '11:21 wrong-type'],
    ['rate: 20/s', 'rate: 20/h', '11:21 wrong-value'],
    ['concurrency: 4', 'concurrency: 0', '11:40 wrong-value'],
    ['connect: 1s', 'connect: 1', '11:52 wrong-type'],
    ['answer: 10s', 'answer: 10 s', '11:64 wrong-value'],
    ['base: 250ms', 'base: soon', '12:20 wrong-value'],
    ['cap: 1m', 'cap: 1 minute', '12:32 wrong-value'],
    ['attempts: 5', 'attempts: 0', '12:46 wrong-value'],
    ['folder: erp', 'folder: erpp', '15:13 unknown-reference'],
    ['pick: orders/in/*.csv', 'pick: orders/**/*.csv', '16:11 wrong-value'],
    ['mapping: ctl/order.yaml', 'mapping: 5', '17:14 wrong-type'],
    ['submit: { provider: ctl,', 'submit: { provider: clt,', '18:25 unknown-reference'],
    ['operation: order.create', 'operation: ""', '18:41 wrong-value'],
    [', operation: order.create', '', '18:5 missing-key'],
    ['accept: file', 'accept: all', '19:13 wrong-value'],
    ['done: orders/done', 'done: /orders/done', '20:11 wrong-value'],
    ['    done: orders/done\n', '', '14:3 missing-key'],
    ['failed: orders/failed', 'failed: ../failed', '21:13 wrong-value'],
    ['results: orders/results', 'results: orders/../../results', '22:14 wrong-value'],
    ['quiet: 2s', 'quiet: 2', '23:12 wrong-type'],
    ['feed: shipments, every: 5m', 'feed: [], every: 5m', '26:37 wrong-type'],
    ['every: 5m', 'every: often', '26:55 wrong-value'],
    [', every: 5m', '', '26:5 missing-key'],
    ['mapping: ctl/shipped.yaml', 'mapping: ""', '27:14 wrong-value'],
    ['folder: out', 'folder: outt', '28:13 unknown-reference'],
    ['file: S_{seq:6}.csv', 'file: ../S_{seq:6}.csv', '29:11 wrong-value'],
    ['empty: header', 'empty: sometimes', '30:12 wrong-value'],
    ['at: 0 6 * * 1-5', 'at: every morning', '32:52 wrong-value'],
    ['at: 0 6 * * 1-5', 'at: 0 6 31 2 *', '32:52 wrong-value'],
    ['zone: Europe/Berlin', 'zone: Europe/Nowhere', '32:52 wrong-value'],
    [', zone: Europe/Berlin', '', '32:5 missing-key'],
    ['    file: I_{seq:6}.csv\n', '', '31:3 missing-key'],
  ])('with %j instead of %j says where', (from, to, expected) => {
    const { config } = load(changed(from, to));
    expect(config).toBeUndefined();
    expect(findings(changed(from, to)).map((finding) => finding.split(' ').slice(0, 2).join(' '))).toContain(expected);
  });

  test('names what was probably meant', () => {
    const misspelt = [
      ['folder: erp', 'foldr: erp', 'unknown key "foldr". Did you mean "folder"?'],
      ['folder: erp', 'folder: erpp', 'there is no folder "erpp". Did you mean "erp"?'],
      ['quiet: 2s', 'quiets: 2s', 'unknown key "quiets". Did you mean "quiet"?'],
      ['ledger:', 'Ledger:', 'unknown key "Ledger". Did you mean "ledger"?'],
      ['limits:', 'limit:', 'unknown key "limit". Did you mean "limits"?'],
    ] as const;
    for (const [from, to, told] of misspelt) {
      expect(findings(changed(from, to)).some((finding) => finding.endsWith(told))).toBe(true);
    }
  });

  test('tells everything at once', () => {
    const text = changed('scale: 240', 'scale: 0').replace('accept: file', 'accept: all').replace('quiet: 2s', 'x: 1');
    expect(findings(text).map((finding) => finding.split(' ')[0])).toEqual(['2:19', '23:5', '19:13']);
  });

  test('that is no YAML says where it broke', () => {
    expect(findings('folders: [\n')[0]).toMatch(/^\d+:\d+ bad-yaml /);
    expect(findings('a: 1\na: 2\n')[0]).toMatch(/^2:1 bad-yaml /);
  });

  test.each(['', '# nothing\n', '5\n', '- a\n'])('that is nothing at all is refused: %j', (text) => {
    expect(load(text).config).toBeUndefined();
    expect(findings(text)).not.toEqual([]);
  });

  test.each([
    ['done', 'orders/done'],
    ['failed', 'orders/failed'],
    ['results', 'orders/results'],
  ])('may not file into the directory it picks from: %s', (key, path) => {
    expect(findings(changed(`${key}: ${path}`, `${key}: orders/in`))).toEqual([
      expect.stringContaining(`overlapping-folders "${key}" is the directory that is picked from`),
    ]);
  });

  test('may not have two flows that pick the same files', () => {
    const flow = /( {2}orders:\n(?: {4}.*\n)+)/.exec(whole)?.[1] ?? '';
    const twin = flow.replace('orders:', 'twin:');
    expect(findings(whole.replace(flow, flow + twin))).toEqual([
      expect.stringContaining('overlapping-folders flows "orders" and "twin" pick the same files'),
    ]);
    const other = twin.replace('in/*.csv', 'in/*.txt');
    expect(findings(whole.replace(flow, flow + other))).toEqual([]);
  });
});

describe('a reference', () => {
  const secret = (reference: string): string => changed('clientId: demo', `clientId: "${reference}"`);
  const settings = (reference: string, world: World): unknown =>
    configOf(secret(reference), world).providers.get('ctl')?.settings['clientId'];

  test.each([
    ['${ID}', { variables: { ID: 'from-outside' } }, 'from-outside'],
    ['a-${ID}-z', { variables: { ID: 'x' } }, 'a-x-z'],
    ['${A}${B}', { variables: { A: '1', B: '2' } }, '12'],
    ['${ID:-demo}', {}, 'demo'],
    ['${ID:-demo}', { variables: { ID: '' } }, 'demo'],
    ['${ID:-demo}', { variables: { ID: 'set' } }, 'set'],
    ['${ID:-}', {}, ''],
    ['${ID:-a:-b}', {}, 'a:-b'],
    ['${file:/run/key}', { files: { '/run/key': 'from file' } }, 'from file'],
    ['$ID $ {ID}', {}, '$ID $ {ID}'],
    // What comes from outside is data, not another reference.
    ['${ID}', { variables: { ID: '${OTHER}', OTHER: 'x' } }, '${OTHER}'],
    ['${ID}', { variables: { ID: '$& $1' } }, '$& $1'],
  ])('%s becomes what it stands for', (reference, world, expected) => {
    expect(settings(reference, world)).toBe(expected);
  });

  test.each([
    ['${ID}', 'missing-variable the environment variable ID is not set. Set it, or give a default: ${NAME:-default}.'],
    ['${file:/run/key}', 'missing-file the file of ${file:/run/key} cannot be read.'],
    ['${1D}', 'bad-template ${1D} is neither a variable nor file:PATH.'],
    ['${}', 'bad-template ${} is neither a variable nor file:PATH.'],
  ])('%s that leads nowhere is told at its place', (reference, told) => {
    expect(findings(secret(reference))).toEqual([`10:27 ${told}`]);
  });

  test('fills in any text of the file, and makes no number of it', () => {
    const world = { variables: { DIR: 'elsewhere', N: '4' } };
    expect(configOf(changed('path: data/erp', 'path: "${DIR}/erp"'), world).folders.get('erp')?.path).toBe(
      '/home/acme/elsewhere/erp',
    );
    expect(findings(changed('concurrency: 4', 'concurrency: "${N}"'), world)[0]).toMatch(/^11:40 wrong-type/);
  });

  test('is a secret when it came from outside; a default written in the file is none', () => {
    const text = secret('${ID:-demo} ${file:/run/key} ${OTHER:-public}');
    const world = { variables: { ID: 'canary-1' }, files: { '/run/key': 'canary-2' } };
    expect(configOf(text, world).secrets).toEqual(['canary-1', 'canary-2']);
  });

  test('never shows its value in a finding', () => {
    const world = { variables: { CANARY: 'canary-4711' } };
    const places = [
      ['scale: 240', 'scale: "${CANARY}"'],
      ['path: data/erp', 'path: ["${CANARY}"]'],
      ['baseUrl: https://api.example.com', 'baseUrl: "${CANARY}"'],
      ['clientId: demo', 'clientId: ["${CANARY}"]'],
      ['rate: 20/s', 'rate: "${CANARY}"'],
      ['base: 250ms', 'base: "${CANARY}"'],
      ['accept: file', 'accept: "${CANARY}"'],
      ['quiet: 2s', 'quiet: "${CANARY}"'],
      ['empty: header', 'empty: "${CANARY}"'],
    ] as const;
    for (const [from, to] of places) {
      const told = findings(changed(from, to), world);
      expect(told).not.toEqual([]);
      expect(told.join('\n')).not.toContain('canary-4711');
    }
  });
});
