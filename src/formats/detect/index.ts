import type { Bytes } from '../../core/format.ts';
import { createIssue, type Issue } from '../../core/issue.ts';
import { say } from '../../core/text.ts';
import { sniff } from '../text/magic.ts';
import { detectEncoding } from './encoding.ts';
import { decodeLoosely } from './plausible.ts';
import { takeSample, type Sample } from './sample.ts';
import { detectWorkbook } from './workbook.ts';
import { detectText } from './text-format.ts';
import { optionsOf, point, type Detection, type Point } from './types.ts';

export type { Detection, Point } from './types.ts';

/**
 * Finds out what a file is and how it is written. Reads it once to its end, in bounded memory. A help for authors: what it
 * finds is pinned in a mapping, and nothing is guessed when files are taken.
 */
export async function detectFile(bytes: Bytes, fileName: string): Promise<Detection> {
  const sample = await takeSample(bytes);
  if (sample.size === 0) return refused(createIssue('empty-file', { file: fileName }));
  if (isZip(sample.head)) {
    const found = await detectWorkbook(bytes, fileName);
    return 'code' in found ? refused(found) : detected(found);
  }
  const other = sniff(sample.head, say`a table`);
  if (other !== undefined) return refused(createIssue(other.code, { file: fileName }, other.details));
  const encoding = detectEncoding(sample);
  if (encoding === undefined) return refused(notText(sample, fileName));
  return detected(textPoints(sample, encoding, fileName));
}

function isZip(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && (head[2] === 0x03 || head[2] === 0x05);
}

function textPoints(sample: Sample, encoding: Point, fileName: string): readonly Point[] {
  const { head, size } = sample;
  const isWhole = head.length === size;
  // The last character of what was looked at may be cut in half.
  const text = decodeLoosely(head, String(encoding.value))
    .replace(/^\ufeff/, '')
    .replace(/\ufffd{0,3}$/, '');
  const [format = point('format', 'csv', 'unsure', ''), ...points] = detectText(text, isWhole, fileName);
  return [format, encoding, ...points];
}

function detected(points: readonly Point[]): Detection {
  const format = points.find(({ option }) => option === 'format')?.value;
  return { format: String(format), options: optionsOf(points), points, issues: [] };
}

function refused(issue: Issue): Detection {
  return { format: undefined, options: {}, points: [], issues: [issue] };
}

function notText({ counts, head }: Sample, file: string): Issue {
  if ((counts[0] ?? 0) === 0)
    return createIssue('not-text', { file }, { what: say`these bytes are no text in any known encoding` });
  const zero = head.indexOf(0);
  const line = zero === -1 ? undefined : head.subarray(0, zero).filter((byte) => byte === 0x0a).length + 1;
  return createIssue('contains-nul', { file, ...(line === undefined ? {} : { line }) });
}
