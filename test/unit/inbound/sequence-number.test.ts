import { describe, expect, test } from 'vitest';
import type { SequenceRule } from '../../../src/core/flow-rules.ts';
import { phraseText } from '../../../src/core/text.ts';
import {
  distance,
  missingText,
  nameReader,
  nextPosition,
  positionBefore,
  positionOf,
} from '../../../src/inbound/expect/sequence-number.ts';

const rule: SequenceRule = {
  in: 'ORD_{seq}.csv',
  gap: 'wait',
  forMs: 0,
  duplicate: 'refuse',
  first: 1,
  max: undefined,
};
const rolling = { first: 1, max: 9999 };
const endless = { first: 1, max: undefined };
const at = (number: number, cycle = 0): { cycle: number; number: number } => ({ cycle, number });

describe('the number in a name', () => {
  test.each([
    ['ORD_{seq}.csv', 'ORD_0005.csv', 5],
    ['ORD_{seq}.csv', 'ord_5.CSV', 5],
    ['ORD_{seq}.csv', 'ORD_.csv', undefined],
    ['ORD_{seq}.csv', 'ORD_5.csv.bak', undefined],
    ['ORD_{seq}.csv', 'XORD_5.csv', undefined],
    ['ORD_{seq}.csv', 'ORD_5.rejected.csv', undefined],
    ['ORD_{seq}.csv', 'ORDx5_csv', undefined],
    ['ORD_{seq}.csv', `ORD_${'9'.repeat(40)}.csv`, undefined],
    ['*_{seq}.csv', 'ORD_20260504_0017.csv', 17],
    ['ORD_{seq}_*.csv', 'ORD_0017_20260504.csv', 17],
    // Digits beside a wildcard all belong to the number.
    ['*{seq}.csv', 'ORD0017.csv', 17],
    ['{seq}*.csv', '0017-A.csv', 17],
    ['O+({seq}).csv', 'O+(3).csv', 3],
    // Digits of another script are none.
    ['ORD_{seq}.csv', 'ORD_５.csv', undefined],
  ])('%s of %s is %s', (pattern, name, expected) => {
    expect(nameReader({ ...rule, in: pattern })(name)).toBe(expected);
  });

  test('lies inside its range', () => {
    const read = nameReader({ ...rule, ...rolling });
    expect(['ORD_0.csv', 'ORD_1.csv', 'ORD_9999.csv', 'ORD_10000.csv'].map(read)).toEqual([
      undefined,
      1,
      9999,
      undefined,
    ]);
  });
});

describe('a sequence that begins anew', () => {
  test.each([
    [9999, at(1, 1), 1],
    [9998, at(9999), 1],
    [9990, at(3, 1), 12],
    [3, at(9999, -1), -3],
    [5, at(5), 0],
    [5, at(4), -1],
  ])('after %i: %j is %i ahead', (last, position, ahead) => {
    expect(positionOf(position.number, at(last), rolling)).toEqual(position);
    expect(distance(at(last), position, rolling)).toBe(ahead);
  });

  test('goes on with its first number', () => {
    expect(nextPosition(at(9999, 2), rolling)).toEqual(at(1, 3));
    expect(nextPosition(at(9999), endless)).toEqual(at(10_000));
    expect(nextPosition(at(9), { first: 0, max: 9 })).toEqual(at(0, 1));
  });
});

test.each([
  [at(5), at(7), endless, '6'],
  [at(5), at(8), endless, '6 and 7'],
  [at(5), at(20), endless, '6 to 19'],
  [at(9998), at(1, 1), rolling, '9999'],
  [at(9998), at(2, 1), rolling, '9999 and 1'],
])('between %j and %j are missing %s', (last, to, range, expected) => {
  expect(phraseText(missingText(last, to, range))).toBe(expected);
});

describe('a person who says what comes next', () => {
  test('goes on without what is missing, or begins anew', () => {
    expect(positionBefore(8, at(5), endless)).toEqual(at(7));
    expect(positionBefore(1, at(500), endless)).toEqual(at(0, 1));
    expect(positionBefore(17, undefined, endless)).toEqual(at(16));
    expect(positionBefore(2, at(9999), rolling)).toEqual(at(1, 1));
    // What came before comes again: that is another cycle.
    expect(positionBefore(5, at(5), endless)).toEqual(at(4, 1));
  });
});
