import type { Bytes, FormatOptions, ReadContext } from '../../core/format.ts';
import type { RawRecord, RawSource } from '../../core/record.ts';
import { cutFile } from './chunks.ts';
import { readDialect } from './options.ts';

/** The records of a file as they stand in it, numbered as {@link readCsv} numbers them. Ends where reading is refused. */
export async function* readRawCsv(
  bytes: Bytes,
  options: FormatOptions,
  context: ReadContext,
): AsyncGenerator<RawRecord, void, void> {
  const dialect = readDialect(options);
  let seq = dialect.names === undefined ? -1 : 0;
  let source: RawSource = { encoding: dialect.encoding, lead: '' };
  for await (const cut of cutFile(bytes, dialect, context)) {
    if (cut.kind === 'source') source = cut.source;
    if (cut.kind !== 'chunk') continue;
    const { chunk } = cut;
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
