import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { repository } from '../support/dray.ts';
import { sentTo, startFixedSandbox } from '../support/sandbox.ts';
import { createWorkspace, ctlConfig } from '../support/workspace.ts';

/** The code blocks of a page by the file they are for. */
async function blocksOf(page: string): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(join(repository, page), 'utf8');
  return Object.fromEntries([...text.matchAll(/^```\w+ (\S+)\n(.*?)^```$/gms)].map(([, name, body]) => [name, body]));
}

test('docs/new-document.md: a document type nobody programmed goes from a file to the provider', async () => {
  const blocks = await blocksOf('docs/new-document.md');
  const sandbox = await startFixedSandbox();
  onTestFinished(() => sandbox.close());
  const config = ctlConfig(`${sandbox.url}/ctl`) as Record<string, Record<string, unknown>>;
  const added = parse(blocks['config.yaml'] ?? '') as Record<string, Record<string, unknown>>;
  const inbound = Object.fromEntries(Object.entries(added).map(([name, flow]) => [name, { ...flow, quiet: '20ms' }]));
  const providers = { ctl: { ...(config['providers']?.['ctl'] as object), definition: 'ctl/provider.yaml' } };
  const workspace = await createWorkspace({ ...config, providers, inbound: { ...config['inbound'], ...inbound } });
  onTestFinished(() => workspace.remove());

  // The shipped definition as it was before somebody followed the page.
  await cp(join(repository, 'mappings/ctl'), workspace.path('ctl'), { recursive: true });
  const definition = parse(await readFile(workspace.path('ctl/provider.yaml'), 'utf8')) as {
    operations: Record<string, unknown>;
  };
  delete definition.operations['order.cancel'];
  await writeFile(workspace.path('ctl/schemas/order-cancel.json'), '{ "not": {} }');

  Object.assign(definition.operations, parse(blocks['provider.yaml'] ?? ''));
  await writeFile(workspace.path('ctl/provider.yaml'), stringify(definition));
  await writeFile(workspace.path('ctl/schemas/order-cancel.json'), blocks['schemas/order-cancel.json'] ?? '');
  await writeFile(workspace.path('order-cancellation.yaml'), blocks['order-cancellation.yaml'] ?? '');

  expect(await workspace.run(['check'])).toMatchObject({ code: 0 });
  expect(await workspace.run(['test', 'order-cancellation.yaml'])).toMatchObject({ code: 0 });

  await cp(join(repository, 'samples/01-orders/orders.csv'), workspace.path('order-drop.csv'));
  await workspace.put('erp/orders/in/orders.csv', await readFile(workspace.path('order-drop.csv')));
  await workspace.run(['run', '--once']);
  await workspace.put('erp/cancellations/in/c.csv', 'OrderNo,Reason\nSO-700151,changed mind\nSO-999999,never was\n');
  expect((await workspace.run(['run', '--once'])).code).toBe(1);
  expect(
    sentTo(sandbox, 'PUT', /IsCancelled/)
      .map(({ path, body, status }) => `${path} ${body} ${status}`)
      .sort(),
  ).toEqual([
    '/ctl/v1/Orders/SO-700151/IsCancelled {"Cancel":true} 200',
    '/ctl/v1/Orders/SO-999999/IsCancelled {"Cancel":true} 404',
  ]);
  const result = await workspace.read('erp/cancellations/results/c.result.csv');
  expect(result).toMatch(/c\.csv,2,SO-700151,accepted/);
  expect(result).toMatch(/c\.csv,3,SO-999999,rejected,not-found/);
});
