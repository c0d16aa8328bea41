import { createHash } from 'node:crypto';
import type { FileFacts } from '../../core/format.ts';
import { formatInstant } from '../../mapping/index.ts';

/** What is known of a file before its first row. */
export interface FileSubject {
  /** Wall clock at its making, milliseconds since the epoch. */
  readonly now: number;
  readonly sequence: number;
  readonly flow: string;
  /** Key of its document; empty where a file is about more than one. */
  readonly document?: string;
  readonly site?: string;
  /** When what it states was true. Default: `now`. */
  readonly asOf?: number;
  readonly isRepeat?: boolean;
}

/**
 * The text for a place such as `date:yyyyMMdd@Europe/Berlin`, `seq:6` or `document`; undefined for one that is not known.
 * @throws RangeError for a date format or a time zone that is not known.
 */
export function placeText(place: string, subject: FileSubject): string | undefined {
  const [, name = '', detail = ''] = /^([a-z-]+)(?::(.*))?$/.exec(place) ?? [];
  switch (name) {
    case 'date':
      return instantText(subject.now, detail);
    case 'as-of':
      return instantText(subject.asOf ?? subject.now, detail);
    case 'seq':
      return String(subject.sequence).padStart(Number(detail), '0');
    case 'document':
      return subject.document ?? '';
    case 'site':
      return subject.site ?? '';
    case 'flow':
      return subject.flow;
    case 'repeat':
      return subject.isRepeat === true ? 'R' : '';
    default:
      return undefined;
  }
}

function instantText(instant: number, detail: string): string {
  const [, format = '', zone] = /^([^@]*)(?:@(.+))?$/.exec(detail) ?? [];
  return formatInstant(instant, format, zone ?? 'UTC');
}

/** What the records around the rows of a file may state. */
export function fileFacts(subject: FileSubject, hasEmptyTrailer: boolean): FileFacts {
  return { hasEmptyTrailer, fill: (place) => placeText(place, subject) ?? '' };
}

const LONGEST_PART = 80;
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/**
 * A text of somebody else's as a part of a file name: letters, digits, dot, hyphen and underscore, no dot or hyphen in
 * front, no name that Windows keeps for itself. A text that had to be changed ends with a digest: two of them never
 * share a name.
 */
export function namePart(text: string): string {
  const plain = text.normalize();
  const safe = plain.replaceAll(/[^\p{L}\p{N}._-]/gu, '_').replace(/^[.-]/, '_');
  const fitting = Array.from(safe).slice(0, LONGEST_PART).join('');
  if (fitting === text && !RESERVED.test(fitting)) return fitting === '' ? 'none' : fitting;
  if (text === '') return 'none';
  return `${fitting}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
}
