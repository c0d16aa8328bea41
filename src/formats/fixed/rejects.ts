import type { FormatOptions, RejectRow } from '../../core/format.ts';
import type { RawRecord } from '../../core/record.ts';
import { BLOCK_BYTES } from '../text/bytes.ts';
import { createTextWriter } from '../text/encodings.ts';
import { readLayout, type Layout } from './layout.ts';
import { reasonsText, withoutReasons } from './reasons.ts';

/**
 * A sheet of refused records, ready to be mended and dropped again: each stands byte for byte as it came, its reasons
 * behind it; those of an earlier sheet are replaced. Records without line ends leave no room for reasons: they stand
 * alone, and the result file says what is wrong with them.
 */
export async function* writeFixedRejects(
  rows: AsyncIterable<RejectRow>,
  options: FormatOptions,
): AsyncGenerator<Uint8Array, void, void> {
  const layout = readLayout(options);
  let sheet: Sheet | undefined;
  let text = '';
  for await (const row of rows) {
    if (sheet === undefined) {
      sheet = openSheet(row.raw, layout);
      text = row.raw.source?.lead ?? '';
    }
    text += sheet.line(row);
    if (text.length < BLOCK_BYTES) continue;
    yield sheet.encode(text);
    text = '';
  }
  if (sheet !== undefined && text !== '') yield sheet.encode(text);
}

interface Sheet {
  line(row: RejectRow): string;
  encode(text: string): Uint8Array;
}

function openSheet(first: RawRecord, layout: Layout): Sheet {
  const write = createTextWriter(first.source?.encoding ?? layout.text.encoding);
  const usualEnd = first.lineEnd === '' ? '\r\n' : first.lineEnd;
  return {
    line({ raw, reasons }) {
      if (layout.blockLength !== undefined) return raw.text;
      const why = reasons === undefined ? '' : reasonsText(reasons);
      return withoutReasons(raw.text) + why + (raw.lineEnd === '' ? usualEnd : raw.lineEnd);
    },
    // Only reasons can hold a character the encoding lacks: the rest was read in it.
    encode: (text) => write(text, () => '?'),
  };
}
