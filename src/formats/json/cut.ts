import type { Bytes, FormatOptions, ReadContext } from '../../core/format.ts';
import { createIssue, type Issue, type Place } from '../../core/issue.ts';
import type { Phrase, PhraseValue } from '../../core/text.ts';
import { decode } from '../text/decode.ts';
import { readTextOptions } from '../text/options.ts';
import type { Parsed } from './parse.ts';
import type { Position } from './position.ts';

/** A record cut out of a file. */
export interface Element {
  /** The value as it stands in the file. */
  readonly text: string;
  readonly start: Position;
  readonly parsed: Parsed;
  /** How the line ends it stands on; in an array, how lines of the file end. Empty where none ended yet. */
  readonly lineEnd: string;
}

/** What a text brought: whole records, and what refuses the file behind them. */
export interface Taken {
  readonly elements: readonly Element[];
  readonly refused?: Issue | undefined;
  readonly notices?: readonly Issue[];
}

/** Cuts the text of a file into records, in flat memory. */
export interface Cutter {
  /** Takes the next text, however it is cut. `isLast`: the file ends with it. Not called again after a refusal. */
  take(text: string, isLast: boolean): Taken;
  /** Where the text so far ends. */
  end(): Position;
  /** What stands before the first record when only records are kept. */
  readonly opening: string;
}

export type Cut =
  /** Once, before any element. */
  | { readonly kind: 'encoding'; readonly encoding: string; readonly lead: string }
  | { readonly kind: 'elements'; readonly elements: readonly Element[] }
  | { readonly kind: 'notice'; readonly issue: Issue }
  | { readonly kind: 'refused'; readonly issue: Issue };

/** Decodes a file and cuts it. Ends after the first refusal. */
export async function* cutFile(
  bytes: Bytes,
  options: FormatOptions,
  context: ReadContext,
  called: PhraseValue,
  cutter: Cutter,
): AsyncGenerator<Cut, void, void> {
  const { file } = context;
  for await (const decoded of decode(bytes, readTextOptions(options), { file, called })) {
    switch (decoded.kind) {
      case 'encoding':
        yield { kind: 'encoding', encoding: decoded.encoding, lead: decoded.hasMark ? '\ufeff' : '' };
        break;
      case 'notice':
        yield decoded;
        break;
      case 'refused':
        yield { kind: 'refused', issue: decoded.issueAt(decoded.isWhole ? { file } : placeOf(file, cutter.end())) };
        return;
      case 'text': {
        const { refused, ...taken } = cutter.take(decoded.text, false);
        yield* give(taken);
        if (refused === undefined) break;
        yield { kind: 'refused', issue: refused };
        return;
      }
    }
  }
  const { refused, ...taken } = cutter.take('', true);
  yield* give(taken);
  if (refused !== undefined) yield { kind: 'refused', issue: refused };
}

function* give({ elements, notices = [] }: Taken): Generator<Cut, void, void> {
  if (elements.length > 0) yield { kind: 'elements', elements };
  for (const issue of notices) yield { kind: 'notice', issue };
}

export function placeOf(file: string, { line, character }: Position): Place {
  return { file, line, character };
}

export function emptyFile(file: string, expected: Phrase): Issue {
  return createIssue('empty-file', { file }, { expected });
}
