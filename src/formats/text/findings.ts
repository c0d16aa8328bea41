import { createIssue, type Issue, type Place } from '../../core/issue.ts';

/** Encodings of a mapping are set in one way whatever the format: `Save the file as CSV UTF-8, or set …`. */
const remedy = (called: string): string => `Save the file as ${called}${called === 'CSV' ? '' : ' in'} UTF-8`;

export function encodingDetected(file: string, encoding: string): Issue {
  const what = `read as ${encoding.toUpperCase()} because of its byte order mark`;
  return createIssue(
    'encoding-detected',
    { file },
    { what, hint: `Set encoding: ${encoding} to say that this is meant.` },
  );
}

/** `line`: where the first of them stands. */
export function bytesReplaced(file: string, line: number, count: number, encoding: string): Issue {
  const what =
    count === 1
      ? `bytes here are not valid ${encoding}; they stand as \ufffd`
      : `bytes in ${count} places are not valid ${encoding}, the first of them here; they stand as \ufffd`;
  return createIssue('bytes-replaced', { file, line }, { what });
}

export function containsNul(where: Place, called: string, looksLike: string | undefined): Issue {
  if (looksLike === undefined) return createIssue('contains-nul', where);
  return createIssue('contains-nul', where, {
    what: 'every second byte is zero; this is UTF-16',
    hint: `${remedy(called)}, or set encoding: ${looksLike} in the mapping.`,
  });
}

/** A byte that is no text; `word`: what stands around it in windows-1252, where that fits the rest of the file. */
export interface BadByte {
  readonly byte: number | undefined;
  readonly word: string | undefined;
}

export function invalidEncoding(where: Place, called: string, encoding: string, { byte, word }: BadByte): Issue {
  const shown = byte === undefined ? undefined : byte.toString(16).toUpperCase().padStart(2, '0');
  return createIssue('invalid-encoding', where, {
    what: shown === undefined ? `not valid ${encoding}` : `byte ${shown} is not valid ${encoding}`,
    hint:
      word === undefined
        ? `${remedy(called)}, or set encoding: in the mapping to the encoding of the file.`
        : `It looks like windows-1252 ("${word}"). ${remedy(called)}, or set encoding: windows-1252 in the mapping.`,
  });
}
