import type { FormatOptions, RejectRow } from '../../core/format.ts';
import type { RawRecord } from '../../core/record.ts';
import { BLOCK_BYTES } from '../text/bytes.ts';
import { createTextWriter } from '../text/encodings.ts';
import { kindOf } from './kinds.ts';
import { readLayout, type Layout } from './layout.ts';
import { reasonsText, withoutReasons } from './reasons.ts';
import { missingBlanks, wasCut } from './record.ts';
import { createRuler, narrowest, type Ruler } from './ruler.ts';

/**
 * A sheet of refused records, ready to be mended and dropped again: each stands as it came, its reasons behind it, beyond
 * its last field; those of an earlier sheet are replaced. Records without line ends leave no room for reasons: they stand
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
  const encoding = first.source?.encoding ?? layout.text.encoding;
  const write = createTextWriter(encoding);
  const ruler = createRuler(layout.unit, encoding);
  const blankUnits = narrowest(layout.unit, encoding);
  const usualEnd = first.lineEnd === '' ? '\r\n' : first.lineEnd;
  return {
    line({ raw, reasons }) {
      if (layout.blockLength !== undefined) return raw.text;
      const end = raw.lineEnd === '' ? usualEnd : raw.lineEnd;
      const text = withoutReasons(raw.text);
      if (reasons === undefined) return text + end;
      const missing = unitsBefore(text, reasons, layout, ruler);
      return text + ' '.repeat(Math.floor(missing / blankUnits)) + reasonsText(reasons) + end;
    },
    // Only reasons can hold a character the encoding lacks: the rest was read in it.
    encode: (text) => write(text, () => '?'),
  };
}

/**
 * Units between a short record and its reasons: inside a field they would be read as its value. A record whose shortness is
 * its fault stays short, or it would pass as whole when its sheet is dropped again as it is.
 */
function unitsBefore(text: string, [code = '', column = '']: readonly string[], layout: Layout, ruler: Ruler): number {
  if (wasCut({ code, column })) return 0;
  const measured = ruler(text);
  const kind = kindOf(layout.kinds, measured);
  return kind === undefined ? 0 : missingBlanks(measured, kind, layout);
}
