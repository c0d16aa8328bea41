import { createIssue, type Issue, type Place } from '../../core/issue.ts';
import type { DataRecord } from '../../core/record.ts';
import { say } from '../../core/text.ts';

/** Notes on records how many times the header was repeated above them. One for each file. */
export interface Stretches {
  /** A finding about a line that is no record. */
  pass(issue: Issue): void;
  mark(records: readonly DataRecord[]): readonly DataRecord[];
}

export function createStretches(): Stretches {
  let stretch = 0;
  return {
    pass({ code }) {
      if (code === 'header-repeated') stretch++;
    },
    mark: (records) => (stretch === 0 ? records : records.map((record) => ({ ...record, stretch }))),
  };
}

/** Records of a document, refused where they stand on both sides of a repeated header: they may be there twice. */
export function unjoined(records: readonly DataRecord[], where: Place): readonly DataRecord[] {
  const [first] = records;
  const at = records.findIndex(({ stretch }) => stretch !== first?.stretch);
  const record = records[at];
  if (first === undefined || record === undefined) return records;
  const { line } = record;
  const what = say`lines ${first.line} and ${line} of one document stand above and below a second header; the file looks like two files joined`;
  const issue = createIssue('joined-files', { ...where, line }, { what });
  return records.with(at, { ...record, issues: [...(record.issues ?? []), issue] });
}
