import { createIssue, type Issue, type Place } from '../../core/issue.ts';
import { eitherOf, say, type Phrase } from '../../core/text.ts';
import { columnAt, describeKind } from './kinds.ts';
import type { Field, Layout, RecordLayout, Unit } from './layout.ts';
import { sliceUnits, type Measured } from './ruler.ts';

export interface Spot {
  readonly file: string;
  readonly line: number;
}

/** Text behind the end of the record. */
export function tooLong(where: Spot, measured: Measured, length: number, { unit }: Layout): Issue {
  const surplus = sliceUnits(measured, length, measured.units).trim();
  return createIssue('wrong-length', where, {
    what: say`the line is longer than its record`,
    expected: unitsOf(length, unit),
    got: String(measured.units),
    hint:
      surplus === ''
        ? say`Remove the blanks at its end.`
        : say`Was a value made longer? Take out as many blanks behind it as were put in. Too much is "${shorten(surplus)}".`,
  });
}

/** A line that ends early, where that is not allowed. */
export function tooShort(where: Spot, measured: Measured, { length }: RecordLayout, { unit }: Layout): Issue {
  return createIssue('wrong-length', where, {
    what: say`the line is shorter than its record`,
    expected: unitsOf(length, unit),
    got: String(measured.units),
    hint: say`Fill it up with blanks; if editors cut them off, set short: pad.`,
  });
}

/** The file ends before the record does. */
export function fileCutOff(where: Spot, measured: Measured, kind: RecordLayout, length: number, unit: Unit): Issue {
  return createIssue('file-cut-off', cutPlace(where, measured, kind), {
    what: say`the file ends in the middle of this record`,
    expected: unitsOf(length, unit),
    got: String(measured.units),
  });
}

/** A record that an earlier file was cut off in still lacks its end. */
export function cutOff(where: Spot, measured: Measured, kind: RecordLayout, length: number, unit: Unit): Issue {
  return createIssue('cut-off', cutPlace(where, measured, kind), {
    expected: unitsOf(length, unit),
    got: String(measured.units),
  });
}

/** The field it breaks off in, or the next one. */
function cutPlace(where: Spot, { units }: Measured, kind: RecordLayout): Place {
  const column = columnAt(kind, units) ?? kind.fields.find(({ from }) => from > units)?.name ?? kind.columns.at(-1);
  return { ...where, column: column ?? String(units) };
}

/** A line that ends inside a field whose values reach to its end. */
export function brokenOff(where: Spot, measured: Measured, { name, to }: Field, { unit }: Layout): Issue {
  return createIssue(
    'wrong-length',
    { ...where, column: name },
    {
      what: say`the line ends inside a value that is aligned right`,
      expected: say`${unitsOf(to, unit)} up to the end of ${name}`,
      got: String(measured.units),
      hint: say`Is the value cut off? Write it so that it ends at the last position of the field.`,
    },
  );
}

export function tabInside(where: Spot, column: string | undefined, unit: number): Issue {
  const what = say`a tab at position ${unit + 1} moves what follows out of its columns`;
  return createIssue('tab-inside', { ...where, ...(column === undefined ? {} : { column }) }, { what });
}

export function splitCharacter(where: Spot, { name, from, to }: Field): Issue {
  return createIssue(
    'wrong-length',
    { ...where, column: name },
    {
      what: say`a character lies across the border of positions ${from + 1} to ${to}`,
      hint: say`Is a value before it a byte too long? If the columns count characters, set unit: characters.`,
    },
  );
}

export function unknownType(where: Spot, kinds: readonly RecordLayout[], text: string): Issue {
  return createIssue('unknown-record-type', where, {
    expected: eitherOf(kinds.map(describeKind)),
    got: text.trimEnd(),
  });
}

/** The reading is wrong, not the records. */
export function unfitRecords(where: Spot, misfits: number, records: number): Issue {
  return createIssue('wrong-length', where, {
    what: say`${misfits} of the first ${records} records do not fit the layout`,
    expected: say`records as the mapping says`,
    hint: say`Is this the right file? Otherwise mend the layout in the mapping.`,
  });
}

/** Lines that `ignore` names; `where` is the first of them. */
export function ignoredLines(where: Spot, count: number, starts: readonly string[]): Issue {
  const begin = eitherOf(starts.map((start) => say`"${start}"`));
  const what =
    count === 1
      ? say`1 line that begins with ${begin}; skipped`
      : say`${count} lines that begin with ${begin}; skipped`;
  return createIssue('line-ignored', where, { what });
}

/** A length in words. */
export function unitsOf(count: number, unit: Unit): Phrase {
  return unit === 'bytes' ? say`${count} bytes` : say`${count} characters`;
}

const SHOWN_CHARACTERS = 40;

function shorten(text: string): string {
  const characters = Array.from(text.slice(0, SHOWN_CHARACTERS * 2 + 1));
  return characters.length <= SHOWN_CHARACTERS ? text : `${characters.slice(0, SHOWN_CHARACTERS).join('')}…`;
}
