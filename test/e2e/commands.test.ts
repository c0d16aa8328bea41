import { describeRefused, type RefusedDocuments } from '../../src/cli/refused-documents.ts';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { jsonLines, repository, runDray, startDray, type Finished } from '../support/dray.ts';
import { addFault, sentTo, startFixedSandbox } from '../support/sandbox.ts';
import { createWorkspace, ctlConfig, inboundFlow, type Workspace } from '../support/workspace.ts';

const HEADER = 'OrderNo,ShipName,Address1,City,State,Zip,LineNo,SKU,Qty';
const order = (number: string, quantity = '1', name = 'Okafor Studio'): string =>
  `${number},${name},18 Harbor Lane,Dayton,OH,45402,1,CAP-STD,${quantity}`;
const file = (...rows: string[]): string => `${[HEADER, ...rows].join('\n')}\n`;
const orderMapping = join(repository, 'mappings/ctl/order.yaml');
const sample = join(repository, 'samples/01-orders/orders.csv');

async function openWorkspace(config: object): Promise<Workspace> {
  const workspace = await createWorkspace(config);
  onTestFinished(() => workspace.remove());
  return workspace;
}

async function open(flows: Parameters<typeof ctlConfig>[1] = {}): Promise<{ sandbox: Sandbox; workspace: Workspace }> {
  const sandbox = await startFixedSandbox();
  onTestFinished(() => sandbox.close());
  return { sandbox, workspace: await openWorkspace(ctlConfig(`${sandbox.url}/ctl`, flows)) };
}

/** Starts `dray run` and waits until it has told that it watches. */
async function startRun(workspace: Workspace): Promise<{ stop: () => Promise<Finished> }> {
  const { child, finished } = workspace.start(['run']);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await finished;
  });
  await new Promise<void>((resolve) => {
    child.stdout?.on('data', (text: string) => text.includes('"event":"start"') && resolve());
  });
  return {
    stop: () => {
      child.kill('SIGTERM');
      return finished;
    },
  };
}

