import { describe, expect, test } from 'vitest';

import { createTextReader, createTextWriter, encodings } from '../../../src/formats/text/encodings.ts';

const decode = (encoding: string, bytes: Uint8Array): string => {
  const reader = createTextReader(encoding);
  return reader.decode(bytes) + reader.end();
};
const encode = (encoding: string, text: string): Buffer =>
  Buffer.from(
    createTextWriter(encoding)(text, (character) => {
      throw new RangeError(character);
    }),
  );
const allBytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

describe('EBCDIC', () => {
  // All 256 bytes as `iconv` of GNU libc turns them into UTF-8.
  const reference = {
    'ebcdic-037':
      'AAECA8KcCcKGf8KXwo3CjgsMDQ4PEBESE8KdwoUIwocYGcKSwo8cHR4fwoDCgcKCwoPChAoXG8KIwonCisKLwowFBgfCkMKRFsKTwpTClcKWBMKYwpnCmsKbFBXCnhogwqDDosOkw6DDocOjw6XDp8OxwqIuPCgrfCbDqcOqw6vDqMOtw67Dr8Osw58hJCopO8KsLS/DgsOEw4DDgcODw4XDh8ORwqYsJV8+P8O4w4nDisOLw4jDjcOOw4/DjGA6I0AnPSLDmGFiY2RlZmdoacKrwrvDsMO9w77CscKwamtsbW5vcHFywqrCusOmwrjDhsKkwrV+c3R1dnd4eXrCocK/w5DDncOewq5ewqPCpcK3wqnCp8K2wrzCvcK+W13Cr8KowrTDl3tBQkNERUZHSEnCrcO0w7bDssOzw7V9SktMTU5PUFFSwrnDu8O8w7nDusO/XMO3U1RVVldYWVrCssOUw5bDksOTw5UwMTIzNDU2Nzg5wrPDm8Ocw5nDmsKf',
    'ebcdic-500':
      'AAECA8KcCcKGf8KXwo3CjgsMDQ4PEBESE8KdwoUIwocYGcKSwo8cHR4fwoDCgcKCwoPChAoXG8KIwonCisKLwowFBgfCkMKRFsKTwpTClcKWBMKYwpnCmsKbFBXCnhogwqDDosOkw6DDocOjw6XDp8OxWy48KCshJsOpw6rDq8Oow63DrsOvw6zDn10kKik7Xi0vw4LDhMOAw4HDg8OFw4fDkcKmLCVfPj/DuMOJw4rDi8OIw43DjsOPw4xgOiNAJz0iw5hhYmNkZWZnaGnCq8K7w7DDvcO+wrHCsGprbG1ub3BxcsKqwrrDpsK4w4bCpMK1fnN0dXZ3eHl6wqHCv8OQw53DnsKuwqLCo8KlwrfCqcKnwrbCvMK9wr7CrHzCr8KowrTDl3tBQkNERUZHSEnCrcO0w7bDssOzw7V9SktMTU5PUFFSwrnDu8O8w7nDusO/XMO3U1RVVldYWVrCssOUw5bDksOTw5UwMTIzNDU2Nzg5wrPDm8Ocw5nDmsKf',
  };

  test.each(Object.entries(reference))('%s reads every byte as iconv does, but for NEL', (encoding, base64) => {
    const expected = Buffer.from(base64, 'base64').toString();
    expect(decode(encoding, allBytes)).toBe(expected.replace('\u0085', '\n'));
  });

  test.each(Object.keys(reference))('%s writes every byte back, and a line end as the kind asked for', (encoding) => {
    const text = decode(encoding, allBytes);
    const at15 = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => (byte === 0x15 ? 0x25 : byte)));
    expect(encode(encoding, text)).toEqual(at15(allBytes));
    expect(encode(`${encoding}-nel`, 'A\nB')).toEqual(Buffer.from([0xc1, 0x15, 0xc2]));
    expect(encode(encoding, 'A\nB')).toEqual(Buffer.from([0xc1, 0x25, 0xc2]));
    // It would be read back as a line end.
    expect(() => encode(encoding, '\u0085')).toThrow(RangeError);
  });

  test('the code pages differ where brackets and exclamation marks are', () => {
    expect(encode('ebcdic-037', '[]!|^')).toEqual(Buffer.from([0xba, 0xbb, 0x5a, 0x4f, 0xb0]));
    expect(encode('ebcdic-500', '[]!|^')).toEqual(Buffer.from([0x4a, 0x5a, 0x4f, 0xbb, 0x5f]));
  });
});

test.each(encodings.filter((name) => !/^(utf|shift|euc|gb|big|ebcdic)/.test(name)))(
  'every byte of %s that is text comes back as it was',
  (encoding) => {
    for (const byte of allBytes) {
      let text: string;
      try {
        text = decode(encoding, Uint8Array.of(byte));
      } catch {
        continue;
      }
      expect(encode(encoding, text)).toEqual(Buffer.of(byte));
    }
    expect(decode(encoding, Buffer.from('Order 12'))).toBe('Order 12');
  },
);

test.each(encodings)('%s refuses nothing when it is not strict', (encoding) => {
  const reader = createTextReader(encoding, false);
  expect(() => reader.decode(allBytes) + reader.end()).not.toThrow();
});

test.each(encodings.filter((name) => !/^(utf-16|ebcdic)/.test(name)))(
  '%s reads and writes ASCII as it is',
  (encoding) => {
    const ascii = allBytes.subarray(0, 128);
    expect(decode(encoding, ascii)).toBe(ascii.toString('latin1'));
    expect(encode(encoding, ascii.toString('latin1'))).toEqual(ascii);
  },
);

test('the euro sign of gb18030 is written as the two bytes that every reader knows, and read as one byte as well', () => {
  expect(encode('gb18030', '€')).toEqual(Buffer.of(0xa2, 0xe3));
  expect(decode('gb18030', Buffer.of(0xa2, 0xe3, 0x80))).toBe('€€');
});
