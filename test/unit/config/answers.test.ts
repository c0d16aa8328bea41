import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../../src/config/index.ts';
import type { Config } from '../../../src/config/config.ts';
import { acknowledgeOperation, OUR_FILES } from '../../../src/core/acknowledgement.ts';
import { describeConfigIssue } from '../../../src/core/issue.ts';

const INBOUND = '{ folder: erp, pick: in/*.csv, mapping: m.yaml, done: done, failed: failed, ';
const SUBMIT = 'submit: { provider: ctl, operation: order.create }, ';
const OUTBOUND =
  'collect: { provider: ctl, feed: shipments, every: 5m }, mapping: m.yaml, folder: erp, file: "S_{seq:6}.csv"';

function load(flow: string, outbound = ''): ReturnType<typeof parseConfig> {
  const text = `folders: { erp: { path: data } }
providers: { ctl: { definition: p.yaml, baseUrl: sandbox } }
inbound:
  orders: ${INBOUND}${flow} }
outbound:
  shipped: { ${OUTBOUND}${outbound} }
`;
  return parseConfig(text, '/home/acme/config.yaml', { variable: () => undefined, file: () => undefined });
}

function configOf(...flow: Parameters<typeof load>): Config {
  const { config, issues } = load(...flow);
  if (config === undefined) throw new Error(issues.map(describeConfigIssue).join('\n'));
  return config;
}

const findings = (...flow: Parameters<typeof load>): string =>
  load(...flow)
    .issues.map(describeConfigIssue)
    .join('\n');

describe('results', () => {
  test('is a directory, and then all is as it was', () => {
    expect(configOf(`${SUBMIT}results: ./orders/results/`).inbound.get('orders')).toMatchObject({
      results: 'orders/results',
      result: undefined,
      answers: { when: 'always', per: 'document', isReceiptWanted: false },
      acknowledges: [],
    });
  });

  test('says when, per what, in which format, and whether a receipt is wanted', () => {
    const results = '{ in: orders/results/, when: errors, per: line, format: json, received: true }';
    expect(configOf(`${SUBMIT}results: ${results}`).inbound.get('orders')).toMatchObject({
      results: 'orders/results',
      result: 'json',
      answers: { when: 'errors', per: 'line', isReceiptWanted: true },
    });
    expect(configOf(`${SUBMIT}results: { in: r }, result: xlsx`).inbound.get('orders')?.result).toBe('xlsx');
  });

  test.each([
    ['{ when: errors }', '"in" is missing'],
    ['{ in: r, when: sometimes }', 'one of always, errors, never'],
    ['{ in: r, per: row }', 'one of file, document, line'],
    ['{ in: r, wen: never }', 'Did you mean "when"?'],
    ['{ in: ../r }', 'must stay inside the folder'],
    ['{ in: in }', 'is the directory that is picked from'],
    ['{ in: r, format: json }, result: csv', 'the format of result files is said twice'],
    ['7', 'wrong type'],
  ])('%s is refused', (results, what) => {
    expect(findings(`${SUBMIT}results: ${results}`)).toContain(what);
  });
});

describe('acknowledges', () => {
  test('stands in place of submit', () => {
    expect(configOf('results: r, acknowledges: shipped').inbound.get('orders')).toMatchObject({
      provider: OUR_FILES,
      operation: acknowledgeOperation('orders'),
      acknowledges: ['shipped'],
    });
  });

  test.each([
    [`${SUBMIT}results: r, acknowledges: shipped`, 'cannot be set together with the others here'],
    ['results: r', '"submit" is missing'],
    ['results: r, acknowledges: [shipped, shiped]', 'there is no outbound flow "shiped"; Did you mean "shipped"?'],
    ['results: r, acknowledges: []', 'must NOT have fewer than 1 items'],
  ])('%s is refused', (flow, what) => {
    expect(findings(flow).replace('. Did', '; Did')).toContain(what);
  });
});

describe('an outbound flow', () => {
  test('awaits nothing, or what it says', () => {
    expect(configOf(`${SUBMIT}results: r`).outbound.get('shipped')).toMatchObject({
      collectedMs: undefined,
      acknowledgedMs: undefined,
    });
    const awaited = ', collected: { within: 4h }, acknowledged: { within: 1d }';
    expect(configOf('results: r, acknowledges: shipped', awaited).outbound.get('shipped')).toMatchObject({
      collectedMs: 14_400_000,
      acknowledgedMs: 86_400_000,
    });
  });

  test('cannot await acknowledgements that nobody brings', () => {
    const text = findings(`${SUBMIT}results: r`, ', acknowledged: { within: 1d }');
    expect(text).toMatch(/config\.yaml:6:\d+ wrong-value no inbound flow acknowledges files of this flow/);
  });
});
