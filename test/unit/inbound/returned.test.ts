import { describe, expect, test } from 'vitest';
import type { Bytes, Format, FormatOptions, RejectRow } from '../../../src/core/format.ts';
import { defaultLimits } from '../../../src/core/limits.ts';
import { formats } from '../../../src/formats/index.ts';
import { createControlCheck } from '../../../src/mapping/index.ts';
import { definitionOf } from '../mapping/controls-support.ts';
import { required } from './support.ts';

const context = { file: 'a', limits: defaultLimits };
const REASONS = ['dray_code', 'dray_column', 'dray_reason'];

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

/** What is sent back of a file whose last record is refused. */
async function* refused(format: Format, file: Bytes, options: FormatOptions): AsyncGenerator<RejectRow> {
  let last: RejectRow | undefined;
  for await (const raw of format.readRaw(file, options, context)) {
    if (raw.seq < 0) yield { raw };
    else last = { raw, reasons: ['not-a-number', 'Qty', 'not a number'] };
  }
  yield required(last);
}

async function isReturned(format: Format, file: Bytes, options: FormatOptions): Promise<boolean> {
  const check = createControlCheck(definitionOf('table', 'trailer: { starts: T }'), () => 'a');
  for await (const event of format.read(file, options, context)) {
    if (event.kind === 'header') check.header('', event, event.type);
    if (event.kind === 'records') check.pass(event.records);
  }
  return check.isReturned;
}

async function kept(bytes: Bytes): Promise<Bytes> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  const whole = Buffer.concat(chunks);
  return {
    async *[Symbol.asyncIterator]() {
      yield whole;
    },
  };
}

const xlsx = (): Bytes => {
  async function* rows(): AsyncGenerator<readonly string[]> {
    yield ['A', '1'];
    yield ['B', 'x'];
  }
  return required(formats.get('xlsx')).write(rows(), ['Id', 'Qty'], {});
};

describe('a reject sheet that comes back', () => {
  test.each<[name: string, format: string, options: FormatOptions, file: () => Bytes]>([
    ['CSV', 'csv', {}, () => bytesOf('Id,Qty\nA,1\nB,x\n')],
    ['CSV without a header', 'csv', { columns: { names: ['Id', 'Qty'] } }, () => bytesOf('A,1\nB,x\n')],
    ['JSON', 'json', {}, () => bytesOf('[{"id":"A","qty":1},\n{"id":"B","qty":"x"}]\n')],
    ['NDJSON', 'ndjson', {}, () => bytesOf('{"id":"A","qty":1}\n{"id":"B","qty":"x"}\n')],
    ['fixed width', 'fixed', { fields: { Id: [1, 3], Qty: [4, 3] } }, () => bytesOf('A  1  \nB  x  \n')],
    ['a workbook', 'xlsx', {}, xlsx],
  ])('is told from the file it came from: %s', async (_name, formatName, options, file) => {
    const format = required(formats.get(formatName));
    const sheet = await kept(format.writeRejects(refused(format, await kept(file()), options), options, REASONS));
    expect(await isReturned(format, await kept(file()), options)).toBe(false);
    expect(await isReturned(format, sheet, options)).toBe(true);
  });
});
