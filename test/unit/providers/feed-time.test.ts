import { expect, it } from 'vitest';
import { parseExact } from '../../../src/core/json.ts';
import { readTime, writeTime } from '../../../src/providers/feed/feed-time.ts';

const noon = Date.UTC(2026, 4, 4, 12);

it.each([
  ['"2026-05-04T12:00:00Z"', noon],
  ['"2026-05-04T14:00:00+02:00"', noon],
  ['"2026-05-04T14:00:00+0200"', noon],
  ['"2026-05-04 12:00:00"', noon],
  ['"2026-05-04T12:00"', noon],
  ['" 2026-05-04T12:00:00.9999999z "', noon + 999],
  ['"2026-05-04"', Date.UTC(2026, 4, 4)],
  [String(noon), noon],
  [`"${noon}"`, noon],
  [`${noon}.75`, noon],
  ['1.7778960e12', 1_777_896_000_000],
])('a provider that writes %s means that moment', (text, expected) => {
  expect(readTime(parseExact(text))).toBe(expected);
});

it.each([
  '""',
  'null',
  'true',
  '{}',
  '[1]',
  '"soon"',
  '"04.05.2026"',
  '"2026-13-45T99:00:00Z"',
  '-5',
  '1e30',
  '"1e12"',
])('%s is no time', (text) => expect(readTime(parseExact(text))).toBeUndefined());

it('a request says times in ISO or in milliseconds', () => {
  expect([writeTime(noon, 'iso'), writeTime(noon, 'epoch-ms')]).toEqual(['2026-05-04T12:00:00.000Z', String(noon)]);
});
