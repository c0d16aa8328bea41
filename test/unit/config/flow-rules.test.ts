import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../../src/config/index.ts';
import type { InboundConfig } from '../../../src/config/config.ts';
import { describeConfigIssue } from '../../../src/core/issue.ts';

function load(rules: string): ReturnType<typeof parseConfig> {
  const text = `folders: { erp: { path: data } }
providers: { ctl: { definition: p.yaml, baseUrl: sandbox } }
inbound:
  orders:
    folder: erp
    pick: in/*.csv
    mapping: order.yaml
    submit: { provider: ctl, operation: order.create }
    done: done
    failed: failed
    results: results
    ${rules}
`;
  return parseConfig(text, '/home/acme/config.yaml', { variable: () => undefined, file: () => undefined });
}

function flowOf(rules: string): InboundConfig | undefined {
  const { config, issues } = load(rules);
  if (config === undefined) throw new Error(issues.map(describeConfigIssue).join('\n'));
  return config.inbound.get('orders');
}

describe('sequence', () => {
  test('has defaults that lose nothing: gaps wait, duplicates are refused', () => {
    expect(flowOf('sequence: { in: "ORD_{seq}.csv" }')?.sequence).toEqual({
      in: 'ORD_{seq}.csv',
      gap: 'wait',
      forMs: 7_200_000,
      duplicate: 'refuse',
      first: 1,
      max: undefined,
    });
  });

  test('says everything else when asked to', () => {
    const rule = '{ in: file.FileNo, gap: warn, for: 15m, duplicate: warn, first: 0, max: 9999 }';
    expect(flowOf(`sequence: ${rule}`)?.sequence).toEqual({
      in: 'file.FileNo',
      gap: 'warn',
      forMs: 900_000,
      duplicate: 'warn',
      first: 0,
      max: 9999,
    });
  });

  test.each([
    ['{ in: "" }', 'sequence.in'],
    ['{ }', '"in" is missing'],
    ['{ in: "ORD_{no}.csv" }', 'not a file name with one {seq}'],
    ['{ in: "ORD_{seq}_{seq}.csv" }', 'not a file name with one {seq}'],
    ['{ in: "in/ORD_{seq}.csv" }', 'not a file name with one {seq}'],
    ['{ in: "ORD_*.csv" }', 'not a file name with one {seq}'],
    ['{ in: No, gap: skip }', 'one of wait, warn, accept'],
    ['{ in: No, for: long }', 'sequence.for'],
    ['{ in: No, max: 1 }', 'must be greater than "first"'],
    ['{ in: No, first: 5, max: 5 }', 'must be greater than "first"'],
    ['{ in: No, maxi: 5 }', 'Did you mean "max"?'],
  ])('%s is refused', (rule, told) => {
    const { config, issues } = load(`sequence: ${rule}`);
    expect(config).toBeUndefined();
    expect(issues.map(describeConfigIssue).join('\n')).toContain(told);
  });
});

describe('expect', () => {
  test('is every day and without grace unless it says otherwise', () => {
    expect(flowOf('expect: { by: 06:00, zone: Europe/Berlin }')?.expect).toEqual({
      by: [360],
      zone: 'Europe/Berlin',
      days: [0, 1, 2, 3, 4, 5, 6],
      except: [],
      graceMs: 0,
    });
  });

  test.each([
    ['Mon-Fri', [1, 2, 3, 4, 5]],
    ['mon, WED ,sat', [1, 3, 6]],
    ['Fri-Mon', [0, 1, 5, 6]],
    ['Sun', [0]],
    ['Mon-Wed,Fri-Sat', [1, 2, 3, 5, 6]],
  ])('reads the days of %s', (calendar, days) => {
    expect(flowOf(`expect: { by: "06:00", zone: UTC, calendar: "${calendar}" }`)?.expect?.days).toEqual(days);
  });

  test('takes several times, dates, holidays and a grace', () => {
    const rule = '{ by: ["18:30", "06:00"], zone: UTC, calendar: [2026-05-29], except: ["2026-12-25"], grace: 10m }';
    expect(flowOf(`expect: ${rule}`)?.expect).toMatchObject({
      by: [360, 1110],
      days: ['2026-05-29'],
      except: ['2026-12-25'],
      graceMs: 600_000,
    });
  });

  test.each([
    ['{ by: "06:00" }', '"zone" is missing'],
    ['{ by: 0600, zone: UTC }', 'wrong-type'],
    ['{ by: "6:00", zone: UTC }', 'not a time of day; expected one such as "06:00"'],
    ['{ by: "24:00", zone: UTC }', 'not a time of day'],
    ['{ by: ["06:00", "06:00"], zone: UTC }', 'the same time twice'],
    ['{ by: [], zone: UTC }', 'wrong-value'],
    ['{ by: "06:00", zone: Berlin }', 'not a time zone'],
    ['{ by: "06:00", zone: Europe/Atlantis }', 'not a time zone'],
    ['{ by: "06:00", zone: "+02:00" }', 'not a time zone'],
    ['{ by: "06:00", zone: UTC, calendar: weekdays }', 'no days of the week'],
    ['{ by: "06:00", zone: UTC, calendar: Mon-Wed-Fri }', 'no days of the week'],
    ['{ by: "06:00", zone: UTC, calendar: [2026-02-30] }', 'no such date'],
    ['{ by: "06:00", zone: UTC, except: ["25.12.2026"] }', 'no such date; expected one such as 2026-12-24'],
    ['{ by: "06:00", zone: UTC, grace: 10 }', 'wrong-type'],
  ])('%s is refused', (rule, told) => {
    const { config, issues } = load(`expect: ${rule}`);
    expect(config).toBeUndefined();
    expect(issues.map(describeConfigIssue).join('\n')).toContain(told);
  });
});
