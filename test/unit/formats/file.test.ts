import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Bytes } from '../../../src/core/format.ts';
import { defaultLimits } from '../../../src/core/limits.ts';
import type { DataRecord, ReadEvent } from '../../../src/core/record.ts';
import { formats } from '../../../src/formats/index.ts';

const NAME = '{OrderNo}_{Type}.pdf';
const PDF = '%PDF-1.4\ntrailer\n%%EOF\n';

function fileFormat() {
  const format = formats.get('file');
  if (format === undefined) throw new Error('no format file');
  return format;
}

async function* pieces(...chunks: readonly (string | Uint8Array)[]): Bytes {
  for (const chunk of chunks) yield await Promise.resolve(Buffer.from(chunk));
}

async function read(file: string, bytes: Bytes, name: string | undefined = NAME): Promise<ReadEvent[]> {
  const options = name === undefined ? {} : { name };
  return Array.fromAsync(fileFormat().read(bytes, options, { file, limits: defaultLimits }));
}

async function recordOf(file: string, bytes: Bytes, name?: string): Promise<DataRecord> {
  const [, event] = await read(file, bytes, name);
  if (event?.kind !== 'records' || event.records[0] === undefined) throw new Error('no record');
  return event.records[0];
}

const codes = ({ issues = [] }: DataRecord): string[] => issues.map(({ code }) => code);

describe('a file as a record', () => {
  it('has the columns of its name, and what can be told of its bytes', async () => {
    const [header, records] = await read('SO-1001_BILL_OF_LADING.pdf', pieces('%PDF-1.4\n', 'trailer\n%%EOF\n'));
    expect(header).toMatchObject({ columns: ['OrderNo', 'Type', 'FileName', 'FileSize', 'MediaType', 'Sha256'] });
    expect(records).toMatchObject({ records: [{ seq: 0, line: 1 }] });
    const { cells = [] } = await recordOf('SO-1001_BILL_OF_LADING.pdf', pieces(PDF));
    expect(cells.slice(0, 5)).toEqual([
      'SO-1001',
      'BILL_OF_LADING',
      'SO-1001_BILL_OF_LADING.pdf',
      '23',
      'application/pdf',
    ]);
    expect(cells[5]).toBe(createHash('sha256').update(PDF).digest('hex'));
    expect(cells).toEqual((await recordOf('SO-1001_BILL_OF_LADING.pdf', pieces(...Array.from(PDF)))).cells);
  });

  it.each([
    ['as a reject sheet is called', 'SO-1_BOL.rejected.pdf'],
    ['with the number of its drop', 'SO-1_BOL.17.rejected.pdf'],
    ['with a number of its own', 'SO-1_BOL.17-2.rejected.pdf'],
  ])('is known again when it comes back %s', async (_how, file) => {
    const record = await recordOf(file, pieces(PDF));
    expect(record).toMatchObject({ isReturned: true });
    expect(record.cells?.slice(0, 3)).toEqual(['SO-1', 'BOL', 'SO-1_BOL.pdf']);
  });

  it('may be named any way where the mapping does not say', async () => {
    const { cells } = await recordOf('scan.pdf', pieces(PDF), '');
    expect(cells?.slice(0, 1)).toEqual(['scan.pdf']);
  });

  it.each([
    ['a PDF', 'x.pdf', PDF, 'application/pdf', []],
    ['a text', 'x.txt', 'Dear all', 'text/plain', []],
    ['a text that was renamed', 'x.pdf', 'Dear all', 'text/plain', ['wrong-file-type']],
    ['an error page', 'x.PDF', '<html>503</html>', 'text/plain', ['wrong-file-type']],
    ['a picture', 'x.png', Buffer.from('\x89PNG\r\n\x1a\n....', 'latin1'), 'image/png', []],
    [
      'a picture under another name',
      'x.jpg',
      Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
      'image/png',
      ['wrong-file-type'],
    ],
    ['a workbook', 'x.xlsx', 'PK\u0003\u0004', 'application/zip', []],
    ['bytes nobody knows', 'x.pdf', Buffer.from([0, 1, 2]), 'application/octet-stream', ['wrong-file-type']],
    ['a PDF that was cut off', 'x.pdf', PDF.slice(0, -8), 'application/pdf', ['file-cut-off']],
    ['a PDF with its end too far away', 'x.pdf', `${PDF}${' '.repeat(1100)}`, 'application/pdf', ['file-cut-off']],
  ])('is told by its first and last bytes: %s', async (_what, file, content, mediaType, found) => {
    const record = await recordOf(file, pieces(content), '');
    expect(record.cells?.[2]).toBe(mediaType);
    expect(codes(record)).toEqual(found);
  });

  it('is refused when there is nothing in it', async () => {
    expect(await read('SO-1_BOL.pdf', pieces())).toMatchObject([{ kind: 'refused', issue: { code: 'empty-file' } }]);
  });

  it('waits for the end of a PDF, and for no end of others', () => {
    const ending = (name: string, tail: string) => fileFormat().ending(Buffer.from(tail), 5000, { name });
    expect(ending(NAME, 'startxref\n9\n%%EOF\n')).toBe('complete');
    expect(ending(NAME, 'endobj')).toBe('open');
    expect(ending('{OrderNo}.zpl', '^XZ')).toBe('complete');
  });

  it.each([
    ['{OrderNo}_{orderno}.pdf', /\{orderno\} stands in the name twice/],
    ['{OrderNo}_{MediaType}.pdf', /\{MediaType\} is a column that every file has/],
  ])('cannot have two columns of one name: %s', (name, what) => {
    expect(fileFormat().check?.('read', { name })).toMatchObject([
      { path: ['name'], what: expect.stringMatching(what) as string },
    ]);
  });

  it('is never held in memory', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    async function* large(): Bytes {
      yield Buffer.from('%PDF-1.7\n');
      for (let count = 0; count < 200; count++) yield await Promise.resolve(chunk);
      yield Buffer.from('\n%%EOF\n');
    }
    const before = process.memoryUsage();
    const record = await recordOf('SO-1_BOL.pdf', large());
    const after = process.memoryUsage();
    expect(codes(record)).toEqual([]);
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(30 * 1024 * 1024);
  });
});
