import { createIssue, type Issue, type Place } from '../../core/issue.ts';
import { say, type Phrase, type PhraseValue } from '../../core/text.ts';

/** Encodings of a mapping are set in one way whatever the format: `Save the file as CSV UTF-8, or set …`. */
const remedy = (called: PhraseValue): Phrase =>
  called === 'CSV' ? say`Save the file as CSV UTF-8` : say`Save the file as ${called} in UTF-8`;

export function encodingDetected(file: string, encoding: string): Issue {
  const what = say`read as ${encoding.toUpperCase()} because of its byte order mark`;
  return createIssue(
    'encoding-detected',
    { file },
    { what, hint: say`Set encoding: ${encoding} to say that this is meant.` },
  );
}

/** `line`: where the first of them stands. */
export function bytesReplaced(file: string, line: number, count: number, encoding: string): Issue {
  const what =
    count === 1
      ? say`bytes here are not valid ${encoding}; they stand as \ufffd`
      : say`bytes in ${count} places are not valid ${encoding}, the first of them here; they stand as \ufffd`;
  return createIssue('bytes-replaced', { file, line }, { what });
}

export function containsNul(where: Place, called: PhraseValue, looksLike: string | undefined): Issue {
  if (looksLike === undefined) return createIssue('contains-nul', where);
  return createIssue('contains-nul', where, {
    what: say`every second byte is zero; this is UTF-16`,
    hint: say`${remedy(called)}, or set encoding: ${looksLike} in the mapping.`,
  });
}

/** A byte that is no text; `word`: what stands around it in windows-1252, where that fits the rest of the file. */
export interface BadByte {
  readonly byte: number | undefined;
  readonly word: string | undefined;
}

export function invalidEncoding(where: Place, called: PhraseValue, encoding: string, { byte, word }: BadByte): Issue {
  const shown = byte === undefined ? undefined : byte.toString(16).toUpperCase().padStart(2, '0');
  return createIssue('invalid-encoding', where, {
    what: shown === undefined ? say`not valid ${encoding}` : say`byte ${shown} is not valid ${encoding}`,
    hint:
      word === undefined
        ? say`${remedy(called)}, or set encoding: in the mapping to the encoding of the file.`
        : say`It looks like windows-1252 ("${word}"). ${remedy(called)}, or set encoding: windows-1252 in the mapping.`,
  });
}

/** Read as single bytes, characters of UTF-8 are garbage: `MÃ¼ller`. `where`: the first of them. */
export function utf8Declared(where: Place, encoding: string, severity: 'error' | 'warning'): Issue {
  return createIssue('invalid-encoding', where, {
    what: say`the file is UTF-8, not ${encoding}`,
    hint: say`Set read.encoding: utf-8 in the mapping, or save the file as ${encoding}.`,
    severity,
  });
}

export function asciiNotEbcdic(where: Place, encoding: string): Issue {
  return createIssue('invalid-encoding', where, {
    what: say`the file is ASCII text, not ${encoding}`,
    hint: say`Was it converted on its way? Send it in ${encoding}, or set read.encoding: utf-8 in the mapping.`,
  });
}
