import { atomsOf, pick, textOf, type Dice, type Seed } from './content.ts';

export const kinds = ['text', 'number', 'date', 'time', 'boolean', 'formula'] as const;
export type CellKind = (typeof kinds)[number];

/** A cell as the sheet has it, without its place, and the text it must be read as. */
export interface MadeCell {
  readonly attributes: string;
  readonly content: string;
  readonly text: string;
}

/** Formats of the styles 0, 1, …: none, dates by number and by code, with a time, text. */
export const FORMATS = [0, 14, 'dd/mm/yyyy', 'yyyy-mm-dd hh:mm:ss', 49, '#,##0.00 "d"'] as const;
const DATE_STYLES = [1, 2] as const;
const TIME_STYLE = 3;
const NUMBER_STYLES = [0, 5] as const;

/** What is stored, and what it says: digits beyond the fifteenth are noise of the binary form. */
const NUMBERS = [
  ['7', '7'],
  ['-12.5', '-12.5'],
  ['0.30000000000000004', '0.3'],
  ['1E3', '1000'],
  ['1.5E-7', '0.00000015'],
  ['100.10', '100.1'],
  ['0', '0'],
  ['4.0', '4'],
  ['123456789012345', '123456789012345'],
  ['1234567.89', '1234567.89'],
] as const;

const ATOMS = atomsOf('utf-8', true);

/** Shared texts are collected in a list as they are met. */
export interface Book {
  readonly strings: string[];
  readonly is1904: boolean;
}

/** Undefined: the cell is left out, and read as an empty text. */
export function makeCell(kind: CellKind, numbers: Seed, book: Book, dice: Dice): MadeCell | undefined {
  if (numbers.length === 0) return undefined;
  const number = numbers[0] ?? 0;
  switch (kind) {
    case 'text':
      return textCell(textOf(numbers, ATOMS), book, dice);
    case 'number': {
      const [stored, text] = pick(NUMBERS, number);
      return { attributes: ` s="${pick(NUMBER_STYLES, dice(2))}"`, content: `<v>${stored}</v>`, text };
    }
    case 'date': {
      const { serial, text } = dayOf(number, book.is1904);
      return { attributes: ` s="${pick(DATE_STYLES, dice(2))}"`, content: `<v>${serial}</v>`, text };
    }
    case 'time': {
      const { serial, text } = dayOf(number, book.is1904);
      const minutes = ((numbers[1] ?? 0) * 7) % 1440;
      const clock = `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:00`;
      const content = `<v>${serial + minutes / 1440}</v>`;
      return { attributes: ` s="${TIME_STYLE}"`, content, text: `${text}T${clock}` };
    }
    case 'boolean':
      return { attributes: ' t="b"', content: `<v>${number % 2}</v>`, text: number % 2 === 1 ? 'true' : 'false' };
    case 'formula': {
      const text = `=${textOf(numbers, ATOMS)}`;
      return { attributes: ' t="str"', content: `<f>A1&amp;""</f><v>${escaped(text)}</v>`, text };
    }
  }
}

export function textCell(text: string, book: Book, dice: Dice): MadeCell {
  const run = `<t xml:space="preserve">${escaped(text)}</t>`;
  if (dice(3) > 0) return { attributes: ' t="inlineStr"', content: `<is>${run}</is>`, text };
  // Some texts consist of runs, and some of those tell how a word is spoken.
  const [first = '', ...rest] = Array.from(text);
  const isSplit = first !== '' && !text.includes('_') && dice(3) === 2;
  const runs = `<r><t xml:space="preserve">${escaped(first)}</t></r><r><t xml:space="preserve">${escaped(rest.join(''))}</t></r><rPh sb="0" eb="1"><t>no</t></rPh>`;
  book.strings.push(isSplit ? runs : run);
  return { attributes: ' t="s"', content: `<v>${book.strings.length - 1}</v>`, text };
}

/** A day from 1900-03-01 on, by the calendar of the platform. */
function dayOf(number: number, is1904: boolean): { serial: number; text: string } {
  const day = new Date(Date.UTC(1904, 0, 1 + ((number * 37) % 60_000)));
  const epoch = is1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30);
  return { serial: (day.getTime() - epoch) / 86_400_000, text: day.toISOString().slice(0, 10) };
}

const two = (value: number): string => String(value).padStart(2, '0');

/** Text for an XML part; what XML cannot hold, and a CR that it would change, as `_x000D_`. */
function escaped(text: string): string {
  return text
    .replaceAll(/_x(?=[0-9A-Fa-f]{4}_)/g, '_x005F_x')
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g, (character) => {
      return `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`;
    })
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
