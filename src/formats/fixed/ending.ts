import type { Ending, FormatOptions } from '../../core/format.ts';
import { tailText } from '../text/ending.ts';
import { readLayout } from './layout.ts';

const LINE_END = /[\r\n]\u001a*$/;
/** What transfers add behind the last record of a file without line ends. */
const ADDED = /(?:\r\n|\n|\r)?\u001a*$/;

/**
 * Lines: complete when the last one has its line end. Records without line ends: when they fill the file; in characters of
 * varying width that cannot be told from its size, unless all are narrow.
 */
export function endingOfFixed(tail: Uint8Array, size: number, options: FormatOptions): Ending {
  if (size === 0) return 'empty';
  const { blockLength, unit, text } = readLayout(options);
  const end = tailText(tail, size, text.encoding);
  if (blockLength === undefined) return LINE_END.test(end) ? 'complete' : 'open';
  const width = text.encoding.startsWith('utf-16') ? 2 : 1;
  const length = unit === 'bytes' ? blockLength : blockLength * width;
  const added = (ADDED.exec(end)?.[0].length ?? 0) * width;
  return size % length === 0 || (size > added && (size - added) % length === 0) ? 'complete' : 'open';
}
