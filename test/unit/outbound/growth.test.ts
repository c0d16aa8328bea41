import { describe, expect, test } from 'vitest';
import { runMappingTests, parseMapping, compileMapping } from '../../../src/mapping/index.ts';
import { defaultLimits } from '../../../src/core/limits.ts';
import { formats } from '../../../src/formats/index.ts';
import { buildFile } from '../../../src/outbound/file/build.ts';
import { collectFeed } from '../../../src/outbound/collect/collect.ts';
import { fileNameTemplate, type OutboundFlow } from '../../../src/outbound/index.ts';
import { required } from '../inbound/support.ts';
import { createDesk, createShelf, mapping, type Desk, type Shelf } from './support.ts';

const counts = `rows: Lines[]
fact: "{$.Id}"
write: { format: csv }
map:
  Id: $.Id
  Ok: { $delta: Ok, $per: "{$.Id}/{Sku}" }
  Bad: { $delta: Bad }
`;

/** An item that says how much of SKU A and B was received so far. */
const receipt = (index: number, ok: unknown, bad: unknown = 0, id = 'R') => ({
  index: String(index),
  identity: String(index),
  body: JSON.stringify({ Id: id, Lines: [{ Sku: 'A', Ok: ok, Bad: bad }] }),
});

async function built(desk: Desk): Promise<string[]> {
  return Promise.all(
    (await desk.unpublished()).map(async (file) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of desk.spool.read(file.spool)) chunks.push(chunk);
      return Buffer.concat(chunks).toString().trim().split('\r\n').slice(1).join(' ');
    }),
  );
}

async function createScene(kind: 'stream' | 'snapshot' = 'stream') {
  const desk = await createDesk();
  const shelf: Shelf = createShelf(kind, 100);
  const flow: OutboundFlow = desk.flow(shelf, { mapping: mapping(counts) });
  const run = async (parts = desk.parts, own = flow): Promise<void> => {
    await collectFeed(own, desk.parts, desk.never);
    await buildFile(own, parts);
  };
  return { desk, shelf, flow, run };
}

const warnings = (desk: Desk): number => desk.log.lines.filter(({ level }) => level === 'warn').length;

