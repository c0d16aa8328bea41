import { describe, expect, it } from 'vitest';
import { checkSettings, parseProvider } from '../../../src/providers/index.ts';
import { define, findings, parse, thing, things } from './support.ts';

describe('parseProvider', () => {
  it('takes a definition without findings', () => {
    const { definition, issues } = parse(thing);
    expect(issues).toEqual([]);
    expect([...(definition?.operations.keys() ?? [])]).toEqual(['thing.create']);
  });

  it('fills in what a definition leaves out', () => {
    const definition = define('summary: s');
    expect(definition.retry).toEqual({ baseMs: 1000, capMs: 60_000, attempts: 8 });
    expect(definition.limits).toMatchObject({ connectMs: 5000, answerMs: 30_000, answerBytes: 10_485_760 });
  });

  it.each([
    ['an unknown key', 'method: PUT', 'metod: PUT', /^provider\.yaml:16:5 unknown-key .*Did you mean "method"/m],
    ['an unknown outcome class', 'class: ACCEPTED', 'class: OKAY', /^provider\.yaml:\d+:\d+ wrong-value .*ACCEPTED/],
    ['a path that is none', 'Items[].Sku', 'Items[.Sku', /^provider\.yaml:\d+:\d+ wrong-value not a path/],
    ['an open brace', '/things/{key}\n    body', '/things/{key\n    body', /bad-template .*Usable here: \{key\}/],
    ['a variable of another place', 'from: "{document.key}"', 'from: "{answer.id}"', /\{answer\} cannot be used here/],
    ['an unknown setting', '{settings.token}', '{settings.tokn}', /unknown-reference .*Did you mean "token"/],
    ['a schema that is not there', 'body: thing.json', 'body: no.json', /^provider\.yaml:\d+:11 missing-file/],
    ['a pattern that is none', '[A-Za-z0-9. _/-]+', '[A-', /wrong-value/],
    ['a repeat without its key', '/things/{key}\n    body', '/things\n    body', /repeat: url without its key/],
    ['a name with spaces', 'thing.create:', 'create thing:', /wrong-value/],
  ])('places %s', (_what, from, to, expected) => {
    const text = thing.replace(from, to);
    expect(text).not.toBe(thing);
    expect(findings(text).join('\n')).toMatch(expected);
  });

  it('keeps secrets out of everything that is stored', () => {
    const text = thing.replace('    body:', '    headers: { X-Other: "{settings.token}" }\n    body:');
    expect(findings(text).join('\n')).toMatch(/secret setting "token" would be stored.*auth\.headers/);
  });

  it('reports an unusable payload schema in its own file', () => {
    const load = (schema: string) =>
      parseProvider(thing, 'provider.yaml', () => ({ text: schema, file: 'thing.json' })).issues[0];
    expect(load('{"type":"object","propertees":{}}')).toMatchObject({
      code: 'bad-schema',
      where: { file: 'thing.json' },
    });
    expect(load('{\n"type": ]}')).toMatchObject({ code: 'bad-json', where: { file: 'thing.json', line: 2 } });
  });

  it('asks for an identity where items have no index', () => {
    expect(findings(things('items: $')).join('\n')).toContain('"identity" is missing in feeds.things');
  });

  it('refuses gap checks that do not ascend', () => {
    const text = things('paging: { index: { parameter: from, field: N, gapChecks: [5m, 1m] } }');
    expect(findings(text).join('\n')).toContain('do not ascend');
  });

  it('refuses two kinds of paging at once', () => {
    const text = things(
      'identity: Id, paging: { index: { parameter: a, field: b }, numberedKey: { parameter: a, key: b, pages: c } }',
    );
    expect(findings(text)).toHaveLength(1);
  });
});

describe('checkSettings', () => {
  const definition = define('summary: s\nsettings: { clientId: { summary: the id } }');

  it('says which settings are missing and which are unknown', () => {
    const issues = checkSettings(definition, { clientid: 'x' }, (name) => ({
      file: 'config.yaml',
      column: name ?? '-',
    }));
    expect(issues).toMatchObject([
      { code: 'unknown-key', where: { column: 'clientid' }, hint: 'Did you mean "clientId"?' },
      { code: 'missing-key', where: { column: '-' } },
    ]);
  });

  it('takes an empty value for a missing one', () => {
    expect(checkSettings(definition, { clientId: '' }, () => ({}))).toHaveLength(1);
    expect(checkSettings(definition, { clientId: 'x' }, () => ({}))).toEqual([]);
  });
});
