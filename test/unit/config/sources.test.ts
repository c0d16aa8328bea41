import { describe, expect, test } from 'vitest';
import { parseConfig, type LoadedConfig } from '../../../src/config/index.ts';
import { describeConfigIssue } from '../../../src/core/issue.ts';

const FILED = { done: 'orders/done', failed: 'orders/failed' };

/** A configuration with these inbound flows; each picks orders from one directory unless it says otherwise. */
function load(...flows: readonly object[]): LoadedConfig {
  const inbound = Object.fromEntries(
    flows.map((flow, index) => [
      `flow-${index + 1}`,
      {
        folder: 'erp',
        pick: index === 0 ? 'in/*.csv' : 'in/*.xml',
        mapping: 'order.yaml',
        submit: { provider: 'ctl', operation: 'order.create' },
        results: 'results',
        ...flow,
      },
    ]),
  );
  const config = {
    folders: { erp: { path: 'erp' } },
    providers: { ctl: { definition: 'ctl.yaml', baseUrl: 'sandbox' } },
    inbound,
  };
  return parseConfig(JSON.stringify(config), 'config.yaml', { variable: () => undefined, file: () => undefined });
}

const findings = (...flows: readonly object[]): string[] => load(...flows).issues.map(describeConfigIssue);

describe('what becomes of an original', () => {
  test('is to be moved unless the flow says otherwise', () => {
    expect(load(FILED).config?.inbound.get('flow-1')).toMatchObject({ original: 'move', ...FILED, marker: undefined });
  });

  test('decides which directories are needed', () => {
    expect(load({ original: 'leave' }).config?.inbound.get('flow-1')).toMatchObject({
      original: 'leave',
      done: '',
      failed: '',
    });
    expect(load({ original: 'delete', failed: 'f' }).config?.inbound.get('flow-1')).toMatchObject({ done: '' });
    expect(findings({}).join('\n')).toMatch(/"failed" is missing[^]*"done" is missing/);
    expect(findings({ original: 'move' })).toHaveLength(2);
    expect(findings({ original: 'delete' })).toEqual([expect.stringContaining('"failed" is missing')]);
  });

  test('contradicts a directory that nothing goes to', () => {
    expect(findings({ original: 'leave', ...FILED })).toEqual([
      expect.stringMatching(/wrong-value nothing goes there: originals stay where they are\. Take it out/),
      expect.stringMatching(/wrong-value nothing goes there: originals stay where they are/),
    ]);
    const deleting = load({ original: 'delete', ...FILED });
    expect(deleting.config).toBeDefined();
    expect(deleting.issues.map(describeConfigIssue)).toEqual([expect.stringContaining('originals are deleted')]);
  });

  test('is the same for all flows of one directory', () => {
    expect(findings(FILED, { original: 'leave' })).toEqual([
      expect.stringMatching(/flow "flow-1" picks from the same directory, and there originals are to be moved away/),
    ]);
    expect(findings(FILED, { original: 'leave', pick: 'elsewhere/*.csv' })).toEqual([]);
    expect(findings({ original: 'leave' }, { original: 'leave' })).toEqual([]);
  });

  test('of a flow that picks from its folder itself is no directory of its own', () => {
    expect(findings({ original: 'leave', pick: '*.csv' })).toEqual([]);
  });
});

describe('a marker', () => {
  test.each(['{name}.ok', '{stem}.done', 'OK_{name}', '{stem}.csv.trg'])('may be %s', (marker) => {
    expect(findings({ ...FILED, marker })).toEqual([]);
  });

  test.each(['ready', '{file}.ok', '{name}{stem}', 'ok/{name}', '{name}.{seq}'])('may not be %s', (marker) => {
    expect(findings({ ...FILED, marker })).toEqual([
      expect.stringMatching(/wrong-value not the name of a marker: it has to hold \{name\} or \{stem\}/),
    ]);
  });

  test.each([
    ['{name}', 'in/*.csv'],
    ['{stem}.csv', 'in/*.csv'],
    ['{stem}.csv', 'in/ORD_[0-9]*.csv'],
    ['{stem}.csv', 'in/orders.{csv,txt}'],
    ['{stem}.csv', 'in/orders.csv'],
    ['{stem}.CSV', 'in/*.csv'],
  ])('%s is no file that %s picks', (marker, pick) => {
    expect(findings({ ...FILED, marker, pick })).toEqual([
      expect.stringContaining('the marker of a file would be the file itself'),
    ]);
  });

  test.each([
    ['{stem}', 'in/*.csv'],
    ['{name}.csv', 'in/*.csv'],
    ['{stem}_ok.csv', 'in/*_ok.csv'],
    ['OK_{name}', 'in/OK_*'],
  ])('%s makes a marker of every file that %s picks', (marker, pick) => {
    expect(findings({ ...FILED, marker, pick })).toEqual([
      expect.stringMatching(/wrong-value every file that pick fits would be a marker by its name/),
    ]);
  });

  test.each([
    ['{stem}_ok.csv', 'in/*.csv'],
    ['a{name}', 'in/*.csv'],
    ['{stem}z.csv', 'in/*.csv'],
  ])('%s leaves other files that %s picks', (marker, pick) => {
    expect(findings({ ...FILED, marker, pick })).toEqual([]);
  });

  test.each(['{name}.lock', '.{name}', '{name}.tmp'])('%s would not be seen', (marker) => {
    expect(findings({ ...FILED, marker })).toEqual([expect.stringContaining('temporary ones')]);
  });

  test('is no drop of another flow', () => {
    const [first, second] = [
      { ...FILED, marker: '{stem}.xml' },
      { ...FILED, pick: 'in/*.xml' },
    ];
    expect(findings(first, second)).toEqual([expect.stringContaining('flow "flow-2" picks files of this name')]);
    expect(findings(first, { ...second, pick: 'elsewhere/*.xml' })).toEqual([]);
    expect(findings(first, { ...second, pick: 'in/*.txt' })).toEqual([]);
  });
});
