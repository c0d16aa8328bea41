import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/core/failure.ts';
import { defaultLimits } from '../../../src/core/limits.ts';
import { xlsx } from '../../../src/formats/xlsx/xlsx.ts';
import { makeWorkbook, row, unzip, zip, type Made } from '../../support/workbook.ts';
import { accessTo, inPieces, readRaw, readWorkbook } from './xlsx-help.ts';

const table = row(1, ['OrderNo', 'Qty']) + row(2, ['A1', 2]);
const sound = await makeWorkbook({ sheets: { Orders: table }, strings: ['<t>x</t>'] });
const MIB = 1024 * 1024;

async function refusal(bytes: Uint8Array): Promise<string> {
  const { refused, events } = await readWorkbook(bytes);
  expect(events.filter(({ kind }) => kind === 'refused')).toHaveLength(refused === undefined ? 0 : 1);
  await readRaw(bytes);
  return refused === undefined ? 'taken' : `${refused.code}: ${refused.what}`;
}

const made = async (more: Partial<Made>): Promise<string> =>
  refusal(await makeWorkbook({ sheets: { Orders: table }, ...more }));

/** Changes the entry of a file in the directory of an archive. */
function inDirectory(bytes: Uint8Array, name: string, change: (entry: Buffer) => void): Buffer {
  const copy = Buffer.from(bytes);
  const at = copy.lastIndexOf(name);
  change(copy.subarray(at - 46));
  return copy;
}

describe('what is no workbook is named, with a way out', () => {
  const types = (type: string): Partial<Made> => ({
    parts: {
      '[Content_Types].xml': `<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.${type}"/></Types>`,
    },
  });
  const ole = (stream: string): Buffer => {
    const bytes = Buffer.alloc(4096);
    Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]).copy(bytes);
    bytes.writeUInt32LE(1, 48);
    bytes.write(stream, 1024, 'utf16le');
    return bytes;
  };

  test.each([
    ['no bytes', Buffer.alloc(0), /^empty-file/],
    ['a CSV file', Buffer.from('OrderNo;Qty\r\nA1;2\r\n'), /a CSV or text file under the name of a workbook/],
    ['a text', Buffer.from('dear all'), /this is a text file/],
    ['a page', Buffer.from('\ufeff<!DOCTYPE html><html>'), /^looks-like-html/],
    ['a table of HTML', Buffer.from('<table><tr>'), /^looks-like-html/],
    ['XML', Buffer.from('<?xml version="1.0"?><Workbook/>'), /this is an XML file/],
    ['a PDF', Buffer.from('%PDF-1.7 \u0001'), /this is a PDF document/],
    ['anything', Buffer.from([1, 2, 3, 0]), /^not-a-workbook: this is not an Excel workbook/],
    ['an old workbook', ole('Workbook'), /an old Excel workbook \(\.xls\)/],
    ['a protected workbook', ole('EncryptedPackage'), /protected by a password/],
    ['the start of an old workbook', ole('Workbook').subarray(0, 20), /an old Excel workbook/],
  ])('%s', async (_, bytes, said) => expect(await refusal(bytes)).toMatch(said));

  test.each([
    ['with macros', types('ms-excel.sheet.macroEnabled.main+xml'), /a workbook with macros \(\.xlsm\)/],
    ['with a project of macros', { parts: { 'xl/vbaProject.bin': 'x' } }, /a workbook with macros/],
    ['binary', types('ms-excel.sheet.binary.macroEnabled.main'), /a binary workbook \(\.xlsb\)/],
    ['of Word', types('openxmlformats-officedocument.wordprocessingml.document.main+xml'), /a Word document/],
    ['of PowerPoint', types('openxmlformats-officedocument.presentationml.main+xml'), /a PowerPoint presentation/],
    ['of another kind', types('ms-visio.drawing.main+xml'), /an Office document of another kind/],
    ['without a start', { without: ['_rels/.rels'] }, /an Office document of another kind/],
    ['without its list of sheets', { without: ['xl/workbook.xml'] }, /its list of sheets is missing/],
    ['without types', { without: ['[Content_Types].xml'] }, /this is a zip archive/],
  ])('a package %s', async (_, more, said) => expect(await made(more)).toMatch(said));

  test('a spreadsheet of another kind', async () => {
    const ods = await zip({ mimetype: 'application/vnd.oasis.opendocument.spreadsheet', 'content.xml': '<x/>' });
    expect(await refusal(ods)).toMatch(/an OpenDocument spreadsheet \(\.ods\)/);
    expect(await refusal(await zip({ mimetype: 'application/epub+zip' }))).toMatch(/another kind of document/);
  });

  test('an archive with a password', async () => {
    const locked = inDirectory(sound, 'xl/workbook.xml', (entry) => entry.writeUInt16LE(1, 8));
    expect(await refusal(locked)).toMatch(/protected by a password/);
  });
});

