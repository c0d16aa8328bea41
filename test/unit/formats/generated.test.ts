/*
 * Files nobody wrote by hand: of every format, in any dialect and encoding, with any content, sound and damaged.
 *
 * A sound file must be read to exactly the records that were written into it, in their order and on their lines, without
 * an issue, and with exactly the notices and the count of lines passed over that its writer expects. Each is written
 * twice: by a writer of these tests, which shares no code with the readers, and by the format's own.
 *
 * A damaged file must not be read silently wrong. Silent means: it is not refused, and
 *  - of a table as text (csv, fixed): some record without an issue differs in its values, its type, its line or its
 *    place in the order from what a strict reader of these tests finds in the damaged bytes, or is missing, or is one
 *    more; or a record that the strict reader cannot use (quotes, number of values, length, unknown type) has no issue;
 *    or a line that is no record was passed over without being counted; or a last line without its end, replaced bytes
 *    or another encoding than the declared one have no notice;
 *  - of JSON: the text is no JSON to the engine's own parser, and no record has an issue; or a record without an issue
 *    is another value than the engine reads, or something stands between two records that is no comma;
 *  - of NDJSON: the same of each line;
 *  - of a workbook damaged in its archive: anything differs from the undamaged one; damaged inside, before it was packed:
 *    a record differs or is missing whose row was not touched, while the columns are as they were.
 * Damage that makes another sound file is no silence: a bit inside a value makes another value, a line that is gone
 * between two others leaves a shorter file. Nothing in the bytes tells; sums and counts of a file do (`controls`).
 *
 * Besides, whatever happened to a file: nothing throws, every reading ends within five seconds, every issue of a record
 * names file and line, every refusal its file and, unless it is of the file as a whole, its line; raw records are in
 * step with records (`seq` and line); a reject sheet of any records reads back to them, twice.
 */
import { expect, test } from 'vitest';
import { runGenerated } from '../../support/generated/run.ts';

// `npm run soak` draws ten thousand, and others each time.
const FILES = 500;
const SEED = 20_260_504;

test(
  'files of every format, dialect, encoding and content are read to their records, damaged ones honestly or not at all',
  { timeout: 120_000 },
  async () => {
    const { counts, failures } = await runGenerated({ seed: SEED, files: FILES });
    expect(failures).toEqual([]);
    const damaged = counts.filter(({ what }) => !what.startsWith('sound'));
    const total = damaged.reduce((sum, { files }) => sum + files, 0);
    expect(total).toBe(FILES);
    // Damage that never shows would prove nothing.
    for (const end of ['read', 'issues', 'refused']) expect(damaged.some((count) => count.end === end)).toBe(true);
  },
);
