import { expect, test } from 'vitest';
import { createRedaction } from '../../../src/core/redaction.ts';

const secret = 'P\u00e4ss+w"ord/1';

test.each([
  ['as it is', secret],
  ['in JSON', JSON.stringify({ echo: secret })],
  ['in JSON that escapes all but ASCII', JSON.stringify({ echo: secret }).replaceAll('\u00e4', '\\u00e4')],
  [
    'in JSON that escapes for HTML, in capitals',
    JSON.stringify({ echo: secret }).replaceAll('\u00e4', '\\u00E4').replaceAll('+', '\\u002B'),
  ],
  ['in an URL', `https://host/?key=${encodeURIComponent(secret)}`],
  ['in a Basic header', Buffer.from(secret).toString('base64')],
])('a secret is taken out %s', (_how, text) => {
  const clean = createRedaction([secret], 4)(text);
  expect(clean).toContain('[secret]');
  expect(clean).not.toMatch(/ord|P.?ss/);
});

test('a value too short to be told from a word is left alone', () => {
  expect(createRedaction(['demo'], 6)('demo data')).toBe('demo data');
});
