import type { ReadContext } from '../../core/format.ts';
import { createIssue, type Issue } from '../../core/issue.ts';
import { say, type Phrase } from '../../core/text.ts';
import { causeOf, describeFault, ownCode, type Fault } from './faults.ts';
import { parseJson } from './parse.ts';
import { advance, type Position } from './position.ts';

/** A text and where it begins in its file. */
export interface Located {
  readonly text: string;
  readonly start: Position;
}

/** A fault that takes only its record down. The place is the record's, as for every issue of a record. */
export function recordIssue(fault: Fault, { text, start }: Located, { file }: ReadContext): Issue {
  const { what, ...details } = wordsFor(fault, text);
  const { line, character } = advance(start, text, 0, fault.at);
  const isHere = line === start.line;
  const where = {
    file,
    line: start.line,
    ...(isHere ? { character } : {}),
    ...(fault.pointer === '' ? {} : { column: fault.pointer }),
  };
  const at = isHere ? say`character ${character}` : say`line ${line}, character ${character}`;
  return createIssue(ownCode(fault) ?? 'broken-json', where, { ...details, what: say`${what} (${at})` });
}

/** In a record that ends with its line, that is where it ends. */
function wordsFor(fault: Fault, text: string): ReturnType<typeof describeFault> {
  if (fault.kind !== 'end') return describeFault(fault, text);
  return { what: say`the line ends before its value does`, hint: say`Is a bracket missing, or is the line cut off?` };
}

/** A fault that takes the file down, because nothing after it is certain. */
export function fileIssue(fault: Fault, { text, start }: Located, { file }: ReadContext): Issue {
  const { what, ...details } = describeFault(fault, text);
  const { line, character } = advance(start, text, 0, fault.at);
  const where = { file, line, character, ...(fault.pointer === '' ? {} : { column: fault.pointer }) };
  return createIssue(ownCode(fault) ?? 'not-json', where, {
    ...details,
    what: say`${what} (${say`character ${character}`})`,
  });
}

/** The file ends inside a value. What is wrong before the end is told first: it may be why no end was found. */
export function cutOff(located: Located, context: ReadContext): Issue {
  const fatal = fatalOf(located, context);
  if (fatal !== undefined && fatal.kind !== 'end' && fatal.kind !== 'open-text')
    return fileIssue(fatal, located, context);
  const at = fatal?.kind === 'open-text' ? fatal.at : located.text.length;
  const { line, character } = advance(located.start, located.text, 0, at);
  const where = { file: context.file, line, character };
  const what =
    fatal?.kind === 'open-text'
      ? say`the file ends inside a text that begins here (character ${character})`
      : say`the file ends in the middle of a record (character ${character})`;
  return createIssue('file-cut-off', where, { what });
}

/** A value goes on beyond what a record may be; `located`: one character more of it. */
export function recordTooLong(located: Located, context: ReadContext, hint?: Phrase): Issue {
  const { recordCharacters, fieldCharacters } = context.limits;
  const { text, start } = located;
  const fatal = fatalOf(located, context);
  if (fatal !== undefined && fatal.kind !== 'end' && fatal.kind !== 'open-text') {
    return fileIssue(fatal, located, context);
  }
  const isText = fatal?.kind === 'open-text' && text.length - fatal.at > fieldCharacters;
  const { line, character } = isText ? advance(start, text, 0, fatal.at) : start;
  const what = isText
    ? say`a text that begins here is longer than the limit`
    : say`the record is longer than the limit`;
  return createIssue(
    'line-too-long',
    { file: context.file, line, character },
    {
      what: say`${what} (${say`character ${character}`})`,
      expected: say`at most ${recordCharacters} characters`,
      ...(hint === undefined ? {} : { hint }),
    },
  );
}

function fatalOf({ text }: Located, { limits }: ReadContext): Fault | undefined {
  const { fatal, faults } = parseJson(text, limits.fieldCharacters);
  return fatal === undefined ? undefined : causeOf(fatal, faults);
}
