import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseConfig } from '../../../src/config/index.ts';
import { describeConfigIssue } from '../../../src/core/issue.ts';

const server = { host: 'erp.example.com', username: 'acme', password: 'x', hostKey: `SHA256:${'A'.repeat(43)}` };

interface Pieces {
  readonly folders?: object;
  readonly orders?: object;
  readonly acks?: object;
  readonly ship?: object;
  readonly directory?: string;
}

/** What is said of two inbound flows and an outbound one that are sound but for these pieces. */
function findings({ folders = {}, orders = {}, acks = {}, ship = {}, directory = '/home/acme' }: Pieces): string[] {
  const inbound = (name: string): object => ({
    folder: 'erp',
    pick: `${name}/in/*.csv`,
    mapping: 'm.yaml',
    submit: { provider: 'ctl', operation: 'order.create' },
    done: `${name}/done`,
    failed: `${name}/failed`,
    results: `${name}/results`,
  });
  const config = {
    folders: { erp: { path: 'erp' }, ...folders },
    providers: { ctl: { definition: 'ctl.yaml', baseUrl: 'sandbox' } },
    inbound: { orders: { ...inbound('orders'), ...orders }, acks: { ...inbound('acks'), ...acks } },
    outbound: {
      ship: {
        collect: { provider: 'ctl', feed: 'shipments', every: '5m' },
        mapping: 's.yaml',
        folder: 'erp',
        file: 'out/S_{seq:6}.csv',
        ...ship,
      },
    },
  };
  const sources = { variable: () => undefined, file: () => undefined };
  const { issues } = parseConfig(JSON.stringify(config, undefined, 1), `${directory}/config.yaml`, sources);
  return issues.map(describeConfigIssue);
}

const refused = (text: string): unknown[] => [expect.stringContaining(` overlapping-folders ${text}`)];

describe('a directory that is picked from', () => {
  test('is known under whatever folder and path it is named', () => {
    const folders = { own: { path: 'erp/orders' } };
    const told = findings({ folders, orders: { results: { in: './in/', folder: 'own' } } });
    expect(told).toEqual(
      refused('"results" is the directory that is picked from (folders "own" and "erp" meet there): files would'),
    );
    // Where results is said, and what to do.
    expect(told[0]).toMatch(/config\.yaml:[2-9]\d+:\d+ .*Name a directory that nothing is picked from\.$/);
    expect(findings({ folders, orders: { results: { in: 'answers', folder: 'own' } } })).toEqual([]);
  });

  test('is known behind a symbolic link', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'dray-overlaps-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    await mkdir(join(directory, 'erp/orders/in'), { recursive: true });
    await symlink(join(directory, 'erp/orders'), join(directory, 'linked'));
    const pieces = { folders: { own: { path: 'linked' } }, orders: { results: { in: 'in', folder: 'own' } } };
    expect(findings({ ...pieces, directory })).toEqual(refused('"results" is the directory'));
  });

  test('is known on a server, and is another one on another server', () => {
    const at = (own: object): string[] =>
      findings({
        folders: { erp: { path: '/erp', sftp: server }, own: { path: '/erp/orders/', sftp: { ...server, ...own } } },
        orders: { results: { in: 'in', folder: 'own' } },
      });
    expect(at({})).toEqual(refused('"results" is the directory'));
    expect(at({ host: 'ERP.example.com', port: 22 })).toEqual(refused('"results" is the directory'));
    for (const other of [{ port: 2222 }, { host: 'other.example.com' }, { username: 'other' }])
      expect(at(other)).toEqual([]);
  });

  test('gets nothing from other flows that its own flow would pick', () => {
    expect(findings({ orders: { done: 'acks/in' } })).toEqual(
      refused('"done" is the directory that is picked from by flow "acks": files would be taken again'),
    );
    expect(findings({ orders: { results: 'acks/in' } })).toEqual(refused('"results" is the directory'));
    expect(findings({ orders: { failed: 'acks/in', pick: 'orders/in/*.xml' } })).toEqual([]);
    expect(findings({ orders: { results: 'acks/in' }, acks: { pick: 'acks/in/ACK-????' } })).toEqual([]);
  });

  test('has one flow for each file, whatever folders they name', () => {
    const folders = { own: { path: './erp//acks' } };
    expect(findings({ folders, orders: { folder: 'own', pick: 'in/*.csv' } })).toEqual(
      refused('flows "acks" and "orders" pick the same files'),
    );
  });
});

describe('files that dray writes', () => {
  const picking = (glob: string, ship: object = {}): string[] => findings({ acks: { pick: `out/${glob}` }, ship });

  test.each(['*.csv', '*', 'S_*', 's_000???.csv', 'S_[0-9]*.{txt,csv}', '{A,S}_*', 'S_!(x).csv', 'S_{1..9}*', '!x*'])(
    'are not to be picked: %s',
    (glob) => {
      expect(picking(glob)).toEqual(
        refused('flow "acks" picks from this directory, and its glob fits such names: our own files would be taken'),
      );
    },
  );

  test.each(['*.txt', 'A*', 'S_x*', 'S_*.{txt,xml}', 'S_.csv', 'S_*x.csv', '*.csv.ok'])(
    'may lie beside others: %s',
    (glob) => {
      expect(picking(glob)).toEqual([]);
    },
  );

  test.each([
    ['{date:yyyyMMdd}_{seq:6}.csv', 'A*.csv', 0],
    ['{date:yyyyMMdd}_{seq:6}.csv', '2026*.csv', 1],
    ['{date:MMMyy}_{seq:6}.csv', 'Nov*.csv', 1],
    ['{document}_{seq:6}.csv', 'A*.csv', 1],
    ['{flow}_{seq:6}.csv', 'A*.csv', 0],
    ['{flow}_{seq:6}.csv', 'SHIP_*.csv', 1],
    ['{site}_{seq:6}.csv', 'A*.csv', 0],
    ['{site}_{seq:6}.csv', 'Newark*.csv', 1],
  ])('have names that their template tells: %s and %s', (name, glob, count) => {
    const per = name.includes('{document}') ? { per: 'document' } : {};
    expect(picking(glob, { file: `out/${name}`, site: 'newark', ...per })).toHaveLength(count);
  });

  test('are their markers and what is archived, too, each told where it is said', () => {
    const ship = { file: 'out/S.csv', replace: 'archive', marker: '{stem}.ok' };
    expect(picking('*.csv', { ...ship, file: 'out/S.txt' })).toEqual([]);
    expect(picking('*.ok', ship)).toHaveLength(1);
    expect(picking('archive/*.txt', ship)).toHaveLength(1);
    expect(picking('*.csv', { ...ship, file: 'stock/S.csv', archive: 'out/S_{seq:6}.csv' })).toHaveLength(1);
    expect(findings({ acks: { pick: 'out/ship/*.csv' }, ship: { file: 'out/{flow}/S_{seq:6}.csv' } })).toHaveLength(1);
  });
});
