import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { createTextWriter } from '../../src/formats/text/encodings.ts';
import { repository } from '../support/dray.ts';
import { sentTo, startFixedSandbox } from '../support/sandbox.ts';
import { createWorkspace, ctlConfig, type Workspace } from '../support/workspace.ts';

interface Block {
  readonly kind: string;
  readonly name: string;
  readonly body: string;
}

const MAPPING = 'mappings/ctl/order-export.yaml';

async function blocksOf(page: string): Promise<readonly Block[]> {
  const text = await readFile(join(repository, page), 'utf8');
  return [...text.matchAll(/^```(\w+) ?(\S*)\n(.*?)^```$/gms)].map(([, kind = '', name = '', body = '']) => ({
    kind,
    name,
    body,
  }));
}

/** Runs the commands of a block as a reader would type them. */
async function runLines(body: string, workspace: Workspace): Promise<void> {
  for (const line of body.trim().split('\n')) {
    const [first, ...words] = line.split(' ');
    if (first === 'cp') {
      const [from = '', to = ''] = words.map((word) => workspace.path(word));
      await mkdir(dirname(to), { recursive: true });
      await copyFile(from, to);
      continue;
    }
    expect([first, words[0]]).toEqual(['npx', 'dray']);
    const { code, stderr } = await workspace.run(words.slice(1));
    expect({ line, code, stderr: code === 0 ? '' : stderr }).toEqual({ line, code: 0, stderr: '' });
  }
}

/** Each line of the page is there, whatever its indentation, and may go on in a comment. */
function expectLines(body: string, mapping: string): void {
  const lines = mapping.split('\n').map((line) => line.trim());
  for (const wanted of body
    .trim()
    .split('\n')
    .map((line) => line.trim())) {
    expect(lines.find((line) => line.startsWith(wanted)) ?? mapping).toContain(wanted);
  }
}

/** Writes an answer where the mapping asks for it, and nowhere else. */
async function answer(body: string, workspace: Workspace): Promise<void> {
  const line = body.trim();
  const [name = ''] = line.split(':');
  const lines = (await workspace.read(MAPPING)).split('\n');
  const asked = lines.findIndex((each) => each.trim().startsWith(`${name}:`));
  const question = lines.findIndex((each) => each.includes(`what is ${name}?`));
  expect(asked !== -1 ? (lines[asked] ?? '') : (lines[question] ?? '')).toMatch(/TODO|sure\?/);
  if (asked !== -1) lines[asked] = (lines[asked] ?? '').replace(/\S.*/, line);
  else lines.splice(question, 2, lines[question + 1] ?? '', `    ${line}`);
  await writeFile(workspace.path(MAPPING), lines.join('\n'));
}

async function addFlow(body: string, workspace: Workspace): Promise<void> {
  const config = parse(await workspace.read('config.yaml')) as { inbound: object };
  const flows = parse(body) as Record<string, object>;
  const quick = Object.fromEntries(Object.entries(flows).map(([name, flow]) => [name, { ...flow, quiet: '20ms' }]));
  await writeFile(workspace.path('config.yaml'), stringify({ ...config, inbound: { ...config.inbound, ...quick } }));
}

test('docs/first-mapping.md: a file nobody has seen becomes accepted orders, with edits only where dray asks', async () => {
  const sandbox = await startFixedSandbox();
  onTestFinished(() => sandbox.close());
  const workspace = await createWorkspace(ctlConfig(`${sandbox.url}/ctl`));
  onTestFinished(() => workspace.remove());
  const toWindows = createTextWriter('windows-1252');

  for (const { kind, name, body } of await blocksOf('docs/first-mapping.md')) {
    if (kind === 'sh') await runLines(body, workspace);
    else if (name === 'proposed') expectLines(body, await workspace.read(MAPPING));
    else if (name === 'answer') await answer(body, workspace);
    else if (name === 'config.yaml') await addFlow(body, workspace);
    else if (name.includes('/results/')) expect((await workspace.read(name)).replaceAll('\r\n', '\n')).toBe(body);
    else
      await workspace.put(
        name,
        toWindows(body.replaceAll('\n', '\r\n'), (character) => `<${character}>`),
      );
  }

  const mapping = await workspace.read(MAPPING);
  expect(mapping).not.toMatch(/# (?:TODO|sure\?)/);
  const [order] = sentTo(sandbox, 'PUT', /W-10023/);
  expect(JSON.parse(order?.body ?? '')).toMatchObject({
    DateOrdered: '2026-05-04',
    ShipTo: { Name: 'Café Löwe GmbH', StateOrProvince: '-', PostalCode: '01067', CountryCode: 'DE' },
    Items: [
      { Sku: 'MUG-350', Quantity: 6, DeclaredValuePerUOM: 4.5 },
      { Sku: 'BTL-750-SLATE', Quantity: 12, DeclaredValuePerUOM: 1019.9 },
    ],
    Variables: [{ Key: 'BridgeOrderId', Value: 'W-10023' }],
  });
});