describe('a file of growing counts', () => {
  test('has the growth since the file before, also for several changes of one key in it', async () => {
    const { desk, shelf, run } = await createScene();
    shelf.items = [receipt(0, 3), receipt(1, 5, 1), receipt(2, 5, 1)];
    await run();
    shelf.items.push(receipt(3, 5, 1));
    await run();
    shelf.items.push(receipt(4, 6, 1), receipt(5, 2, 0, 'S'));
    await run();
    expect(await built(desk)).toEqual(['R,3,0 R,2,1', 'R,1,0 S,2,0']);
  });

  test('keeps the old counts when it is not finished, and has the same growth the next time', async () => {
    const { desk, shelf, run } = await createScene();
    shelf.items = [receipt(0, 3)];
    await run();
    shelf.items.push(receipt(1, 10));
    const completeRun = (): Promise<never> => Promise.reject(new Error('killed here'));
    await expect(run({ ...desk.parts, ledger: { ...desk.ledger, completeRun } })).rejects.toThrow('killed');
    await run();
    expect(await built(desk)).toEqual(['R,3,0', 'R,7,0']);
  });

  test('never goes back, and tells a lower count once', async () => {
    const { desk, shelf, run } = await createScene();
    shelf.items = [receipt(0, 5)];
    await run();
    shelf.items.push(receipt(1, 4));
    await run();
    shelf.items.push(receipt(2, 4), receipt(3, 4));
    await run();
    expect(warnings(desk)).toBe(1);
    shelf.items.push(receipt(4, 7));
    await run();
    expect(await built(desk)).toEqual(['R,5,0', 'R,2,0']);
  });

  test('has what moved from one count to another, however often it comes back to what it was', async () => {
    const { desk, shelf, run } = await createScene();
    for (const [index, [ok, bad]] of [
      [120, 0],
      [118, 2],
      [120, 0],
      [118, 2],
    ].entries()) {
      shelf.items.push(receipt(index, ok, bad));
      await run();
    }
    expect(await built(desk)).toEqual(['R,120,0', 'R,-2,2', 'R,2,-2', 'R,-2,2']);
    expect(warnings(desk)).toBe(0);
  });

  test('has nothing of what moved in an item that is older than what was written', async () => {
    const { desk, shelf, flow, run } = await createScene();
    const noted = (index: number, ok: number, bad: number, Note: string) => ({
      index: String(index),
      identity: String(index),
      body: JSON.stringify({ Id: 'R', Lines: [{ Sku: 'A', Ok: ok, Bad: bad, Note }] }),
    });
    const noting = (note: string) => ({ ...flow, mapping: mapping(`${counts}  Note: ${note}\n`) });
    shelf.items = [noted(0, 118, 2, 'x'), noted(1, 120, 0, '1')];
    // The first has to wait for a mended mapping.
    await run(desk.parts, noting('{ $from: Note, $as: number }'));
    await run(desk.parts, noting('Note'));
    expect(await built(desk)).toEqual(['R,120,0,1']);
    expect(warnings(desk)).toBe(1);
    shelf.items.push(noted(2, 118, 2, 'y'));
    await run(desk.parts, noting('Note'));
    expect(await built(desk)).toEqual(['R,120,0,1', 'R,-2,2,y']);
  });

  test('of a snapshot that is taken again has only what grew', async () => {
    const { desk, shelf, run } = await createScene('snapshot');
    shelf.items = [receipt(0, 5), receipt(1, 1, 0, 'S')];
    await run();
    await run();
    shelf.items = [receipt(0, 5), receipt(1, 4, 0, 'S')];
    await run();
    expect(await built(desk)).toEqual(['R,5,0 S,1,0', 'S,3,0']);
  });

  test('keeps the counts of each flow apart', async () => {
    const { desk, shelf, flow, run } = await createScene();
    const other = { ...flow, name: 'other', fileName: required(fileNameTemplate('o/{seq:2}.csv').name) };
    shelf.items = [receipt(0, 5)];
    await run();
    shelf.items.push(receipt(1, 6));
    await run(desk.parts, other);
    await run();
    expect(await built(desk)).toEqual(['R,5,0', 'R,5,0 R,1,0', 'R,1,0']);
  });

  describe('whose columns have few places', () => {
    const narrow = (desk: Desk, shelf: Shelf, text: string, options: object): OutboundFlow =>
      desk.flow(shelf, {
        format: required(formats.get('fixed')),
        mapping: mapping(text),
        writeOptions: { encoding: 'utf-8', lineEnd: 'crlf', ...options },
      });
    const lines = async (desk: Desk): Promise<string[]> => {
      const files = (await desk.unpublished()).map(async (file) => {
        const chunks: Uint8Array[] = [];
        for await (const chunk of desk.spool.read(file.spool)) chunks.push(chunk);
        return Buffer.concat(chunks).toString().trim().replaceAll('\r\n', ' / ');
      });
      return Promise.all(files);
    };
    const amount = { length: 3, align: 'right' };

    test('needs place for what is written, and waits with its old counts for more', async () => {
      const { desk, shelf, run } = await createScene();
      const text = counts.replace('csv }', 'fixed, fields: { Id: 1, Ok: 3, Bad: 3 } }');
      const flow = (Ok: object) => narrow(desk, shelf, text, { fields: { Id: 1, Ok, Bad: amount } });
      const deferred = async (): Promise<number[]> => (await desk.ledger.deferredItems('shipped')).map(({ id }) => id);
      shelf.items = [receipt(0, 998), receipt(1, 1003)];
      await run(desk.parts, flow(amount));
      expect([await lines(desk), await deferred()]).toEqual([['R998  0 / R  5  0'], []]);
      shelf.items.push(receipt(2, 5000), receipt(3, 1, 1, 'S'));
      await run(desk.parts, flow(amount));
      expect([(await lines(desk)).at(-1), await deferred()]).toEqual(['S  1  1', [3]]);
      expect(desk.log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
      await run(desk.parts, flow({ length: 5, align: 'right' }));
      expect([(await lines(desk)).at(-1), await deferred()]).toEqual(['R 3997  0', []]);
    });

    test('has nothing of a group in which one of them is too short', async () => {
      const { desk, shelf, run } = await createScene();
      const text = `fact: '{Id}'
write: { format: fixed, records: { head: { fields: { T: 1 } }, item: { fields: { Sku: 1, Ok: 3 } } } }
records:
  head: { map: { T: { $value: H } } }
  item: { rows: 'Lines[]', map: { Sku: Sku, Ok: { $delta: Ok, $per: '{Sku}' } } }
`;
      const flow = (Ok: object) =>
        narrow(desk, shelf, text, { records: { head: { fields: { T: 1 } }, item: { fields: { Sku: 1, Ok } } } });
      const both = (index: number, a: number, b: number) => ({
        index: String(index),
        identity: String(index),
        body: JSON.stringify({
          Id: `R${index}`,
          Lines: [
            { Sku: 'A', Ok: a },
            { Sku: 'B', Ok: b },
          ],
        }),
      });
      shelf.items = [both(0, 998, 1)];
      await run(desk.parts, flow(amount));
      shelf.items.push(both(1, 1003, 2000), both(2, 1005, 1));
      await run(desk.parts, flow(amount));
      expect(await lines(desk)).toEqual(['H    / A998 / B  1', 'H    / A  7']);
      await run(desk.parts, flow({ length: 4, align: 'right' }));
      expect((await lines(desk)).at(-1)).toBe('H     / B1999');
    });
  });

  test('waits for the row that cannot be written, and then has all of its growth', async () => {
    const { desk, shelf, run } = await createScene();
    shelf.items = [receipt(0, 2), receipt(1, 'many'), receipt(2, 4)];
    await run();
    expect(await built(desk)).toEqual(['R,2,0 R,2,0']);
  });

  test('is what the tests in a mapping show too', async () => {
    const tested = `${counts}tests:
  - name: only growth is written
    given:
      - { Id: R, Lines: [{ Sku: A, Ok: 2, Bad: 0 }] }
      - { Id: R, Lines: [{ Sku: A, Ok: 2, Bad: 0 }] }
      - { Id: R, Lines: [{ Sku: A, Ok: 5, Bad: 1 }] }
    expect:
      - { Id: R, Ok: 2, Bad: 0 }
      - { Id: R, Ok: 3, Bad: 1 }
`;
    const { definition, yaml } = parseMapping(tested, 'm.yaml', formats);
    const compiled = compileMapping(required(definition), yaml, { tables: new Map(), limits: defaultLimits });
    const results = await runMappingTests(required(compiled.mapping), { yaml, formats, limits: defaultLimits });
    expect(results.map(({ passed, difference }) => difference ?? passed)).toEqual([true]);
  });
});
