/** How characters that an encoding lacks are spelt with those it has. */
export type Spelling = 'latin' | 'german' | 'nordic';

const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  ẞ: 'SS',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  ø: 'o',
  Ø: 'O',
  ð: 'd',
  Ð: 'D',
  đ: 'd',
  Đ: 'D',
  þ: 'th',
  Þ: 'Th',
  ł: 'l',
  Ł: 'L',
  ı: 'i',
  ħ: 'h',
  Ħ: 'H',
  ŋ: 'n',
  Ŋ: 'N',
  ŧ: 't',
  Ŧ: 'T',
  ĳ: 'ij',
  Ĳ: 'IJ',
  '‘': "'",
  '’': "'",
  '‚': "'",
  '‛': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '«': '"',
  '»': '"',
  '‹': "'",
  '›': "'",
  '‐': '-',
  '‑': '-',
  '‒': '-',
  '–': '-',
  '—': '-',
  '―': '-',
  '−': '-',
  '…': '...',
  '•': '*',
  '·': '.',
  '€': 'EUR',
  '£': 'GBP',
  '¥': 'JPY',
  '№': 'No',
  '™': 'TM',
  '©': '(c)',
  '®': '(R)',
  '×': 'x',
  '÷': '/',
  '°': 'o',
  º: 'o',
  ª: 'a',
  '½': '1/2',
  '¼': '1/4',
  '¾': '3/4',
  '²': '2',
  '³': '3',
  '¹': '1',
  µ: 'u',
  '´': "'",
};
const UMLAUTS: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', Ä: 'Ae', Ö: 'Oe', Ü: 'Ue' };
const NORDIC: Readonly<Record<string, string>> = {
  å: 'aa',
  Å: 'Aa',
  ä: 'ae',
  Ä: 'Ae',
  ö: 'oe',
  Ö: 'Oe',
  ø: 'oe',
  Ø: 'Oe',
  æ: 'ae',
  Æ: 'Ae',
};
const OWN: Readonly<Record<Spelling, Readonly<Record<string, string>>>> = {
  latin: {},
  german: UMLAUTS,
  nordic: NORDIC,
};

/** Spells one character with others; undefined when there is no usual way. Marks that only decorate fall away. */
export function spell(character: string, spelling: Spelling): string | undefined {
  const known = OWN[spelling][character] ?? LETTERS[character];
  if (known !== undefined) return known;
  if (/\p{Zs}/u.test(character)) return ' ';
  // Marks of text direction and width show nothing; a lone mark is what is left of a decomposed letter.
  if (/[\p{Cf}\p{Mn}]/u.test(character)) return '';
  const bare = character.normalize('NFKD').replaceAll(/\p{Mn}/gu, '');
  return bare === character ? undefined : bare;
}
