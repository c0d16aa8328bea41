import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeIssue } from '../../../src/core/issue.ts';
import { mistakes, readDrop, realMapping, summary } from './read-support.ts';

const head = (entry: string, map: string): string => `
read:
  format: csv
  name: "orders{rest}.csv"
  with: { addresses: ${entry} }
document: { type: order, key: No }
map: ${map}
`;
const addresses = '{ name: "addresses{rest}.csv", key: Id }';
const plain = head(addresses, '{ City: { $from: Address, $table: addresses.City } }');

describe('a file of the drop that is looked up', () => {
  it('answers by its key, and its records are no documents', async () => {
    const given = { picked: 'No,Address\n1,b\n2, a \n3,\n', addresses: 'Id,Street,City\na,x,Ulm\nb,y,Bonn\n' };
    expect(await summary(realMapping(plain), given)).toEqual(['1 {"City":"Bonn"}', '2 {"City":"Ulm"}', '3 {}']);
  });

  it('may be one of a chain with tables of the mapping', async () => {
    const mapping = realMapping(
      `${head(addresses, '{ Region: { $from: Address, $table: [short, addresses.City, regions] } }')}tables: { short: { A: a }, regions: { Ulm: South } }`,
    );
    expect(await summary(mapping, { picked: 'No,Address\n1,A\n', addresses: 'Id,City\na,Ulm\n' })).toEqual([
      '1 {"Region":"South"}',
    ]);
  });

  it('is shown as a step between the cell and the field', async () => {
    const { bound, groups } = await readDrop(realMapping(plain), {
      picked: 'No,Address\n1,b\n',
      addresses: 'Id,City\nb,Bonn\n',
    });
    expect((await bound.explain(groups[0] ?? [])).at(-1)).toEqual({
      pointer: '/City',
      value: 'Bonn',
      sources: [{ file: 'picked', line: 2, column: 'Address', text: 'b' }],
      steps: ['$table addresses.City: "b" → "Bonn"'],
    });
  });

  it('names the cell whose value it does not hold, and the file where it would have to be', async () => {
    const { documents } = await readDrop(realMapping(plain), {
      picked: 'No,Address\n1,z\n',
      addresses: 'Id,City\na,Ulm\n',
    });
    expect(documents[0]?.issues.map(describeIssue)).toEqual([
      'picked line 2 column Address: no entry for this value; expected an entry of the table addresses.City, got "z". Add it to addresses, or mend the cell.',
    ]);
  });

  it('refuses only what uses a key that means two things', async () => {
    const { documents } = await readDrop(realMapping(plain), {
      picked: 'No,Address\n1,a\n2,b\n3,c\n',
      addresses: 'Id,Street,City\na,x,Ulm\na,other street,Ulm\nb,x,Bonn\nc,x,Kiel\nb,x,Bern\n',
    });
    expect(documents.map(({ issues }) => issues.map(describeIssue))).toEqual([
      [],
      ['picked line 3 column Address: lines 4 and 6 of addresses say different things; got "b". Keep one of them.'],
      [],
    ]);
  });

  it('is read by the columns it has: one that is missing refuses the drop', async () => {
    const given = { picked: 'No,Address\n1,a\n', addresses: 'Id,Town\na,Ulm\n' };
    await expect(readDrop(realMapping(plain), given)).rejects.toThrow(
      'addresses line 1 column City: a column is missing',
    );
    const aliases = head(
      '{ name: "addresses{rest}.csv", key: Id, columns: { aliases: { City: [Town] } } }',
      '{ City: { $from: Address, $table: addresses.City } }',
    );
    expect(await summary(realMapping(aliases), given)).toEqual(['1 {"City":"Ulm"}']);
  });

  it.each([
    [
      'rows',
      { lookUpRows: 2 },
      'line 4: the file that is looked up is larger than can be kept in memory; expected at most 2 rows',
    ],
    [
      'text',
      { lookUpCharacters: 10 },
      'line 4: the file that is looked up is larger than can be kept in memory; expected at most 10 characters',
    ],
  ] as const)('is bounded: more %s than may be kept say so', (_name, limits, message) => {
    const mapping = realMapping(plain, { limits });
    const lookUps = mapping.lookUps();
    lookUps.header('addresses', { columns: ['Id', 'City'], line: 1 });
    const records = ['a', 'b', 'c'].map((id, seq) => ({ seq, line: seq + 2, cells: [id, 'Ulm'] }));
    const issue = lookUps.add('addresses', records, 'addresses.csv');
    expect(issue === undefined ? '' : describeIssue(issue)).toContain(message);
  });

  it('may be a tree', async () => {
    const mapping = realMapping(`
read: { format: ndjson, name: "o{rest}.json", with: { places: { name: "p{rest}.json", key: id } } }
document: { type: order, key: no }
map: { City: { $from: place, $table: places.address.city } }
`);
    const given = { picked: '{"no":1,"place":7}\n', places: '{"id":7,"address":{"city":"Ulm"}}\n' };
    expect(await summary(mapping, given)).toEqual(['1 {"City":"Ulm"}']);
  });

  it('passes over its rows that cannot be read: who needs them is told', async () => {
    const given = { picked: 'No,Address\n1,a\n2,b\n', addresses: 'Id,City\na,Ulm,too much\nb,Bonn\n' };
    expect(await summary(realMapping(plain), given)).toEqual(['1: 2:Address not-in-table', '2 {"City":"Bonn"}']);
  });
});