describe('bombs', () => {
  test('of one file that unpacks to a thousand times its size', async () => {
    const bytes = await makeWorkbook({ sheets: { Orders: table }, parts: { 'xl/media/a.bin': Buffer.alloc(2 * MIB) } });
    expect(await refusal(bytes)).toMatch(/^archive-bomb: xl\/media\/a\.bin unpacks to more than is allowed/);
  });

  test('of too many files', async () => {
    const many = Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`a/${index}`, '']));
    expect(await refusal(await zip(many, false))).toMatch(/^archive-bomb: the archive holds too many files/);
  });

  test('of files that are too large, alone or together', async () => {
    const claim = (bytes: Buffer, name: string, size: number): Buffer =>
      inDirectory(bytes, name, (entry) => {
        entry.writeUInt32LE(size, 20);
        entry.writeUInt32LE(size, 24);
      });
    expect(await refusal(claim(sound, 'xl/styles.xml', 201 * MIB))).toMatch(/^archive-bomb: xl\/styles\.xml/);
    const three = ['xl/styles.xml', 'xl/workbook.xml', 'xl/sharedStrings.xml'].reduce(
      (bytes, name) => claim(bytes, name, 190 * MIB),
      sound,
    );
    expect(await refusal(three)).toMatch(/^archive-bomb: the workbook unpacks to more than is allowed/);
  });

  test('that say less than they unpack to are stopped while they are unpacked', async () => {
    const sheet = `<worksheet><sheetData>${table}</sheetData></worksheet>`.padEnd(3 * MIB);
    const bytes = await makeWorkbook({ sheets: { A: table }, parts: { 'xl/worksheets/sheet1.xml': sheet } });
    const lying = inDirectory(bytes, 'xl/worksheets/sheet1.xml', (entry) => entry.writeUInt32LE(1000, 24));
    expect(await refusal(lying)).toMatch(/^archive-bomb: xl\/worksheets\/sheet1\.xml unpacks to more than it says/);
  });

  test('of XML: declared entities, depth, texts without end', async () => {
    const inSheet = (xml: string): Promise<string> => made({ parts: { 'xl/worksheets/sheet1.xml': xml } });
    const bomb = '<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]>';
    expect(await inSheet(`${bomb}<worksheet>&c;</worksheet>`)).toMatch(/declares a document type/);
    expect(await made({ parts: { 'xl/styles.xml': `${bomb}<styleSheet/>` } })).toMatch(/declares a document type/);
    expect(await made({ parts: { '_rels/.rels': `${bomb}<Relationships/>` } })).toMatch(/declares a document type/);
    expect(await inSheet('<a>'.repeat(100_000))).toMatch(/^archive-bomb: .* is nested too deep/);
    const long = Array.from({ length: 300_000 }, (_, index) => index).join(' ');
    expect(await inSheet(`<worksheet><!-- ${long} --></worksheet>`)).toMatch(
      /^archive-bomb: .* a text that is too long/,
    );
    expect(await inSheet(`<worksheet a="${long}`)).toMatch(/^archive-bomb: .* too long/);
    expect(await inSheet(`<!DOCTYPE ${long}`)).toMatch(/^archive-bomb: .* too long/);
    const runs = (long.match(/.{1,1000}/g) ?? []).map((text) => `<r><t>${text}</t></r>`).join('');
    const cell = `<worksheet><sheetData><row><c t="inlineStr"><is>${runs}</is></c></row></sheetData></worksheet>`;
    expect(await inSheet(cell)).toMatch(/^line-too-long/);
  });

  test('of declarations that would keep a reader busy', async () => {
    const spans = '<col min="1" max="16384"/>'.repeat(7);
    const before = `<cols>${spans}</cols>`;
    expect(await made({ sheets: { A: { data: table, before } } })).toMatch(/^damaged-workbook: .*columns of the sheet/);
    const started = performance.now();
    expect(
      await made({
        formats: ['['.repeat(500_000)],
        sheets: { A: `${table}<row r="3"><c r="A3" s="0"><v>1</v></c></row>` },
      }),
    ).toBe('taken');
    expect(performance.now() - started).toBeLessThan(5000);
    const odd = '<cols><col min="1" max="1" width="much" style="x"/></cols>';
    expect(await made({ sheets: { A: { data: table, before: odd } } })).toBe('taken');
  });

  test('of cells and columns', async () => {
    const wide = row(1, ['A']) + `<row r="2"><c r="XFD2"><v>1</v></c></row>`;
    expect(await made({ sheets: { A: wide } })).toMatch(/^too-many-columns/);
    const styled = row(1, ['A']) + `<row r="2"><c r="A2"><v>1</v></c><c r="XFD2" s="0"/></row>`;
    expect(await made({ sheets: { A: styled } })).toBe('taken');
    const { refused } = await readWorkbook(sound, {}, { recordCharacters: 5 });
    expect(refused).toMatchObject({ code: 'line-too-long', where: { line: 1, sheet: 'Orders' } });
  });

  test('of bytes that only come once are refused at the bound, and their source is closed', async () => {
    let isClosed = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield await Promise.resolve(Buffer.alloc(MIB));
      } finally {
        isClosed = true;
      }
    }
    const events = await Array.fromAsync(xlsx.read(endless(), {}, { file: 'a.xlsx', limits: defaultLimits }));
    expect(events).toMatchObject([{ kind: 'refused', issue: { code: 'archive-bomb', expected: 'at most 64 MiB' } }]);
    expect(isClosed).toBe(true);
  });
});

