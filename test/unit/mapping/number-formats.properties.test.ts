import { Big } from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseNumberFormat, type NumberFormat } from '../../../src/mapping/values/number-format.ts';
import { numberSymbols } from '../../../src/mapping/values/pattern-reference.ts';

/** Digits as a program of that land groups them: the engine's own tables, not ours. */
const grouped = (whole: string, land: string): string => BigInt(whole).toLocaleString(land, { useGrouping: true });
// Versions of the engine's tables differ in which blank and which apostrophe they take.
const markOf = (land: string): string => grouped('1000', land).charAt(1);
const english = (whole: string): string => grouped(whole, 'en-US');
const german = (whole: string): string => grouped(whole, 'de-DE');

interface Sample {
  readonly whole: string;
  readonly decimals: string;
  readonly isNegative: boolean;
}

/** How many decimals a pattern has, and its text written by hand. */
interface Case {
  readonly pattern: string;
  readonly decimals: number;
  readonly write: (sample: Sample) => string;
  /** Powers of ten between what is written and what is meant. */
  readonly shift?: number;
}

const minus = ({ isNegative }: Sample): string => (isNegative ? '-' : '');
const zoned = (digits: string, isNegative: boolean): string =>
  digits.slice(0, -1) + (isNegative ? '}JKLMNOPQR' : '{ABCDEFGHI').charAt(Number(digits.at(-1)));

const cases: readonly Case[] = [
  { pattern: '0', decimals: 0, write: (s) => `${minus(s)}${s.whole}` },
  { pattern: '0.00', decimals: 2, write: (s) => `${minus(s)}${s.whole}.${s.decimals}` },
  { pattern: '#0,000', decimals: 3, write: (s) => `${minus(s)}${s.whole},${s.decimals}` },
  { pattern: '0,000.00', decimals: 2, write: (s) => `${minus(s)}${english(s.whole)}.${s.decimals}` },
  { pattern: '0.000,0000', decimals: 4, write: (s) => `${minus(s)}${german(s.whole)},${s.decimals}` },
  { pattern: '0.000.000', decimals: 0, write: (s) => `${minus(s)}${german(s.whole)}` },
  {
    pattern: `0${markOf('fr-FR')}000,00`,
    decimals: 2,
    write: (s) => `${minus(s)}${grouped(s.whole, 'fr-FR')},${s.decimals}`,
  },
  {
    pattern: `0${markOf('de-CH')}000.00`,
    decimals: 2,
    write: (s) => `${minus(s)}${grouped(s.whole, 'de-CH')}.${s.decimals}`,
  },
  { pattern: '0,00,000.00', decimals: 2, write: (s) => `${minus(s)}${grouped(s.whole, 'en-IN')}.${s.decimals}` },
  { pattern: '0.000,00-', decimals: 2, write: (s) => `${german(s.whole)},${s.decimals}${minus(s)}` },
  { pattern: '+0.00', decimals: 2, write: (s) => `${s.isNegative ? '-' : '+'}${s.whole}.${s.decimals}` },
  {
    pattern: '(0,000.00)',
    decimals: 2,
    write: (s) => (s.isNegative ? '(#)' : '#').replace('#', `${english(s.whole)}.${s.decimals}`),
  },
  { pattern: '0.00 DR/CR', decimals: 2, write: (s) => `${s.whole}.${s.decimals} ${s.isNegative ? 'CR' : 'DR'}` },
  { pattern: 'S/H 0,00', decimals: 2, write: (s) => `${s.isNegative ? 'H' : 'S'} ${s.whole},${s.decimals}` },
  { pattern: '0.0 %', decimals: 1, shift: 2, write: (s) => `${minus(s)}${s.whole}.${s.decimals} %` },
  { pattern: '$0,000.00', decimals: 2, write: (s) => `${minus(s)}$${english(s.whole)}.${s.decimals}` },
  { pattern: '0.000,00 €', decimals: 2, write: (s) => `${minus(s)}${german(s.whole)},${s.decimals} €` },
  { pattern: '0v00', decimals: 2, write: (s) => `${minus(s)}${s.whole}${s.decimals}` },
  { pattern: '00000v000-', decimals: 3, write: (s) => `${s.whole.padStart(5, '0')}${s.decimals}${minus(s)}` },
  { pattern: '0v00s', decimals: 2, write: (s) => zoned(s.whole + s.decimals, s.isNegative) },
  { pattern: '000s', decimals: 0, write: (s) => zoned(s.whole.padStart(3, '0'), s.isNegative) },
];

const compiled = (pattern: string): NumberFormat => {
  const format = parseNumberFormat(pattern);
  if ('problem' in format) throw new Error(`${pattern}: ${format.problem}`);
  return format;
};

const samples = (decimals: number): fc.Arbitrary<Sample> =>
  fc.record({
    whole: fc.oneof(fc.nat(2000).map(String), fc.stringMatching(/^[1-9]\d{0,24}$/)),
    decimals: fc.stringMatching(new RegExp(`^\\d{${decimals}}$`)),
    isNegative: fc.boolean(),
  });

describe('every number pattern', () => {
  it.each(cases)(
    '$pattern reads what is written by hand, and writes the same',
    ({ pattern, decimals, write, shift = 0 }) => {
      const format = compiled(pattern);
      fc.assert(
        fc.property(samples(decimals), (given) => {
          const digits = `${given.whole}.${given.decimals || '0'}`;
          const isZero = new Big(digits).eq(0);
          // A minus before nothing is read, but never written.
          const sample = { ...given, isNegative: given.isNegative && !isZero };
          const meant = new Big(`${sample.isNegative ? '-' : ''}${digits}e-${shift}`);
          const text = write(sample);
          const read = format.read(text);
          expect(read).toMatch(/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/);
          expect(new Big(read ?? '').eq(meant)).toBe(true);
          expect(format.write(meant)).toBe(text);
        }),
      );
    },
  );

  it('writes any number so that reading it gives the number rounded half up', () => {
    const patterns = [...cases.map(({ pattern }) => pattern), ...numberSymbols.map(({ format }) => format)];
    fc.assert(
      fc.property(fc.constantFrom(...patterns), samples(6), (pattern, { whole, decimals, isNegative }) => {
        const format = compiled(pattern);
        const number = new Big(`${isNegative ? '-' : ''}${whole}.${decimals}`);
        const places = decimalsOf(pattern);
        const rounded = places === undefined ? number : number.round(places, 1);
        expect(new Big(format.read(format.write(number)) ?? 'none').eq(rounded)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('reads nothing into arbitrary text: what it takes, it writes back as the same number', () => {
    const characters = fc.constantFrom(...Array.from("0123456789.,'+-()%$€ \u00a0{}AJRDCpy#"));
    fc.assert(
      fc.property(fc.constantFrom(...cases), fc.array(characters, { maxLength: 12 }), ({ pattern }, list) => {
        const format = compiled(pattern);
        const read = format.read(list.join(''));
        if (read === undefined) return;
        expect(read).toMatch(/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/);
        const ours = decimalsOf(pattern);
        const number = new Big(read);
        expect(
          new Big(format.read(format.write(number)) ?? 'none').eq(ours === undefined ? number : number.round(ours, 1)),
        ).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });
});

/** Decimals of the number a pattern keeps; undefined: all of them. */
function decimalsOf(pattern: string): number | undefined {
  if (/[.,]0*#/.test(pattern)) return undefined;
  const known = cases.find((own) => own.pattern === pattern);
  const own = known?.decimals ?? (/[.,v](0+)\D*$/.exec(pattern)?.[1] ?? '').length;
  return own + (pattern.includes('%') ? 2 : 0);
}
