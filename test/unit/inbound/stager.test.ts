import { describe, expect, test } from 'vitest';
import { open as openProvider, operationOf, thing } from '../providers/support.ts';
import { createBench, endAll, sheet, type Bench } from './support.ts';

const changing = thing.replace('    repeat: url', '    repeat: url\n    revisions: each');
const finding = thing.replace(
  '    repeat: url',
  '    repeat: url\n    find: { path: "/names/{key}", take: { id: id } }',
);

function createFlow(definition: string): Promise<Bench> {
  return createBench({
    flow: { operation: operationOf(openProvider(definition, 'http://127.0.0.1:9'), 'thing.create') },
  });
}

async function drop(bench: Bench, file: string, quantity: number): Promise<string[]> {
  await bench.put(`in/${file}`, sheet('Id,Name,Sku,Qty', `A,Ada,S,${quantity}`));
  await bench.receive(file);
  const { id } = await bench.drop();
  await endAll(bench);
  const documents = await bench.ledger.documents({ dropId: id, limit: 10 });
  return documents.map(({ status, issues }) => [status, ...issues.map(({ code }) => code)].join(' '));
}

describe('several documents with one key', () => {
  test('are changes that follow one another where the operation says so', async () => {
    const bench = await createFlow(changing);
    const told = [
      await drop(bench, '1.csv', 1),
      await drop(bench, '2.csv', 2),
      await drop(bench, '3.csv', 2),
      await drop(bench, '4.csv', 1),
    ];
    expect(told.flat()).toEqual(['accepted', 'accepted', 'already-received', 'accepted']);
  });

  test('are one document everywhere else', async () => {
    const bench = await createFlow(thing);
    const told = [await drop(bench, '1.csv', 1), await drop(bench, '2.csv', 2), await drop(bench, '3.csv', 1)];
    expect(told.flat()).toEqual(['accepted', 'rejected key-reused', 'already-received']);
  });
});

test('documents that say the same are the same only with the same file, where the file is sent too', async () => {
  const uploading = thing.replace('    repeat: url', '    upload: { url: "{answer.url}" }\n    repeat: url');
  const files = { plain: sheet('Id,Name,Sku,Qty', 'A,Ada,S,1'), padded: sheet('Id,Name,Sku,Qty', 'A ,Ada,S,1') };
  const told = async (definition: string): Promise<unknown> => {
    const bench = await createFlow(definition);
    for (const [name, content] of Object.entries(files)) {
      await bench.put(`in/${name}.csv`, content);
      await bench.receive(`${name}.csv`);
    }
    const documents = await bench.ledger.documents({ key: 'A', limit: 10 });
    return documents.map(({ issues }) => issues.map(({ code }) => code));
  };
  expect(await told(thing)).toEqual([[], []]);
  expect(await told(uploading)).toEqual([['key-reused'], []]);
});

test.each([
  [thing, true],
  [finding, false],
])('a request is complete unless its operation completes it', async (definition, isPrepared) => {
  const bench = await createFlow(definition);
  await bench.put('in/a.csv', sheet('Id,Name,Sku,Qty', 'A,Ada,S,1'));
  await bench.receive('a.csv');
  const claims = await bench.ledger.claimSubmissions('test', 1, bench.clock.now());
  expect(claims).toMatchObject([{ isPrepared }]);
});
