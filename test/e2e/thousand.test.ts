import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import type { SwitchChanges } from '../../src/sandbox/index.ts';
import { jsonLines, repository } from '../support/dray.ts';
import { creates, ordersAt, providerCases, providerConfig } from '../support/provider-cases.ts';
import { addFault, startFixedSandbox } from '../support/sandbox.ts';
import { createWorkspace, inboundFlow } from '../support/workspace.ts';

const ORDERS = 1000;
/** The clock of the stand-in stands still, and with it what a limit of rate lets through. */
const switches: SwitchChanges = { ds: { requestsPerSecond: 0 }, flexport: { requestsPerSecond: 0 } };

describe.each(providerCases)('a thousand orders to $name', (provider) => {
  test('arrive once each through refusals for a while, lost answers and an end of the token', async () => {
    const sandbox = await startFixedSandbox({ switches });
    const workspace = await createWorkspace({
      ledger: 'data/dray.db',
      folders: { erp: { path: 'erp' } },
      providers: { [provider.name]: providerConfig(provider, sandbox) },
      inbound: {
        orders: inboundFlow('orders', join(repository, `mappings/${provider.name}/order.yaml`), provider.operation, {
          submit: { provider: provider.name, operation: provider.operation },
        }),
      },
    });
    try {
      const match = {
        provider: provider.name,
        method: provider.create.method,
        pathPattern: provider.create.path.source.slice(1),
      };
      await addFault(sandbox, { ...match, probability: 0.05 }, { status: 503 });
      await addFault(sandbox, { ...match, probability: 0.05 }, { status: 429 });
      await addFault(sandbox, { ...match, probability: 0.05 }, { drop: 'after-commit' });
      await addFault(sandbox, { ...match, nth: 400 }, { status: 401 });
      const keys = Array.from({ length: ORDERS }, (_, index) => `K${String(index).padStart(5, '0')}`);
      await workspace.put(
        'erp/orders/in/all.csv',
        [provider.header, ...keys.map((key) => provider.order(key)), ''].join('\n'),
      );
      // Where nothing renews a token, the run ends there and the next one goes on.
      const codes = provider.renews ? [0] : [3, 0];
      for (const code of codes) expect((await workspace.run(['run', '--once'])).code).toBe(code);
      expect(await ordersAt(provider, sandbox)).toEqual(keys);
      const rows: Record<string, string>[] = parse(await workspace.read('erp/orders/results/all.result.csv'), {
        columns: true,
      });
      expect(rows.map(({ key }) => key)).toEqual(keys);
      expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(['accepted']));
      const bodies = new Set(creates(provider, sandbox).map(({ path, body }) => `${path} ${body}`));
      expect(bodies.size).toBe(ORDERS);
      expect(creates(provider, sandbox).length).toBeGreaterThan(ORDERS * 1.05);
      const [status] = jsonLines((await workspace.run(['status', '--json'])).stdout);
      expect(status).toMatchObject({ event: 'status', balanced: true });
    } finally {
      await sandbox.close();
      await workspace.remove();
    }
  }, 180_000);
});
