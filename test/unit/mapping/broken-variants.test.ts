import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Json, JsonSchema } from '../../../src/core/json.ts';
import { createPayloadCheck, payloadIssues } from '../../../src/mapping/payload/payload-check.ts';
import { createTrace, type Trace } from '../../../src/mapping/payload/trace.ts';
import { repository } from '../../support/dray.ts';
import { donorsAt, leavesOf } from './broken/payloads.ts';
import { rulesOf } from './broken/rules.ts';
import { exampleNow } from './broken/values.ts';
import { brokenVariants } from './broken/variants.ts';

const mappings = join(repository, 'mappings');
const now = (): number => exampleNow;

/** Every schema of a request that is shipped, found on disk: `ctl/order`. */
const schemas = readdirSync(mappings, { recursive: true, encoding: 'utf8' })
  .filter((file) => /^[^/]+\/schemas\/[^/]+\.json$/.test(file))
  .sort()
  .map((file) => {
    const schema = JSON.parse(readFileSync(join(mappings, file), 'utf8')) as JsonSchema;
    return { name: file.replace('/schemas/', '/').replace('.json', ''), schema };
  });

/** As if every value came from a cell of its own: its column is the pointer, its line tells it from the others. */
function traceOf(payloads: readonly Json[]): Trace {
  const trace = createTrace(['given.csv']);
  for (const pointer of new Set(payloads.flatMap((payload) => leavesOf(payload)))) {
    const line = trace.entries.length + 1;
    const text = JSON.stringify(donorsAt(payloads, pointer)[0]);
    const sources = [{ file: 'given.csv', line, column: pointer, text }];
    trace.entries.push({ pointer, value: undefined, sources, steps: [], hasFailed: false });
  }
  return trace;
}

it('finds the schemas', () => {
  expect(schemas.map(({ name }) => name)).toContain('ctl/order');
});

describe('the variants of a schema', () => {
  const tags: JsonSchema = {
    type: 'object',
    properties: { tags: { type: 'array', items: { type: 'string' }, contains: { const: 'a' } } },
  };
  const broken = (schema: JsonSchema, examples: readonly Json[]): Set<string> =>
    new Set(brokenVariants(schema, examples).map(({ rule }) => rule));

  it('lack a rule that no example reaches and that no fuller example does', () => {
    const never: JsonSchema = { type: 'object', properties: { a: { type: 'string', pattern: '^[^a-zA-Z0-9]{9}$' } } };
    expect([...rulesOf(never)]).toEqual(['#/type', '#/properties/a/type', '#/properties/a/pattern']);
    expect([...broken(never, [{}])]).toEqual(['#/type']);
    expect([...broken(never, [{ a: '!!!!!!!!!' }])]).toEqual([...rulesOf(never)]);
  });

  it('are stated by the schema where they cannot be derived', () => {
    const examples = [{ tags: ['a'] }];
    const rule = '#/properties/tags/contains';
    expect(rulesOf(tags)).toContain(rule);
    expect(broken(tags, examples)).not.toContain(rule);
    const stated = { ...tags, 'x-broken': [{ rule, set: { '/tags': ['b'] }, at: '/tags' }] };
    expect(broken(stated, examples)).toContain(rule);
    const errors = createPayloadCheck(stated).errors({ tags: ['b'] }, now) ?? [];
    expect(errors.map(({ keyword }) => keyword)).toContain('contains');
  });
});

describe.each(schemas)('$name', ({ schema }) => {
  const examples = (schema['examples'] ?? []) as readonly Json[];
  const check = createPayloadCheck(schema);
  const variants = brokenVariants(schema, examples);

  it('has examples, and takes each of them', () => {
    expect(examples).not.toEqual([]);
    expect(examples.map((example) => check.errors(example, now))).toEqual(examples.map(() => undefined));
  });

  it('has examples that reach every rule', () => {
    const broken = new Set(variants.map(({ rule }) => rule));
    expect([...rulesOf(schema)].filter((rule) => !broken.has(rule))).toEqual([]);
  });

  it('refuses each example in which one rule is broken, at the value that breaks it', () => {
    const wrong = variants.flatMap(({ rule, keyword, at, payload, example }) => {
      const errors = check.errors(payload, now) ?? [];
      const trace = traceOf([payload, example]);
      const issues = payloadIssues(check, errors, payload, trace, 0);
      const places = issues.map(({ where }) => trace.entries[(where.line ?? 0) - 1]?.pointer ?? '');
      const isFound = places.some((place) => place === at || place.startsWith(`${at}/`));
      const isBroken = errors.some((error) => error.keyword === keyword);
      return isFound && isBroken ? [] : [{ rule, at, errors: errors.map((error) => error.keyword), places }];
    });
    expect(wrong).toEqual([]);
  });
});
