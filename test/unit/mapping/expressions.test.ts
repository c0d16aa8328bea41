import { describe, expect, it } from 'vitest';
import { bind, buildOne, buildTree, described, inbound, json, mappingText, schemaOf, sheet } from './support.ts';

const answer = async (expression: string, text = 'Id,A,B\n1,3,4'): Promise<string> => {
  const document = await buildOne(`v: { $expr: '${expression.replaceAll("'", "''")}' }`, text);
  return document.payload === undefined ? (described(document)[0] ?? '') : json(document);
};

describe('$expr', () => {
  it('computes over the record by column names', async () => {
    expect(await answer('$number(A) * $number(B)')).toBe('{"v":"12"}');
    expect(await answer('$document.key & "/" & A')).toBe('{"v":"1/3"}');
  });

  it('computes for each element with the element as input', async () => {
    const schema = schemaOf({ items: { type: 'array', items: schemaOf({ total: { type: 'number' } }) } });
    const document = await buildOne(
      'items: { $each: lines, total: { $expr: "$number(Q) * $number(P)" } }',
      'Id,Q,P\n1,3,0.1\n1,2,1.5',
      schema,
    );
    expect(json(document)).toBe('{"items":[{"total":0.3},{"total":3}]}');
  });

  it('may answer objects and lists', async () => {
    expect(await answer('{ "a": A, "b": [B, A] }')).toBe('{"v":{"a":"3","b":["4","3"]}}');
  });

  it('may be followed by steps, and is absent when it answers nothing', async () => {
    expect(json(await buildOne('v: { $expr: A, $padStart: [3, "0"] }', 'Id,A\n1,7'))).toBe('{"v":"007"}');
    expect(json(await buildOne('v: { $expr: Missing, $default: none }', 'Id,A\n1,7'))).toBe('{"v":"none"}');
  });

  it('makes only its own mapping asynchronous', async () => {
    const plain = bind(inbound(mappingText('v: A')), { '': sheet('Id,A\n') });
    const asking = bind(inbound(mappingText('v: { $expr: A }')), { '': sheet('Id,A\n') });
    expect([plain.isAsync, asking.isAsync]).toEqual([false, true]);
    expect(plain.build(sheet('Id,A\n1,x').records)).not.toBeInstanceOf(Promise);
    expect(await asking.build(sheet('Id,A\n1,x').records)).toMatchObject({ payload: { v: 'x' } });
  });

  it('works on trees', async () => {
    expect(json(await buildTree('v: { $expr: "$sum(lines.q)" }', { id: '1', lines: [{ q: 1 }, { q: 2 }] }))).toBe(
      '{"v":"3"}',
    );
  });

  it('reports what it failed on at its document', async () => {
    expect(await answer('$number("x")')).toContain('orders.csv line 2: the expression of the mapping failed');
  });

  it.each([
    ['$eval("1")', 'not available'],
    ['$now()', 'not available'],
    ['$millis()', 'not available'],
    ['$random()', 'not available'],
    ['($f := function($n) { $f($n + 1) + 1 }; $f(1))', 'Stack overflow'],
    ['($f := function($n) { $f($n + 1) }; $f(1))', 'timeout'],
    ['[1..100000]', 'failed'],
    ['function($x) { $x }', 'function'],
    ['1/0', 'failed'],
    ['{ "__proto__": 1 }', 'failed'],
  ])('is bounded: %s', async (expression, what) => {
    expect(await answer(expression)).toContain(what);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('cannot climb out through constructors', async () => {
    for (const expression of [
      'A.constructor',
      '$.constructor.constructor("return process")()',
      '$string.constructor',
    ]) {
      expect(await answer(expression)).not.toContain('process');
    }
  });
});
