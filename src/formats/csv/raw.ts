import type { Bytes, FormatOptions, ReadContext } from '../../core/format.ts';
import type { RawRecord, RawSource } from '../../core/record.ts';
import { openFile } from './opening.ts';
import { readRules } from './options.ts';

/**
 * The records of a file as they stand in it, numbered as {@link readCsv} numbers them; the header and the rows skipped
 * below it have -1. Ends where reading is refused.
 */
export async function* readRawCsv(
  bytes: Bytes,
  options: FormatOptions,
  context: ReadContext,
): AsyncGenerator<RawRecord, void, void> {
  const rules = readRules(options);
  let seq = 0;
  let source: RawSource = { encoding: rules.text.encoding, lead: '' };
  for await (const opened of openFile(bytes, rules, context)) {
    if (opened.kind === 'open') {
      ({ source } = opened);
      const { header, skipped } = opened;
      for (const line of header === undefined ? skipped : [header, ...skipped]) yield { seq: -1, ...line, source };
    }
    if (opened.kind !== 'chunk') continue;
    const { chunk } = opened;
    for (let index = 0; index < chunk.starts.length; index++) {
      const end = chunk.ends[index] ?? 0;
      const text = chunk.source.slice(chunk.starts[index], end);
      yield {
        seq: seq++,
        line: chunk.lines[index] ?? 0,
        text,
        lineEnd: chunk.source.slice(end, chunk.nexts[index]),
        source,
      };
    }
  }
}
