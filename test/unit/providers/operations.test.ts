import { describe, expect, it } from 'vitest';
import { checkSettings } from '../../../src/providers/index.ts';
import { answer, define, findings, open, operationOf, parseWith, serve, thing } from './support.ts';

const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['requestType', 'idempotencyKey', 'name'],
  properties: {
    idempotencyKey: { type: 'string', format: 'uuid' },
    requestType: { enum: ['OUTBOUND', 'RETURN'] },
    name: { type: 'string' },
    carrier: { type: 'string' },
    reason: { type: 'string' },
  },
  // As text: linters take an object with `then` for something to wait for.
  allOf: JSON.parse(`[
    { "if": { "properties": { "requestType": { "const": "OUTBOUND" } } }, "then": { "required": ["carrier"] } },
    { "if": { "properties": { "requestType": { "const": "RETURN" } } }, "then": { "required": ["reason"] } }
  ]`) as unknown,
};
const files = { 'thing.json': JSON.stringify(schema) };
const setting = thing.replace(
  '    reference:',
  '    set: { idempotencyKey: "{key.uuid}", requestType: OUTBOUND }\n    reference:',
);

function operationWith(text: string, url = 'http://127.0.0.1:9', name = 'test') {
  const { definition, issues } = parseWith(text, files);
  if (definition === undefined) throw new Error(JSON.stringify(issues));
  return { operation: operationOf(open(definition, url, { name }), 'thing.create'), definition };
}