describe('mistakes with look-ups', () => {
  it('are a file that is both, or neither, and a name with two meanings', () => {
    const found = (entry: string): string[] =>
      mistakes(head(entry, '{ v: A }')).map((each) => each.replace(/^\S+ /, ''));
    expect(found('{ name: "a{rest}.csv" }')[0]).toContain('missing-key nothing says what the file is for');
    expect(found('{ name: "a{rest}.csv", by: A, key: B }')[0]).toContain(
      'wrong-value a file either belongs to documents',
    );
    expect(mistakes(`${plain}tables: { addresses: { a: b } }`)[0]).toContain('"addresses" is a table as well');
  });

  it('are a column taken from it without $table, and a table without a column', () => {
    expect(mistakes(head(addresses, '{ v: addresses.City }'))[0]).toContain(
      '"addresses" is looked up and belongs to no document',
    );
    expect(mistakes(head(addresses, '{ v: { $from: A, $table: addresses } }'))[0]).toContain('say addresses.Column');
    expect(mistakes(head(addresses, '{ v: { $from: A, $table: adresses.City } }'))[0]).toContain(
      'there is no table "adresses.City"',
    );
  });
});

describe('partners and addresses of a real export', () => {
  const testdata = (name: string): string =>
    readFileSync(new URL(`../../support/testdata/commerce/sap-bikes-${name}.csv`, import.meta.url), 'utf8');
  const mapping = realMapping(`
read:
  format: csv
  name: "SalesOrders{rest}.csv"
  with:
    partners: { name: "BusinessPartners{rest}.csv", key: PARTNERID }
    addresses: { name: "Addresses{rest}.csv", key: ADDRESSID }
document: { type: order, key: SALESORDERID }
map:
  Name: { $from: PARTNERID, $table: partners.COMPANYNAME }
  City: { $from: PARTNERID, $table: [partners.ADDRESSID, addresses.CITY] }
  Zip: { $from: PARTNERID, $table: [partners.ADDRESSID, addresses.POSTALCODE] }
`);

  it('are found for every order, each as its own files say', async () => {
    const given = {
      picked: testdata('SalesOrders'),
      partners: testdata('BusinessPartners'),
      addresses: testdata('Addresses'),
    };
    const { documents } = await readDrop(mapping, given);
    expect(documents).toHaveLength(334);
    expect(documents.flatMap(({ issues }) => issues)).toEqual([]);
    expect(documents[0]?.payload).toEqual({ Name: 'Tires On Fire', City: 'Mumbai', Zip: '400017' });
  });
});
