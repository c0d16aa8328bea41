import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isFailure } from '../../../src/core/failure.ts';
import { requestHash } from '../../../src/ledger/request-hash.ts';
import { asFailure } from '../../../src/ledger/sqlite/failures.ts';
import { isBehind, sortableIndex } from '../../../src/ledger/stream-index.ts';
import { fromBytes, restored, storable, toBytes } from '../../../src/ledger/text.ts';

describe('texts of the ledger', () => {
  test('come back exactly and stay apart, whatever characters they hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(restored(storable(a))).toBe(a);
        expect(storable(a) === storable(b)).toBe(a === b);
      }),
    );
    for (const text of ['\ud800', '\0', '"', '"a"', '']) {
      expect(restored(storable(text))).toBe(text);
      expect(storable(text).isWellFormed() && !storable(text).includes('\0')).toBe(true);
    }
  });

  test('keep every well-formed body, a byte order mark at its start included', () => {
    for (const body of ['\ufeff{"a":1}', 'a\0b', '\u{1f600}']) expect(fromBytes(toBytes(body))).toBe(body);
  });
});

describe('indexes of a stream', () => {
  test('are in the order of their numbers when they are in the order of their sortable form', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (a, b) => {
        expect(sortableIndex(String(a)) < sortableIndex(String(b))).toBe(a < b);
        expect(isBehind(String(a), String(b))).toBe(a < b);
      }),
    );
  });

  test('ignore leading zeros and never call an opaque cursor late', () => {
    expect(isBehind('007', '7')).toBe(false);
    expect(isBehind('abc', '7')).toBe(false);
    expect(isBehind('9'.repeat(25), `1${'0'.repeat(25)}`)).toBe(true);
  });
});

describe('the hash of a request', () => {
  const request = { method: 'POST', path: '/a', headers: { a: '1', b: '2' }, body: '{}' };

  test('is the same whatever the order of its headers', () => {
    expect(requestHash({ ...request, headers: { b: '2', a: '1' } })).toBe(requestHash(request));
    expect(requestHash(request)).toMatch(/^[0-9a-f]{64}$/);
  });

  test('differs with each of its parts', () => {
    const others = [
      { method: 'PUT' },
      { path: '/b' },
      { headers: { a: '1' } },
      { body: '' },
      { path: '/a\n[]', headers: {} },
    ];
    const hashes = [request, ...others.map((change) => ({ ...request, ...change }))].map((one) => requestHash(one));
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

describe('errors of SQLite', () => {
  test.each([
    [5, 'ledger-locked'],
    [261, 'ledger-locked'],
    [8, 'ledger-unreachable'],
    [14, 'ledger-unreachable'],
    [11, 'ledger-damaged'],
    [26, 'ledger-damaged'],
    [13, 'disk-full'],
    [10, 'disk-error'],
    [778, 'disk-error'],
    [1034, 'disk-error'],
  ] as const)('with code %i are the failure %s and keep their cause', (errcode, code) => {
    const cause = Object.assign(new Error('from SQLite'), { errcode });
    const failure = asFailure(cause, 'dray.db');
    expect(isFailure(failure, code)).toBe(true);
    expect(failure).toMatchObject({ cause });
  });

  test('that show a defect of ours come through as they are', () => {
    const constraint = Object.assign(new Error('UNIQUE constraint failed'), { errcode: 2067 });
    expect(asFailure(constraint, 'dray.db')).toBe(constraint);
  });
});
