import { describe, expect, it } from 'vitest';
import { describeIssue } from '../../../src/core/issue.ts';
import { parseExact, type Json } from '../../../src/core/json.ts';
import { growthOf, type OutboundMapping, type OutboundRow } from '../../../src/mapping/index.ts';
import { compile, outbound, placed } from './support.ts';

const text = `
write: { format: csv }
rows: items[]
fact: "{$.id}"
map:
  Shipment: $.id
  Sellable: { $delta: counts.sellable, $per: "{$.id}/{itemId}" }
  Damaged: { $delta: counts.damaged }
  Sku: sku
`;
const plain = outbound(text);

const item = (sellable: string, damaged = '0', itemId = 'i1'): Json =>
  parseExact(
    `{"id":"S1","items":[{"itemId":"${itemId}","sku":"A","counts":{"sellable":${sellable},"damaged":${damaged}}}]}`,
  );

/** What a file has of items that come one after another. */
function written(mapping: OutboundMapping, ...items: readonly Json[]): string[] {
  const counts = new Map<string, string>();
  return items.flatMap((each) => {
    const { rows, issues } = mapping.rows(each) as { rows: readonly OutboundRow[]; issues: readonly never[] };
    if (issues.length > 0) return issues.map(describeIssue);
    return rows.map((row) => {
      const place = (name: string): string => `${row.growth?.key} ${name}`;
      const growth = growthOf(row, mapping.columns, (name) => counts.get(place(name)) ?? '');
      if (growth.kind === 'none' || growth.kind === 'lower') return growth.kind;
      for (const { name, count } of growth.counts) counts.set(place(name), count);
      return growth.cells.join(',');
    });
  });
}

describe('$delta', () => {
  it('is the whole count at first sight, and then what it has grown', () => {
    expect(written(plain, item('5'), item('5'), item('12', '1'))).toEqual(['S1,5,0,A', 'none', 'S1,7,1,A']);
  });

  it('says nothing of counts that were never above zero', () => {
    expect(written(plain, item('0'), item('1'))).toEqual(['none', 'S1,1,0,A']);
  });

  it('passes over a row with a lower count, and tells the growth once the counts agree again', () => {
    expect(written(plain, item('5', '2'), item('5', '1'), item('9', '2'))).toEqual(['S1,5,2,A', 'lower', 'S1,4,0,A']);
  });

  it('tells what moved from one count to another, with what the first has lost', () => {
    expect(written(plain, item('120', '0'), item('118', '2'), item('118', '3'))).toEqual([
      'S1,120,0,A',
      'S1,-2,2,A',
      'S1,0,1,A',
    ]);
  });

  it('counts for each key apart', () => {
    expect(written(plain, item('5'), item('5', '0', 'i2'))).toEqual(['S1,5,0,A', 'S1,5,0,A']);
  });

  it('leaves a count that is not there out, and forgets nothing by it', () => {
    expect(written(plain, item('5', '3'), item('6', 'null'), item('6', '4'))).toEqual([
      'S1,5,3,A',
      'S1,1,,A',
      'S1,0,1,A',
    ]);
    expect(written(plain, item('null', 'null'))).toEqual(['none']);
  });

  it('is exact, whatever the digits and however they are written', () => {
    expect(written(plain, item('0.10'), item('0.30'), item('0.300'), item('3e2'))).toEqual([
      'S1,0.1,0,A',
      'S1,0.2,0,A',
      'none',
      'S1,299.7,0,A',
    ]);
    expect(written(plain, item('90071992547409930'), item('90071992547409931'))[1]).toBe('S1,1,0,A');
  });

  it('is told by its key and its counts: a line may come as often as it grows', () => {
    const facts = [item('5'), item('5.0'), item('6')].map((each) => {
      const { rows } = plain.rows(each) as { rows: readonly OutboundRow[] };
      return rows[0]?.fact;
    });
    expect(facts).toEqual(['S1/S1/i1/5/0', 'S1/S1/i1/5/0', 'S1/S1/i1/6/0']);
  });

  it('cannot be made of a word, nor without a key', () => {
    expect(written(plain, item('"many"'))[0]).toContain('not a number');
    const keyless = outbound(text.replace('{$.id}/{itemId}', '{nope}'));
    expect(written(keyless, item('1'))[0]).toContain('the counts of the row have no key');
  });
});

describe('$delta in a mapping is checked', () => {
  const of = (map: string): string[] => placed(compile(`write: { format: csv }\nfact: "{A}"\nmap: ${map}`).issues);

  it.each([
    ['{ v: { $delta: n } }', '3:11 missing-key'],
    ['{ v: { $per: "{A}" } }', '3:11 missing-key'],
    ['{ v: { $delta: n, $per: "{A}", $as: date } }', '3:34 wrong-value'],
    ['{ v: { $delta: n, $per: "{A}" }, w: { $delta: m, $per: "{B}" } }', '3:52 wrong-value'],
    ['{ v: { $delta: n, $per: "{A" } }', '3:21 bad-template'],
    ['{ v: { $delta: [n], $per: "{A}" } }', '3:18 wrong-type'],
  ])('%s', (map, expected) => {
    expect(of(map).map((place) => place.replace(/:\d+ /, ':· '))).toContain(expected.replace(/:\d+ /, ':· '));
  });

  it('and cannot be used for what is sent', () => {
    const inbound = 'read: { format: csv }\ndocument: { type: order, key: Id }\nmap: { v: { $delta: n, $per: "{A}" } }';
    expect(compile(inbound).issues.length).toBeGreaterThan(0);
  });
});
