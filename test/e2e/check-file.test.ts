import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { jsonLines, repository, runDray } from '../support/dray.ts';
import { createWorkspace, type Workspace } from '../support/workspace.ts';

const data = (name: string): string => join(repository, 'test/support/testdata', name);

async function open(): Promise<Workspace> {
  const workspace = await createWorkspace({});
  onTestFinished(() => workspace.remove());
  return workspace;
}

describe('dray check FILE', () => {
  test('tells how a file is written, what is in it and what is wrong, without a configuration and without values', async () => {
    const { code, stdout, stderr } = await runDray([
      'check',
      data('csv-dialects/duckdb-rejects_frankstein_nightmare.csv'),
    ]);
    const lines = jsonLines(stdout);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(lines[0]).toMatchObject({
      event: 'file',
      format: 'csv',
      records: 47,
      columns: 3,
      isRefused: false,
      read: { format: 'csv', encoding: 'windows-1252', delimiter: ',' },
    });
    expect(lines.find(({ option }) => option === 'encoding')).toMatchObject({
      value: 'windows-1252',
      sureness: 'unsure',
      alternatives: expect.arrayContaining(['cp850']) as unknown,
    });
    expect(lines.filter(({ event }) => event === 'column').map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(lines.filter(({ event }) => event === 'finding').map(({ line, code: found }) => [line, found])).toEqual([
      [10, 'wrong-column-count'],
      [14, 'wrong-column-count'],
      [22, 'bad-quote'],
    ]);
    expect(lines.at(-1)).toEqual({ event: 'end', findings: 3, isRefused: false });
  });

  test('shows what values look like, and the values only when asked for them', async () => {
    const file = data('commerce/sap-bikes-BusinessPartners.csv');
    const { code, stdout } = await runDray(['check', file]);
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/maria\.brown|All For Bikes|622734567/);
    const email = jsonLines(stdout).find(({ name }) => name === 'EMAILADDRESS');
    expect(email).toMatchObject({ kind: 'email', filled: 40, distinct: 40, shapes: expect.any(Array) as unknown });
    const shown = jsonLines((await runDray(['check', file, '--values'])).stdout);
    expect(shown.find(({ name }) => name === 'PARTNERID')).toMatchObject({
      kind: 'digits',
      values: ['0100000000', '0100000001', '0100000002'],
    });
  });

  test.each([
    ['xlsx/frictionless-skip-rows.xlsx', { format: 'xlsx', header: { has: ['A', 'B'] }, ignore: ['TOTAL'] }],
    ['json/sample_utf8_bom.json', { format: 'json', encoding: 'utf-8', path: 'users' }],
    ['json/example_rn.ndjson', { format: 'ndjson', encoding: 'utf-8' }],
    ['fixed-width/master_detail.txt', { format: 'fixed', fields: { Description: [1, 12], Amount: [13, 6] } }],
  ])('%s is read by what was found', async (name, read) => {
    const { code, stdout } = await runDray(['check', data(name)]);
    expect([code, jsonLines(stdout)[0]?.['read']]).toEqual([0, expect.objectContaining(read)]);
  });

  test('what cannot be read is refused with the reason, and the exit code says so', async () => {
    const workspace = await open();
    await workspace.put('empty.csv', '');
    await workspace.put('noise.csv', Buffer.from(Array.from({ length: 999 }, (_, index) => (index * 37) % 256)));
    await workspace.put('page.csv', '<html><body>Error 502</body></html>');
    const codes: unknown[] = [];
    for (const name of ['empty.csv', 'noise.csv', 'page.csv']) {
      const { code, stdout } = await workspace.run(['check', name]);
      codes.push([code, jsonLines(stdout).find(({ event }) => event === 'finding')?.['code']]);
    }
    expect(codes).toEqual([
      [1, 'empty-file'],
      [1, 'contains-nul'],
      [1, 'looks-like-html'],
    ]);
  });

  test('nonsense is wrong usage, and the message says what would be right', async () => {
    const workspace = await open();
    await mkdir(workspace.path('folder'));
    await workspace.put('order.yaml', 'read: { format: csv }\n');
    const said: unknown[] = [];
    for (const name of ['nowhere.csv', 'folder', 'order.yaml']) {
      const { code, stdout, stderr } = await workspace.run(['check', name]);
      said.push([code, stdout, stderr.replace('dray: bad-usage: wrong usage: ', '').trim()]);
    }
    expect(said).toEqual([
      [2, '', 'cannot read nowhere.csv: there is no such file'],
      [2, '', 'folder is a directory; name a file in it'],
      [2, '', expect.stringContaining('looks like a mapping, not like data: dray test order.yaml checks it')],
    ]);
  });
});
