import { createIssue, type Issue } from '../../core/issue.ts';
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
    what: 'the line is longer than its record',
    expected: `${length} ${unit}`,
    got: String(measured.units),
    hint:
      surplus === ''
        ? 'Remove the blanks at its end.'
        : `Was a value made longer? Take out as many blanks behind it as were put in. Too much is "${shorten(surplus)}".`,
  });
}

/** A line that ends early, where that is not allowed. */
export function tooShort(where: Spot, measured: Measured, { length }: RecordLayout, { unit }: Layout): Issue {
  return createIssue('wrong-length', where, {
    what: 'the line is shorter than its record',
    expected: `${length} ${unit}`,
    got: String(measured.units),
    hint: 'Fill it up with blanks; if editors cut them off, set short: pad.',
  });
}

/** The file ends before the record does. */
export function cutOff(where: Spot, measured: Measured, kind: RecordLayout, length: number, unit: Unit): Issue {
  const { units } = measured;
  // The field it breaks off in, or the next one.
  const column = columnAt(kind, units) ?? kind.fields.find(({ from }) => from > units)?.name ?? kind.columns.at(-1);
  return createIssue(
    'cut-off',
    { ...where, column: column ?? String(units) },
    { expected: `${length} ${unit}`, got: String(units) },
  );
}

/** A line that ends inside a field whose values reach to its end. */
export function brokenOff(where: Spot, measured: Measured, { name, to }: Field, { unit }: Layout): Issue {
  return createIssue(
    'wrong-length',
    { ...where, column: name },
    {
      what: 'the line ends inside a value that is aligned right',
      expected: `${to} ${unit} up to the end of ${name}`,
      got: String(measured.units),
      hint: 'Is the value cut off? Write it so that it ends at the last position of the field.',
    },
  );
}

export function tabInside(where: Spot, column: string | undefined, unit: number): Issue {
  const what = `a tab at position ${unit + 1} moves what follows out of its columns`;
  return createIssue('tab-inside', { ...where, ...(column === undefined ? {} : { column }) }, { what });
}

export function splitCharacter(where: Spot, { name, from, to }: Field): Issue {
  return createIssue(
    'wrong-length',
    { ...where, column: name },
    {
      what: `a character lies across the border of positions ${from + 1} to ${to}`,
      hint: 'Is a value before it a byte too long? If the columns count characters, set unit: characters.',
    },
  );
}

export function unknownType(where: Spot, kinds: readonly RecordLayout[], text: string): Issue {
  return createIssue('unknown-record-type', where, {
    expected: kinds.map(describeKind).join(' or '),
    got: text.trimEnd(),
  });
}

/** The reading is wrong, not the records. */
export function unfitRecords(where: Spot, misfits: number, records: number): Issue {
  return createIssue('wrong-length', where, {
    what: `${misfits} of the first ${records} records do not fit the layout`,
    expected: 'records as the mapping says',
    hint: 'Is this the right file? Otherwise mend the layout in the mapping.',
  });
}

/** Lines that `ignore` names; `where` is the first of them. */
export function ignoredLines(where: Spot, count: number, starts: readonly string[]): Issue {
  const begin = starts.map((start) => `"${start}"`).join(' or ');
  const what = `${count} ${count === 1 ? 'line that begins' : 'lines that begin'} with ${begin}; skipped`;
  return createIssue('line-ignored', where, { what });
}

const SHOWN_CHARACTERS = 40;

function shorten(text: string): string {
  const characters = Array.from(text.slice(0, SHOWN_CHARACTERS * 2 + 1));
  return characters.length <= SHOWN_CHARACTERS ? text : `${characters.slice(0, SHOWN_CHARACTERS).join('')}…`;
}
