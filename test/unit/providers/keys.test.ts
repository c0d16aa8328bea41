import { describe, expect, it } from 'vitest';
import { rawNumber, type Json } from '../../../src/core/json.ts';
import { phraseText } from '../../../src/core/text.ts';
import { loadShipped, open, operationOf, thing } from './support.ts';

const nowhere = 'http://127.0.0.1:1';
const thingOperation = () => operationOf(open(thing, nowhere), 'thing.create');
const keyOf = (documentKey: string, payload: Json = {}) => thingOperation().key(documentKey, payload);

const brokenRule = (made: ReturnType<typeof keyOf>): string =>
  'issue' in made ? phraseText(made.issue.what ?? ['']) : 'taken';

describe('keys', () => {
  it('makes a key from the document', () => {
    expect(keyOf('SO-1')).toEqual({ key: 'SO-1' });
  });

  it.each([
    ['too long', 'x'.repeat(21), 'too long'],
    ['outside the pattern', 'SO#1', 'does not take'],
    ['empty', '', 'lacks a value'],
    ['one dot', '.', 'part of an address'],
    ['two dots', '..', 'part of an address'],
    ['dots behind a slash', 'a/../b', 'part of an address'],
    ['a line end', 'SO\r\n1', 'cannot be sent'],
    ['half a character', 'SO\ud800', 'cannot be sent'],
  ])('refuses a key that is %s', (_what, key, what) => {
    expect(brokenRule(keyOf(key))).toContain(what);
  });

  it('refuses a key that its header cannot carry', () => {
    const text = thing
      .replace('    body:', '    headers: { Idempotency-Key: "{key}" }\n    body:')
      .replace('A-Za', 'Ā-ſA-Za');
    expect(brokenRule(operationOf(open(text, nowhere), 'thing.create').key('Ř1', {}))).toContain('idempotency-key');
  });

  it('percent-encodes the key into the address', () => {
    expect(thingOperation().freeze('a b/c', {}).path).toBe('/things/a%20b%2Fc');
  });

  const productChange = () =>
    operationOf(open(loadShipped('ctl'), nowhere, { settings: { clientId: 'c', userId: 'u' } }), 'product.upsert');

  it('makes the same key for the same content, however its properties are ordered', () => {
    const change = productChange();
    const key = change.key('SKU-1', { ProductId: 'SKU-1', Description: 'a' });
    expect(key).toEqual(change.key('SKU-1', { Description: 'a', ProductId: 'SKU-1' }));
    expect(key).toMatchObject({ key: expect.stringMatching(/^SKU-1-[0-9a-f]{8}$/) as string });
  });

  it('makes another key for other content', () => {
    const change = productChange();
    const key = change.key('SKU-1', { ProductId: 'SKU-1', Description: 'a' });
    expect(key).not.toEqual(change.key('SKU-1', { ProductId: 'SKU-1', Description: 'b' }));
  });
});

describe('freeze', () => {
  it('writes numbers digit by digit', () => {
    const { body } = thingOperation().freeze('T', {
      Quantity: rawNumber('2.00000000000000000000'),
      N: rawNumber('9007199254740993'),
    });
    expect(body).toBe('{"Quantity":2.00000000000000000000,"N":9007199254740993}');
  });

  it('holds no secret', () => {
    expect(JSON.stringify(thingOperation().freeze('T', {}))).not.toContain('canary');
  });
});