describe('damaged workbooks', () => {
  test('that are cut off anywhere are refused, and never half taken', async () => {
    for (let length = 1; length < sound.length; length += 37) {
      expect(await refusal(sound.subarray(0, length))).toMatch(/^(damaged-workbook|not-a-workbook)/);
    }
  });

  test('whose bytes changed are refused by their check sum', async () => {
    const stored = await zip(await unzip(sound), false);
    const copy = Buffer.from(stored);
    copy[copy.indexOf('>A1<') + 2] = 0x32;
    expect(await refusal(copy)).toMatch(/^damaged-workbook: .*check sum/);
    expect(await refusal(stored)).toBe('taken');
  });

  test('that name files outside themselves, or one file twice', async () => {
    const renamed = async (from: string, to: string): Promise<string> => {
      const bytes = await zip({ [from]: 'x', 'b/b.txt': 'y', ...(await unzip(sound)) });
      return refusal(Buffer.from(bytes.toString('latin1').replaceAll(from, to), 'latin1'));
    };
    for (const name of ['../../x', '/etc/xx', 'c:/xxx.']) {
      expect(await renamed('a/a.txt', name)).toMatch(/^damaged-workbook: .*it names files outside itself/);
    }
    expect(await renamed('a/a.txt', 'b/b.txt')).toMatch(/^damaged-workbook: .*a file is in it twice/);
  });

  test('packed in a way nobody reads', async () => {
    const packed = inDirectory(sound, 'xl/worksheets/sheet1.xml', (entry) => entry.writeUInt16LE(12, 10));
    expect(await refusal(packed)).toMatch(/packed in an unknown way \(12\)/);
  });

  test('whose compressed bytes are none', async () => {
    const at = sound.indexOf('xl/worksheets/sheet1.xml') + 60;
    const copy = Buffer.from(sound);
    copy.fill(0xff, at, at + 40);
    expect(await refusal(copy)).toMatch(/^(damaged-workbook|archive-bomb)/);
  });

  test.each([
    ['a row that goes back', row(2, ['a']) + row(1, ['b']), /rows of the sheet are out of order/],
    ['a row beyond the last', '<row r="1048577"/>', /rows of the sheet are out of order/],
    ['a row that is no number', '<row r="x"/>', /rows of the sheet are out of order/],
    ['a cell of another row', '<row r="1"><c r="A2"><v>1</v></c></row>', /cells of a row are out of order/],
    [
      'a cell twice',
      '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
      /cells of a row are out of order/,
    ],
    ['a cell beyond the last column', '<row r="1"><c r="XFE1"><v>1</v></c></row>', /cells of a row are out of order/],
    ['a cell without a row', '<c r="A1"><v>1</v></c>', /a cell stands outside its row/],
    ['XML that does not end', '<row r="1"><c r="A1">', /its XML cannot be read/],
    ['an entity nobody declared', '<row r="1"><c r="A1"><v>&a;</v></c></row>', /its XML cannot be read/],
  ])('with %s', async (_, data, said) => expect(await made({ sheets: { A: data } })).toMatch(said));

  test('with a missing part, or a sheet that leads nowhere', async () => {
    expect(await made({ without: ['xl/worksheets/sheet1.xml'] })).toMatch(/a file is missing \(in xl\/worksheets/);
    expect(await made({ without: ['xl/styles.xml'] })).toMatch(/a file is missing/);
    const relations =
      '<Relationships><Relationship Id="rId1" Type="a/worksheet" Target="../../../etc/passwd"/></Relationships>';
    expect(await made({ parts: { 'xl/_rels/workbook.xml.rels': relations } })).toMatch(/a file is missing/);
    expect(await made({ parts: { 'xl/_rels/workbook.xml.rels': '<Relationships/>' } })).toMatch(
      /the sheet "Orders" is missing/,
    );
    expect(await made({ parts: { 'xl/worksheets/sheet1.xml': '' } })).toMatch(/a file is empty/);
  });

  test('in bytes that are no text', async () => {
    const latin = Buffer.from(`<worksheet><sheetData>${row(1, ['Größe'])}</sheetData></worksheet>`, 'latin1');
    expect(await made({ parts: { 'xl/worksheets/sheet1.xml': latin } })).toMatch(/text that is not in its encoding/);
    const declared = '<?xml version="1.0" encoding="windows-1252"?><worksheet/>';
    expect(await made({ parts: { 'xl/worksheets/sheet1.xml': declared } })).toMatch(
      /encoding windows-1252 is not allowed/,
    );
  });
});

describe('what is unusual and sound', () => {
  const data = `<sheetData>${table}</sheetData>`;
  const inSheet = (xml: string | Uint8Array): Promise<string> => made({ parts: { 'xl/worksheets/sheet1.xml': xml } });

  test('is the strict dialect, and any prefix', async () => {
    const strict = { sheets: { Orders: table } };
    const parts = await unzip(await makeWorkbook(strict));
    const purl = Object.fromEntries(
      Object.entries(parts).map(([name, text]) => [
        name,
        text
          .replaceAll(
            'http://schemas.openxmlformats.org/spreadsheetml/2006/main',
            'http://purl.oclc.org/ooxml/spreadsheetml/main',
          )
          .replaceAll(
            'http://schemas.openxmlformats.org/officeDocument/2006',
            'http://purl.oclc.org/ooxml/officeDocument',
          ),
      ]),
    );
    expect((await readWorkbook(await zip(purl))).cells).toEqual([['A1', '2']]);
    const prefixed = `<x:worksheet xmlns:x="x">${data.replaceAll(/<(\/?)(\w)/g, '<$1x:$2')}</x:worksheet>`;
    expect(await inSheet(prefixed)).toBe('taken');
  });

  test('is UTF-16, a byte order mark, other case in the names of parts', async () => {
    expect(await inSheet(Buffer.from(`\ufeff<worksheet>${data}</worksheet>`))).toBe('taken');
    expect(await inSheet(Buffer.from(`\ufeff<worksheet>${data}</worksheet>`, 'utf16le'))).toBe('taken');
    expect(await inSheet(Buffer.from(`<worksheet>${data}</worksheet>`, 'utf16le').swap16())).toBe('taken');
    const parts = await unzip(sound);
    const loud = Object.fromEntries(
      Object.entries(parts).map(([name, text]) => [name.replace('worksheets/s', 'Worksheets/S'), text]),
    );
    expect(await refusal(await zip(loud))).toBe('taken');
  });

  test('are other elements that name rows, columns and cells', async () => {
    const anchor = '<controls><from><xdr:col>1</xdr:col><xdr:row>2</xdr:row><c/><mergeCell/></from></controls>';
    expect(await inSheet(`<worksheet>${anchor}${data}${anchor}</worksheet>`)).toBe('taken');
  });
});

describe('a source that fails', () => {
  test('is no finding about the file: the failure comes through', async () => {
    // The directory is read first; sheets in larger pieces later.
    for (const fails of [
      (reads: number) => reads === 3,
      (reads: number, length: number) => reads > 20 && length > 100,
    ]) {
      const access = accessTo(sound);
      let reads = 0;
      const broken = {
        ...access,
        read: (offset: number, length: number) =>
          fails(++reads, length) ? Promise.reject(new Failure('disk-error')) : access.read(offset, length),
      };
      const source = Object.assign(inPieces(new Uint8Array()), { openRandom: () => Promise.resolve(broken) });
      const reading = Array.fromAsync(xlsx.read(source, {}, { file: 'a.xlsx', limits: defaultLimits }));
      await expect(reading).rejects.toMatchObject({ code: 'disk-error' });
      expect(access.closed()).toBe(true);
    }
  });
});

test('the end of the file tells whether it is finished', () => {
  const ending = (bytes: Uint8Array): string => xlsx.ending(bytes.subarray(-64), bytes.length, {});
  expect(ending(sound)).toBe('complete');
  expect(ending(sound.subarray(0, -1))).toBe('open');
  expect(ending(Buffer.concat([sound, Buffer.from('x')]))).toBe('open');
  expect(ending(Buffer.from('OrderNo;Qty\r\n'))).toBe('open');
  const commented = Buffer.concat([sound, Buffer.from('by the warehouse')]);
  commented.writeUInt16LE(16, sound.length - 2);
  expect(ending(commented)).toBe('complete');
  expect(ending(Buffer.alloc(0))).toBe('empty');
});
