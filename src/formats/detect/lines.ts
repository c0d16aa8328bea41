/** A line of a text and its number, from 1. */
export interface Line {
  readonly line: number;
  readonly text: string;
}

/** Lines that are not blank, without their line ends. The last one only when the text is whole. */
export function linesOf(text: string, isWhole: boolean, most: number): readonly Line[] {
  const all = text.split(/\r\n|\r|\n/, most + 1).map((line, index) => ({ line: index + 1, text: line }));
  const known = isWhole || all.length > most ? all.slice(0, most) : all.slice(0, -1);
  return known.filter((line) => line.text.replaceAll('\u001a', '').trim() !== '');
}
