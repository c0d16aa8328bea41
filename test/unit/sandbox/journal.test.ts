import { describe, expect, it } from 'vitest';
import { createJournal } from '../../../src/sandbox/journal.ts';

const bodyOf = (body: string): string =>
  createJournal(10).open({ at: '', method: 'POST', path: '/oauth/token', body }, {}).body;

describe('the journal of requests', () => {
  it.each([
    [
      'grant_type=x&client_id=demo&client_secret=canary%21&scope=a',
      'grant_type=x&client_id=demo&client_secret=[redacted]&scope=a',
    ],
    ['client_secret=canary', 'client_secret=[redacted]'],
    ['{"client_id":"demo","client_secret":"canary"}', '{"client_id":"demo","client_secret":"[redacted]"}'],
    ['{"client_secret" : "can\\"ary", "a": 1}', '{"client_secret" : "[redacted]", "a": 1}'],
    ['{"clientSecret":12345}', '{"clientSecret":"[redacted]"}'],
    ['{"client_secret":"canary', '{"client_secret":"[redacted]"'],
  ])('does not keep the secret of a client: %s', (body, kept) => {
    expect(bodyOf(body)).toBe(kept);
  });

  it('keeps every other body as it came', () => {
    const body = '{"PurchaseNumber":"client_secret=yes","Items":[{"Sku":"A"}]}';
    expect(bodyOf(body)).toBe(body);
  });
});
