import type { FormatOptions, RejectRow } from '../../core/format.ts';
import type { RawRecord } from '../../core/record.ts';
import { BLOCK_BYTES } from '../text/bytes.ts';
import { createTextWriter } from '../text/encodings.ts';
import { escapeCharacter } from './escapes.ts';
import { addReasons } from './reasons.ts';

/**
 * Refused records in the shape their file had: an array, an object with the array at its path, one object, or lines. Each
 * stands as it came, with the reasons as its first members.
 */
export function rejectWriter(isLines: boolean) {
  return async function* writeRejects(
    rows: AsyncIterable<RejectRow>,
    _options: FormatOptions,
    names: readonly string[],
  ): AsyncGenerator<Uint8Array, void, void> {
    let sheet: Sheet | undefined;
    let text = '';
    for await (const { raw, reasons } of rows) {
      if (reasons === undefined) continue;
      if (sheet === undefined) text = (sheet = openSheet(raw, isLines)).opening;
      else text += sheet.between;
      text += indentOf(raw.text, sheet) + addReasons(raw.text, names, reasons);
      if (text.length < BLOCK_BYTES) continue;
      yield sheet.encode(text);
      text = '';
    }
    if (sheet !== undefined) yield sheet.encode(text + sheet.closing);
  };
}

interface Sheet {
  readonly opening: string;
  readonly between: string;
  readonly closing: string;
  readonly isArray: boolean;
  encode(text: string): Uint8Array;
}

function openSheet({ source, lineEnd }: RawRecord, isLines: boolean): Sheet {
  const { encoding = 'utf-8', lead = '' } = source ?? {};
  const end = lineEnd === '' ? '\n' : lineEnd;
  const write = createTextWriter(encoding);
  const isArray = lead.endsWith('[');
  // Names in the lead are quoted, and may hold brackets.
  const objects = lead.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').split('{').length - 1;
  return {
    isArray,
    opening: lead + (isArray ? end : ''),
    between: isLines ? end : `,${end}`,
    closing: (isArray ? `${end}]` : '') + '}'.repeat(objects) + end,
    // Only reasons can hold a character the encoding lacks, and the U+FFFD of a file that was mended while it was read.
    encode: (text) => write(text, escapeCharacter),
  };
}

/** What stood before the first line of a record: what stands before its last. */
function indentOf(text: string, { isArray }: Sheet): string {
  return isArray ? (/[\r\n]([ \t]*)[\]}]$/.exec(text)?.[1] ?? '') : '';
}
