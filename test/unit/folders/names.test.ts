import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { nameBytes, nameText } from '../../../src/folders/names.ts';
import { folderFailure } from '../../../src/folders/system-failures.ts';
import { isTemporaryName } from '../../../src/core/folder-names.ts';

test('a name of any bytes survives its text form', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 20 }), (bytes) => {
      const name = Buffer.from(bytes);
      expect(nameBytes(nameText(name)).equals(name)).toBe(true);
    }),
  );
});

test('two names never share a text', () => {
  expect(nameText(Buffer.from([0xe9]))).toBe(String.raw`\xE9`);
  expect(nameText(Buffer.from(String.raw`\xE9`))).toBe(String.raw`\\xE9`);
  expect(nameText(Buffer.from('café.csv'))).toBe('café.csv');
});

test.each([
  '.hidden.csv',
  '~lock.csv',
  '~$orders.xlsx',
  'a.tmp',
  'a.csv.part',
  'a.partial',
  'a.csv.filepart',
  'a.crdownload',
  '.a.csv.swp',
  'a.lock',
  'a.csv~',
  '.nfs000000001',
  '.in.orders.csv.',
  '._orders.csv',
  'Thumbs.db',
  '.DS_Store',
  '.orders.csv.Xy12Zz',
  '.dray-7',
  'ORDERS.TMP',
])('%s is temporary', (name) => {
  expect(isTemporaryName(name)).toBe(true);
});

test.each(['orders.csv', 'a~b.csv', 'part.csv', 'tmp', 'lock.csv', 'a.parts'])('%s is not', (name) => {
  expect(isTemporaryName(name)).toBe(false);
});

test.each([
  ['ENOENT', 'file-gone'],
  ['EACCES', 'no-permission'],
  ['EROFS', 'no-permission'],
  ['ENOSPC', 'disk-full'],
  ['EDQUOT', 'disk-full'],
  ['EIO', 'disk-error'],
  ['EMFILE', 'folder-unreachable'],
  ['ESTALE', 'folder-unreachable'],
  ['ELOOP', 'not-a-regular-file'],
  ['EEXIST', 'name-taken'],
])('%s is the failure %s', (code, expected) => {
  const error = Object.assign(new Error('no'), { code });
  const failure = folderFailure(error, 'in/a\n.csv');
  expect(failure.code).toBe(expected);
  expect(failure.cause).toBe(error);
  expect(failure.message).toContain(String.raw`in/a\u000a.csv (${code})`);
});
