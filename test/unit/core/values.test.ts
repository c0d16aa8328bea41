import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backoffMs } from '../../../src/core/backoff.ts';
import { parseDuration } from '../../../src/core/duration.ts';
import { Failure, failureCatalogue, isFailure, systemCode, type FailureCode } from '../../../src/core/failure.ts';
import { guardFormula } from '../../../src/core/formula-guard.ts';
import { isJsonObject, isRawNumber, parseExact, rawNumber, scalarText } from '../../../src/core/json.ts';

describe('exact JSON', () => {
  test.each(['9007199254740993', '2.00000000000000000000', '-0', '1E400', '0.1', '123456789012345678901234567890'])(
    'keeps the digits of %s through reading and writing',
    (digits) => {
      expect(JSON.stringify(parseExact(`{"a":[${digits}]}`))).toBe(`{"a":[${digits}]}`);
    },
  );

  test('keeps the digits of any number', () => {
    const number = fc.tuple(fc.bigInt(), fc.stringMatching(/^\d{1,40}$/)).map(([whole, part]) => `${whole}.${part}`);
    fc.assert(fc.property(number, (text) => JSON.stringify(parseExact(text)) === text));
  });

  test('tells numbers, objects and lists apart', () => {
    const raw = parseExact('1');
    expect([isRawNumber(raw), isRawNumber(1), isJsonObject(raw), isJsonObject([]), isJsonObject({})]).toEqual([
      true,
      false,
      false,
      false,
      true,
    ]);
  });

  test('takes a name like __proto__ for a name', () => {
    const value = parseExact('{"__proto__":{"polluted":true}}');
    expect(Object.hasOwn(value as object, '__proto__')).toBe(true);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('gives scalars as text and nothing for the rest', () => {
    expect([scalarText('x'), scalarText(1), scalarText(true), scalarText(rawNumber('1.50'))]).toEqual([
      'x',
      '1',
      'true',
      '1.50',
    ]);
    expect([scalarText(null), scalarText(undefined), scalarText([]), scalarText({})]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('a duration', () => {
  test.each([
    ['250ms', 250],
    ['5s', 5000],
    ['15m', 900_000],
    ['1.5h', 5_400_000],
    ['1.1h', 3_960_000],
    ['1.2345s', 1235],
    ['0.4ms', 0],
    ['1d', 86_400_000],
    ['0s', 0],
  ])('%s is %i ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each(['', '5', 's', '-5s', '5 s', '5S', '1e3s', '.5s', '5s ', '5w', '1h30m', '５s'])('is not %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('the wait after a failure', () => {
  const policy = { baseMs: 1000, capMs: 60_000, attempts: 8 };

  test.each([
    [1, 1000],
    [2, 2000],
    [6, 32_000],
    [7, 60_000],
    [31, 60_000],
    [1_000_000, 60_000],
  ])('after %i failures stays below %i ms', (failures, bound) => {
    expect(backoffMs(policy, failures, () => 0)).toBe(0);
    expect(backoffMs(policy, failures, () => 0.5)).toBe(bound / 2);
    expect(backoffMs(policy, failures, () => 1 - Number.EPSILON)).toBeLessThanOrEqual(bound);
  });
});

describe('a cell of a file that people open', () => {
  test.each(['=1+1', '+49 30 1234', '-1+1', '@SUM(A1)', '\t=1', '\r=1', '-', '--5', '-5 apples'])(
    'that would start a formula gets an apostrophe: %j',
    (text) => {
      expect(guardFormula(text)).toBe(`'${text}`);
    },
  );

  test.each(['', '5', '-5', '-5.25', 'a=1', ' =1', "'=1", '0-5', 'SO-1', '-1e5', '-rf.csv', '-A1'])(
    'stays as it is: %j',
    (text) => {
      expect(guardFormula(text)).toBe(text);
    },
  );
});

describe('a failure', () => {
  test.each(Object.keys(failureCatalogue) as FailureCode[])(
    '%s has the kind and the words of the catalogue',
    (code) => {
      const failure = new Failure(code, 'detail', { cause: new Error('cause') });
      const { kind, what } = failureCatalogue[code];
      expect(failure).toMatchObject({ code, kind, message: `${what}: detail`, name: 'Failure' });
      expect(isFailure(failure, code)).toBe(true);
      expect(isFailure(new Error(code), code)).toBe(false);
    },
  );

  test('passes the code of the system on, and only a code', () => {
    expect(systemCode(Object.assign(new Error('x'), { code: 'ENOENT' }))).toBe('ENOENT');
    expect(systemCode(Object.assign(new Error('x'), { code: 5 }))).toBeUndefined();
    expect(systemCode('ENOENT')).toBeUndefined();
  });
});
