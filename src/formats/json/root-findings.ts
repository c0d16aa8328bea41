import { createIssue, type Issue } from '../../core/issue.ts';
import { suggestion } from '../../core/shape.ts';
import { say, type Phrase } from '../../core/text.ts';
import { placeOf } from './cut.ts';
import type { Position } from './position.ts';
import { anArray } from './values.ts';

/** Names of an object that are kept to help with a wrong path, and how much of each. */
export const KEPT_NAMES = 20;
export const KEPT_CHARACTERS = 40;

/** Something else stands where the path leads. `depth`: how many of its names were followed. */
export function wrongRoot(
  file: string,
  position: Position,
  path: readonly string[],
  depth: number,
  found: Phrase,
): Issue {
  const rest = path.slice(depth).join('.');
  const holder = depth === 0 ? say`the file` : path.slice(0, depth).join('.');
  const expected =
    rest === '' ? say`an array of records, or an object that is one record` : say`an object with ${rest} in it`;
  const isPlain = depth === 0 && rest !== '' && found === anArray;
  const hint = isPlain ? say`If the file itself is the array of records, remove path: from the mapping.` : undefined;
  return createIssue('wrong-root', placeOf(file, position), {
    what: say`${holder} holds ${found}`,
    expected,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** The object that the first names of a path lead to has no member of the next name. `names`: some that it has. */
export function missingName(
  file: string,
  position: Position,
  path: readonly string[],
  depth: number,
  names: readonly string[],
): Issue {
  const wanted = path[depth - 1] ?? '';
  const holder = depth === 1 ? say`the file` : path.slice(0, depth - 1).join('.');
  const { hint } = suggestion(wanted, names);
  return createIssue('wrong-root', placeOf(file, position), {
    what: say`${holder} has no "${wanted}"`,
    expected: say`the records under ${path.join('.')}`,
    got: names.length === 0 ? '{}' : names.join(', '),
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Something that cannot be JSON at all. */
export function notJson(file: string, position: Position, text: string): Issue {
  const [got = ''] = text.split(/\s/, 1);
  return createIssue('not-json', placeOf(file, position), { what: say`a JSON file begins with { or [`, got });
}

export function moreThanOne(file: string, position: Position): Issue {
  return createIssue('not-json', placeOf(file, position), {
    what: say`something follows the end of the document (character ${position.character})`,
    hint: say`If each line is a document of its own, set format: ndjson in the mapping; otherwise remove it.`,
  });
}
