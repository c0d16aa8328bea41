// A zoned number carries its sign in the zone of one digit. What a mainframe wrote as EBCDIC comes decoded as these
// letters; compilers for ASCII wrote p to y for the negative digits and left the positive ones alone.
const POSITIVE = '{ABCDEFGHI';
const NEGATIVE = '}JKLMNOPQR';
const NEGATIVE_ASCII = 'pqrstuvwxy';

/** What the overpunched digit says. */
export interface SignedDigit {
  readonly digit: number;
  readonly isNegative: boolean;
}

export function readOverpunch(character: string): SignedDigit | undefined {
  if (/^\d$/.test(character)) return { digit: Number(character), isNegative: false };
  if (character.length !== 1) return undefined;
  const positive = POSITIVE.indexOf(character);
  if (positive >= 0) return { digit: positive, isNegative: false };
  const negative = Math.max(NEGATIVE.indexOf(character), NEGATIVE_ASCII.indexOf(character));
  return negative < 0 ? undefined : { digit: negative, isNegative: true };
}

/** The letter, as a mainframe would write it. */
export function writeOverpunch(digit: number, isNegative: boolean): string {
  return (isNegative ? NEGATIVE : POSITIVE).charAt(digit);
}