describe('dray check', () => {
  test('finds nothing wrong with what is shipped, and says how certain it is that files are whole', async () => {
    const { code, stdout, stderr } = await runDray(['check']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('orders: erp orders/in/*.csv: completeness is strong');
    expect(stdout).toMatch(/6 inbound and 7 outbound flows are sound\n$/);
  });

  test('tells every finding of every file at once, as path:line:col code message', async () => {
    const workspace = await openWorkspace(
      ctlConfig('http://127.0.0.1:9', {
        inbound: {
          orders: inboundFlow('orders', 'broken.yaml', 'order.create'),
          absent: inboundFlow('absent', 'absent.yaml', 'order.create'),
          twisted: inboundFlow('twisted', 'order', 'order.creat'),
        },
        outbound: {
          shipped: {
            collect: { provider: 'ctl', feed: 'shipment', every: '1s' },
            mapping: orderMapping,
            folder: 'erp',
            file: 'S.csv',
          },
        },
      }),
    );
    await workspace.put(
      'broken.yaml',
      'read: { format: csv }\ndocument: { type: order, key: OrderNo }\nmap:\n  Itemz: { $each: lines }\n',
    );
    const { code, stdout } = await workspace.run(['check']);
    expect(code).toBe(2);
    expect(stdout).toMatch(/^broken\.yaml:4:3 not-in-schema /m);
    expect(stdout).toMatch(/^.*config\.yaml:\d+:\d+ missing-file cannot read absent\.yaml\.$/m);
    expect(stdout).toMatch(
      /^.*config\.yaml:\d+:\d+ unknown-reference .*"order\.creat"\. Did you mean "order\.create"\?$/m,
    );
    expect(stdout).toMatch(/^.*config\.yaml:\d+:\d+ unknown-reference .*"shipment"\. Did you mean "shipments"\?$/m);
    expect(stdout).toMatch(/^.*config\.yaml:\d+:\d+ bad-template the name has no sequence number/m);
    const json = await workspace.run(['check', '--json']);
    expect([json.code, jsonLines(json.stdout).every((line) => typeof line['code'] === 'string')]).toEqual([2, true]);
  });

  test('of a configuration that is not there ends with 2', async () => {
    const { code, stdout } = await runDray(['--config', '/nowhere/config.yaml', 'check']);
    expect([code, stdout]).toEqual([2, expect.stringContaining('/nowhere/config.yaml:1:1 missing-file')]);
  });
});

describe('dray map', () => {
  test('prints the payload of each good document and the issues of the others', async () => {
    const { code, stdout, stderr } = await runDray(['map', sample, '--mapping', orderMapping]);
    expect(code).toBe(1);
    expect(stdout.trim().split('\n')).toHaveLength(3);
    const expected = await readFile(join(repository, 'samples/01-orders/expected/requests.txt'), 'utf8');
    expect(stdout.trim().split('\n')).toEqual(expected.split('\n').filter((line) => line.startsWith('{')));
    expect(stderr).toContain('orders.csv line 7 column Qty: not a number; expected 1 or more, got "1.5 dozen".');
    expect(stderr).toContain('orders.csv line 8 column Zip: a value is missing;');
  });

  test('explains where each value of one document came from', async () => {
    const { code, stdout } = await runDray(['map', sample, '--mapping', orderMapping, '--explain', 'SO-700153']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\/Items\/1\/Quantity = 6 ← orders\.csv line 6 column Qty "6"/m);
    expect(stdout).toMatch(/^\/ShipTo\/PostalCode = "07102" ← orders\.csv line 5 column Zip "07102"/m);
  });

  test.each([
    [['map', sample], 2, 'required option'],
    [['map', sample, '--mapping', 'absent.yaml'], 2, 'absent.yaml'],
    [['map', sample, '--mapping', orderMapping, '--explain', 'NONE'], 2, 'no document of this file has the key NONE'],
    [
      ['map', sample, '--mapping', join(repository, 'mappings/ctl/ship-confirmation.yaml')],
      2,
      'this mapping writes files',
    ],
    [['map', sample, '--mapping', orderMapping, '--operation', 'order.none'], 2, 'order.none'],
  ])('%j ends with %i', async (argv, code, told) => {
    const run = await runDray(argv);
    expect([run.code, run.stdout]).toEqual([code, '']);
    expect(run.stderr).toContain(told);
  });

  test('of a whole good file ends with 0, and of a file that cannot be read at all with 1', async () => {
    const workspace = await openWorkspace(ctlConfig('http://127.0.0.1:9'));
    const good = await workspace.put('good.csv', file(order('A1')));
    expect(await workspace.run(['map', good, '--mapping', orderMapping])).toMatchObject({ code: 0, stderr: '' });
    const bad = await workspace.put('bad.csv', '<html></html>\n');
    const run = await workspace.run(['map', bad, '--mapping', orderMapping]);
    expect([run.code, run.stdout]).toEqual([1, '']);
    expect(run.stderr).toContain('bad.csv');
  });
});

describe('dray test', () => {
  const mapping = (expected: string): string =>
    `read: { format: csv }
document: { type: order, key: Id }
map: { Name: Name }
tests:
  - name: a name stays
    given: |
      Id,Name
      1,Ann
    expect: [ { Name: ${expected} } ]
`;

  test('passes with 0, fails with 1 and the difference, and is 2 where a mapping cannot be used', async () => {
    const workspace = await openWorkspace(ctlConfig('http://127.0.0.1:9'));
    await workspace.put('good.yaml', mapping('Ann'));
    await workspace.put('wrong.yaml', mapping('Bob'));
    await workspace.put('broken.yaml', 'read: { format: cvs }\n');
    const [good, wrong, broken, absent] = await Promise.all(
      ['good.yaml', 'wrong.yaml', 'broken.yaml', 'absent.yaml'].map((name) => workspace.run(['test', name])),
    );
    expect([good?.code, wrong?.code, broken?.code, absent?.code]).toEqual([0, 1, 2, 2]);
    expect(jsonLines(good?.stdout ?? '')).toMatchObject([
      { event: 'test', name: 'a name stays', passed: true },
      { passed: 1, failed: 0 },
    ]);
    const [failed] = jsonLines(wrong?.stdout ?? '');
    expect(failed).toMatchObject({ file: 'wrong.yaml', line: 5, passed: false });
    expect(String(failed?.['difference'])).toContain('Bob');
    expect(broken?.stderr).toMatch(/^broken\.yaml:\d+:\d+ /m);
    expect(absent?.stderr).toContain('absent.yaml');
  });

  test('without a name runs those of every mapping the configuration names', async () => {
    const workspace = await openWorkspace(ctlConfig('http://127.0.0.1:9'));
    const { code, stdout } = await workspace.run(['test']);
    expect([code, jsonLines(stdout).at(-1)]).toEqual([0, { event: 'end', passed: 3, failed: 0, broken: 0 }]);
  });
});

describe('dray status and dray ledger', () => {
  test('tell of a drop by its name, of a document by its key, and of neither', async () => {
    const { workspace } = await open();
    await workspace.put('erp/orders/in/monday.csv', file(order('M1'), order('M2', 'two')));
    await workspace.run(['run', '--once']);
    const [all, drop, document, none, shown, list, badPart, absent] = await Promise.all([
      workspace.run(['status', '--json']),
      workspace.run(['status', 'monday', '--json']),
      workspace.run(['status', 'M2', '--json']),
      workspace.run(['status', 'tuesday', '--json']),
      workspace.run(['ledger', 'show', 'M1']),
      workspace.run(['ledger', 'list', 'documents', '--limit', '1']),
      workspace.run(['ledger', 'list', 'cakes']),
      workspace.run(['ledger', 'show', 'M9']),
    ]);
    expect(all.code).toBe(0);
    expect(jsonLines(all.stdout)[0]).toMatchObject({
      event: 'status',
      isRunning: false,
      balanced: true,
      books: { records: 2, accepted: 1, rejected: 1, held: 0, ignored: 0, waiting: 0 },
    });
    expect(jsonLines(drop.stdout)).toMatchObject([
      { event: 'drop', path: 'orders/in/monday.csv', state: 'settled', isReported: true },
    ]);
    expect(jsonLines(document.stdout)).toMatchObject([
      { event: 'document', key: 'M2', status: 'rejected', line: 3, issues: [{ code: 'not-a-number' }] },
    ]);
    expect([none.code, none.stdout]).toEqual([1, '']);
    expect(none.stderr).toContain('dray is not running');
    expect(jsonLines(shown.stdout)).toMatchObject([
      {
        key: 'M1',
        status: 'accepted',
        submission: { state: 'accepted', reference: 'M1', attempts: [{ attempt: 1, outcome: 'ACCEPTED' }] },
      },
    ]);
    expect(jsonLines(list.stdout)).toMatchObject([{ key: 'M2' }]);
    expect([badPart.code, absent.code]).toEqual([2, 2]);
  });

  test('tell which documents of a drop were refused, where and why, and how many more there are', async () => {
    const { workspace } = await open();
    const bad = Array.from({ length: 22 }, (_value, index) => order(`B${index + 1}`, 'two'));
    await workspace.put('erp/orders/in/friday.csv', file(...bad));
    await workspace.run(['run', '--once']);
    const [told] = jsonLines((await workspace.run(['status', 'friday', '--json'])).stdout) as unknown as [
      { refused: RefusedDocuments },
    ];
    expect(told.refused.documents.map(({ key }) => key)).toEqual(
      Array.from({ length: 20 }, (_value, index) => `B${index + 1}`),
    );
    const lines = describeRefused(told.refused);
    expect(lines[0]).toBe('  order B1 line 2: rejected');
    expect(lines[1]).toContain('friday.csv line 2 column Qty: not a number');
    expect(lines.at(-1)).toBe('  and 2 more refused documents');
  });

  test('tell why a visible file is not taken, from the dray that runs', async () => {
    const { workspace } = await open({
      inbound: { orders: inboundFlow('orders', 'order', 'order.create', { quiet: '10m' }) },
    });
    await workspace.put('erp/orders/in/slow.csv', file(order('W1')));
    const { stop } = await startRun(workspace);
    const waiting = async (): Promise<Record<string, unknown>[]> =>
      jsonLines((await workspace.run(['status', 'slow', '--json'])).stdout);
    let found = await waiting();
    // The first listing may still be under way.
    while (found.length === 0) found = await waiting();
    expect(found).toMatchObject([{ event: 'waiting', flow: 'orders', path: 'orders/in/slow.csv' }]);
    expect(String(found[0]?.['why'])).toMatch(/^not yet unchanged for long enough; looks again in \d+ s$/);
    expect(await stop()).toMatchObject({ code: 0, signal: null });
    expect(await workspace.names('erp/orders/in')).toEqual(['slow.csv']);
  });

  test('say where there is no ledger yet that there is none', async () => {
    const { workspace } = await open();
    const status = await workspace.run(['status']);
    expect(status.code).toBe(3);
    expect(status.stderr).toContain('ledger-unreachable');
  });

  test('release what is held, and only that', async () => {
    const { sandbox, workspace } = await open({ provider: { retry: { base: '5ms', cap: '10ms', attempts: 2 } } });
    await addFault(sandbox, { provider: 'ctl', method: 'PUT', pathPattern: 'Orders/BAD' }, { status: 503 });
    const others = Array.from({ length: 30 }, (_, index) => order(`OK${index}`));
    await workspace.put('erp/orders/in/a.csv', file(order('BAD'), ...others));
    await addFault(sandbox, { provider: 'ctl', method: 'PUT' }, { delayMs: 20 });
    expect((await workspace.run(['run', '--once'])).code).toBe(1);
    expect(jsonLines((await workspace.run(['ledger', 'show', 'BAD'])).stdout)).toMatchObject([{ status: 'held' }]);
    await fetch(`${sandbox.url}/__admin/faults`, { method: 'DELETE' });
    const released = await workspace.run(['ledger', 'release', 'BAD']);
    expect([released.code, jsonLines(released.stdout)[0]]).toMatchObject([0, { event: 'released', submissions: 1 }]);
    expect((await workspace.run(['ledger', 'release', 'BAD'])).code).toBe(1);
    expect((await workspace.run(['run', '--once'])).code).toBe(0);
    expect(sentTo(sandbox, 'PUT', /Orders\/BAD/).at(-1)?.status).toBe(201);
  });
});

describe('dray schema', () => {
  test.each(['config', 'mapping', 'provider'])('%s prints the file that editors use', async (kind) => {
    const { code, stdout } = await runDray(['schema', kind]);
    const room = { config: 'config', mapping: 'mapping', provider: 'providers' }[kind];
    const kept: unknown = JSON.parse(await readFile(join(repository, `src/${room}/${kind}.schema.json`), 'utf8'));
    expect([code, JSON.parse(stdout)]).toEqual([0, kept]);
  });

  test('waits for a reader that is slow', async () => {
    const { child, finished } = startDray(['schema', 'mapping']);
    child.stdout?.pause();
    await new Promise((resolve) => setTimeout(resolve, 2000));
    child.stdout?.resume();
    expect(JSON.parse((await finished).stdout)).toHaveProperty('$schema');
  });
});

describe('dray sandbox', () => {
  test('plays the providers until it is stopped', async () => {
    const { child, finished } = startDray(['sandbox', '--json']);
    onTestFinished(() => void child.kill('SIGKILL'));
    const [line] = (await once(child.stdout ?? child, 'data')) as [string];
    const { url } = JSON.parse(line) as { url: string };
    expect((await fetch(`${url}/__admin/clock`)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await finished).toMatchObject({ code: 0, signal: null });
    await expect(fetch(`${url}/__admin/clock`)).rejects.toThrow('fetch failed');
  });

  test('does not start on a port that is none', async () => {
    expect(await runDray(['sandbox', '--port', 'many'])).toMatchObject({ code: 2 });
  });
});

test.each([[['dance']], [[]], [['check', '--colour']], [['schema', 'cake']]])(
  'dray %j is wrong usage and ends with 2',
  async (argv) => {
    const { code, stdout, stderr } = await runDray(argv);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).not.toBe('');
  },
);

test('dray --help and --version are no mistakes', async () => {
  const [help, version] = await Promise.all([runDray(['--help']), runDray(['--version'])]);
  expect([help.code, version.code]).toEqual([0, 0]);
  for (const command of ['run', 'check', 'map', 'test', 'status', 'ledger', 'sandbox', 'schema']) {
    expect(help.stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
  }
});

describe('a secret of the environment', () => {
  const canary = 'canary-4711-secret';
  const env = { DRAY_CANARY: canary };
  const settings = { clientId: '${DRAY_CANARY}', userId: 'demo' };
  const retry = { base: '5ms', cap: '10ms', attempts: 2 };

  /** Everything a run leaves where somebody could read it. */
  async function traces(workspace: Workspace, { stdout, stderr }: Finished): Promise<string> {
    const results = await Promise.all(
      (await workspace.names('erp/orders/results')).map((name) => workspace.read(`erp/orders/results/${name}`)),
    );
    return [stdout, stderr, ...results].join('\n');
  }

  test.each([
    [
      'says it back',
      { status: 400, contentType: 'application/json', body: `{"Message":"client ${canary} may not"}` },
      1,
    ],
    ['refuses it', { status: 401, body: `{"Message":"client ${canary} is not known"}` }, 3],
    ['fails', { status: 503, body: canary }, 3],
    ['redirects', { status: 302, headers: { location: `http://127.0.0.1:9/?id=${canary}` } }, undefined],
  ])('is shown nowhere when the provider %s', async (_name, action, code) => {
    const { sandbox, workspace } = await open({ provider: { settings, retry } });
    await addFault(sandbox, { provider: 'ctl', times: 20 }, action);
    await workspace.put('erp/orders/in/a.csv', file(order('S1')));
    const run = await workspace.run(['run', '--once', '--log', 'debug'], { env });
    if (code !== undefined) expect(run.code).toBe(code);
    expect(await traces(workspace, run)).not.toContain(canary);
  });

  test('is shown nowhere when nobody answers', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const workspace = await openWorkspace(ctlConfig(`http://127.0.0.1:${port}`, { provider: { settings, retry } }));
    await workspace.put('erp/orders/in/a.csv', file(order('S1')));
    const run = await workspace.run(['run', '--once', '--log', 'debug'], { env });
    expect(run.code).toBe(3);
    expect(await traces(workspace, run)).not.toContain(canary);
  });

  test.each([
    ['a wrong key', { provider: { settings, x: 1 } }],
    ['a setting the provider does not have', { provider: { settings: { ...settings, pin: '${DRAY_CANARY}' } } }],
    ['a wrong address', { provider: { settings, baseUrl: 'ftp://${DRAY_CANARY}' } }],
  ])('is shown nowhere when the configuration has %s', async (_name, flows) => {
    const workspace = await openWorkspace(ctlConfig('http://127.0.0.1:9', flows));
    const { code, stdout, stderr } = await workspace.run(['check'], { env });
    expect(code).toBe(2);
    expect(stdout + stderr).not.toContain(canary);
  });
});

test('values of a drop are in no line of the log at info, whatever becomes of them', async () => {
  const { sandbox, workspace } = await open({ provider: { retry: { base: '5ms', cap: '10ms', attempts: 3 } } });
  const name = 'Quistgaard Personal';
  await addFault(sandbox, { provider: 'ctl', method: 'PUT', times: 1 }, { drop: 'after-commit' });
  await fetch(`${sandbox.url}/__admin/switches`, {
    method: 'POST',
    body: JSON.stringify({ ctl: { knownSkusOnly: true } }),
  });
  await workspace.put(
    'erp/orders/in/a.csv',
    file(order('P1', '1', name), order('P2', name, name), order('P1', '1', name)),
  );
  await workspace.put('erp/orders/in/b.csv', file(order('P3', '1', name)).replace('CAP-STD', 'Quistgaard-SKU'));
  await workspace.put('erp/orders/in/c.csv', `Quistgaard,"Personal\n`);
  const { code, stdout, stderr } = await workspace.run(['run', '--once', '--log', 'info']);
  expect(code).toBe(1);
  expect(jsonLines(stderr).length).toBeGreaterThan(5);
  expect(stdout + stderr).not.toContain('Quistgaard');
});