describe('fields that are set', () => {
  it('stand in what is sent, the same on every attempt and another for every key', () => {
    const bodies = ['T-1', 'T-1', 'T-2'].map((key) => operationWith(setting).operation.freeze(key, { name: 'x' }).body);
    expect(JSON.parse(bodies[0] ?? '')).toEqual({
      name: 'x',
      requestType: 'OUTBOUND',
      idempotencyKey: expect.stringMatching(
        /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      ) as string,
    });
    expect(bodies[1]).toBe(bodies[0]);
    expect(bodies[2]).not.toBe(bodies[0]);
  });

  it('are other ones at another provider', () => {
    const [a, b] = ['one', 'two'].map((name) => operationWith(setting, undefined, name).operation.freeze('T', {}).body);
    expect(a).not.toBe(b);
  });

  it('are neither asked for nor allowed in a mapping, and conditions on them hold or fall with their text', () => {
    const [outbound, other] = (operationWith(setting).operation.schema?.['allOf'] ?? []) as unknown[];
    expect(operationWith(setting).operation.schema).toMatchObject({ required: ['name'], additionalProperties: false });
    expect(Object.keys(operationWith(setting).operation.schema?.['properties'] ?? {})).toEqual([
      'name',
      'carrier',
      'reason',
    ]);
    expect(JSON.stringify(outbound)).toBe('{"if":{"properties":{}},"then":{"required":["carrier"]}}');
    expect(JSON.stringify(other)).toBe('{"if":false,"then":{"required":["reason"]}}');
  });

  it('are forbidden to mappings of open schemas too', () => {
    const open_ = { 'thing.json': JSON.stringify({ ...schema, additionalProperties: true }) };
    const { definition } = parseWith(setting, open_);
    expect(definition?.operations.get('thing.create')?.schema).toMatchObject({ properties: { requestType: false } });
  });

  it('refuse the document where they lack a value', () => {
    const { operation } = operationWith(setting.replace('requestType: OUTBOUND', 'carrier: "{payload.reason}"'));
    expect(operation.key('T', {})).toMatchObject({ issue: { what: expect.anything() as unknown } });
    expect(operation.key('T', { reason: 'x' })).toEqual({ key: 'T' });
  });

  it('go into headers as well', () => {
    const text = thing.replace('    repeat: url', '    headers: { idempotency-key: "{key.uuid}" }\n    repeat: header');
    const { operation } = operationWith(text);
    expect(operation.freeze('T', {}).headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
    expect(operation.freeze('T', {}).headers).toEqual(operation.freeze('T', {}).headers);
  });

  it.each([
    [
      'a field the schema does not have',
      'requestType: OUTBOUND',
      'requestTyp: OUTBOUND',
      /:\d+:\d+ unknown-reference .*no field "requestTyp".*Did you mean "requestType"/,
    ],
    [
      'a text the schema refuses',
      'requestType: OUTBOUND',
      'name: "{document.key}"',
      /\{document\.key\} cannot be used here/,
    ],
  ])('are told when they are %s', (_what, from, to, expected) => {
    expect(findings(setting.replace(from, to), files).join('\n')).toMatch(expected);
  });

  it('are told when the schema refuses their text', () => {
    const strict = {
      'thing.json': JSON.stringify({
        ...schema,
        properties: { ...schema.properties, requestType: { const: 'RETURN' } },
      }),
    };
    expect(findings(setting, strict).join('\n')).toMatch(
      /wrong-value the schema of the body refuses a text that is set/,
    );
  });
});

describe('outcome rules', () => {
  const replayed = thing.replace(
    '  - { status: 201, class: ACCEPTED }',
    '  - { status: 201, headers: { Idempotent-Replayed: ["true", "yes"] }, class: ALREADY_EXISTS }\n  - { status: 201, class: ACCEPTED }',
  );

  it.each([
    [{ 'idempotent-replayed': 'true' }, 'ALREADY_EXISTS'],
    [{ 'idempotent-replayed': 'false' }, 'ACCEPTED'],
    [{}, 'ACCEPTED'],
  ] as const)('tell outcomes apart by headers: %j', async (headers, expected) => {
    const { url } = await serve(answer(201, '', headers));
    const { operation } = operationWith(replayed, url);
    expect(await operation.send(operation.freeze('T', {}))).toMatchObject({ class: expected });
  });
});

describe('references', () => {
  it.each([
    [{ id: 7, other: 'x' }, '7'],
    [{ other: 'x' }, 'x'],
    [{}, 'T'],
  ])('are the first of a list that has a value: %j', async (body, expected) => {
    const { url } = await serve(answer(201, body));
    const { operation } = operationWith(
      thing.replace('reference: "{key}"', 'reference: ["{answer.id}", "{answer.other}", "{key}"]'),
      url,
    );
    expect(await operation.send(operation.freeze('T', {}))).toMatchObject({ reference: expected });
  });

  it('know the key that stands nowhere in the request', async () => {
    const { url } = await serve(answer(201, '{}'));
    const text = thing
      .replace('path: /things/{key}\n    body', 'path: /things\n    body')
      .replace('repeat: url', 'repeat: body');
    const { operation } = operationWith(text, url);
    expect(await operation.send(operation.freeze('T', {}), undefined, 'T')).toMatchObject({ reference: 'T' });
  });
});

describe('settings with a list of values', () => {
  const text = thing.replace('settings:\n', 'settings:\n  region: { summary: where, enum: [eu, us], default: eu }\n');

  it('are held to it', () => {
    const place = (name?: string) => ({ file: 'config.yaml', column: name ?? '-' });
    expect(checkSettings(define(text), { region: 'us' }, place)).toEqual([]);
    expect(checkSettings(define(text), { region: 'usa' }, place)).toMatchObject([
      { code: 'wrong-value', where: { column: 'region' }, expected: 'one of eu, us', hint: 'Did you mean "us"?' },
    ]);
    expect(() => open(text, 'http://127.0.0.1:9', { settings: { region: 'usa' } })).toThrow('not allowed: region');
  });

  it('have a default of it', () => {
    expect(findings(text.replace('default: eu', 'default: asia')).join('\n')).toMatch(
      /provider\.yaml:\d+:\d+ wrong-value the default of "region"/,
    );
  });
});

describe('revisions', () => {
  it('are none unless a definition says so', () => {
    const each = thing.replace('    repeat: url', '    repeat: url\n    revisions: each');
    expect([thing, each].map((text) => operationWith(text).operation.revisions)).toEqual(['none', 'each']);
  });

  it.each(['header', 'body'])('cannot go with a key that the provider knows again: %s', (repeat) => {
    const text = thing.replace(
      '    repeat: url',
      `    headers: { key: "{key}" }\n    repeat: ${repeat}\n    revisions: each`,
    );
    expect(findings(text).join('\n')).toMatch(/wrong-value revisions: each with repeat/);
  });

  it('cannot go with a body in which the key is set', () => {
    const text = thing.replace(
      '    repeat: url',
      '    set: { id: "{key.uuid}" }\n    repeat: body\n    revisions: each',
    );
    expect(findings(text).join('\n')).toMatch(/wrong-value revisions: each with repeat: body/);
  });

  it.each(['each', 'always'])('may go with a body without a key of its own, which only updates: %s', (revisions) => {
    const text = thing.replace('    repeat: url', `    repeat: body\n    revisions: ${revisions}`);
    expect(findings(text)).toEqual([]);
    expect(operationWith(text).operation.revisions).toBe(revisions);
  });
});
