import { describe, expect, onTestFinished, test } from 'vitest';
import { jsonLines } from '../support/dray.ts';
import { createWorkspace, ctlConfig, inboundFlow, type Workspace } from '../support/workspace.ts';

const mapping = `# orders of the shop
read: { format: csv }
document: { type: order, key: OrderNo }
map:
  PurchaseNumber: PO # theirs
  Items: [{ Sku: SKU, Quantity: Qty }]
tests:
  - name: an order
    given: |
      OrderNo,PO,SKU,Qty
      A-1,P1,CAP,2
    expect:
      - PurchaseNumber: P2 # to be settled
        Items: [{ Sku: CAP, Quantity: 2 }]
  - name: a word
    given: |
      OrderNo,PO,SKU,Qty
      A-1,P1,CAP,two
    expect: []
`;

async function open(text: string): Promise<Workspace> {
  const inbound = { shop: inboundFlow('shop', 'shop.yaml', 'order.create') };
  const workspace = await createWorkspace(ctlConfig('http://127.0.0.1:9', { inbound }));
  onTestFinished(() => workspace.remove());
  await workspace.put('shop.yaml', text);
  await workspace.put('other.yaml', text);
  return workspace;
}

describe('dray test --accept', () => {
  test('writes what failing tests got, keeps all else to the letter, and shows the difference', async () => {
    const workspace = await open(mapping);
    const { code, stdout, stderr } = await workspace.run(['test', '--accept']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = jsonLines(stdout);
    expect(
      lines.filter(({ event }) => event === 'changed').map(({ line, sign, text }) => [line, sign, text].join('')),
    ).toEqual([
      '13-      - PurchaseNumber: P2 # to be settled',
      '13+      - PurchaseNumber: P1 # to be settled',
      '19-    expect: []',
      '19+    issues:',
      '20+      - line: 2',
      '21+        column: Qty',
      '22+        code: not-a-number',
    ]);
    expect(lines.at(-1)).toEqual({ event: 'end', passed: 0, accepted: 2, failed: 0, broken: 0 });
    const written = '    issues:\n      - line: 2\n        column: Qty\n        code: not-a-number\n';
    expect(await workspace.read('shop.yaml')).toBe(mapping.replace('P2', 'P1').replace('    expect: []\n', written));
    expect(jsonLines((await workspace.run(['test'])).stdout).at(-1)).toMatchObject({ passed: 2, failed: 0 });
  });

  test('a mapping that does not compile stays as it is', async () => {
    const broken = mapping.replace('PurchaseNumber: PO', 'PurchaseNumbr: PO');
    const workspace = await open(broken);
    expect((await workspace.run(['test', '--accept', 'shop.yaml'])).code).toBe(2);
    expect(await workspace.read('shop.yaml')).toBe(broken);
  });

  test('nothing is accepted while the types of values are not known', async () => {
    const workspace = await open(mapping);
    const { code, stderr } = await workspace.run(['test', '--accept', 'other.yaml']);
    expect(code).toBe(1);
    expect(stderr).toContain('name --provider and --operation');
    expect(await workspace.read('other.yaml')).toBe(mapping);
    expect((await workspace.run(['test', '--accept', 'other.yaml', '--operation', 'order.create'])).code).toBe(0);
    expect(await workspace.read('other.yaml')).not.toBe(mapping);
  });

  test('a mapping that is not there, or is a directory, is said', async () => {
    const workspace = await open(mapping);
    for (const name of ['nowhere.yaml', '.']) {
      const { code, stderr } = await workspace.run(['test', '--accept', name]);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('cannot read') as unknown });
    }
  });
});
