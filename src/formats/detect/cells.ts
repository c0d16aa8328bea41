/** What kind of text a cell is, as far as that helps to tell headers from records and delimiters from text. */
export type CellKind = 'empty' | 'number' | 'date' | 'text';

const NUMBER =
  /^[-+]?(?:[$€£¥]\s?)?(?:\d{1,3}(?:[., '\u00a0]\d{3})+|\d+)?(?:[.,]\d+)?(?:[eE][-+]?\d+)?\s?(?:%|-|€|CR|DR)?$/;
const DATE =
  /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})|\d{1,2}[- ][A-Za-z]{3}[- ]\d{2,4})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s?[AP]M|Z|[-+]\d{2}:?\d{2})?)?$/i;

export function cellKind(cell: string): CellKind {
  const text = cell.trim();
  if (text === '') return 'empty';
  if (/\d/.test(text) && NUMBER.test(text)) return 'number';
  return DATE.test(text) ? 'date' : 'text';
}
