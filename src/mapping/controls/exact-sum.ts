import { parseNumberFormat } from '../values/number-format.ts';

// No quantity, amount or identifier is longer; a cell of a megabyte must not become a number of a million digits.
const LONGEST_NUMBER = 100;

/** A sum without rounding, whatever the number of decimals. */
export interface ExactSum {
  /** Adds a number written with a point: `-12.50`. */
  add(plain: string): void;
  equals(plain: string): boolean;
  text(): string;
}

export function createExactSum(): ExactSum {
  let total = 0n;
  let decimals = 0;
  return {
    add(plain) {
      const { digits, scale } = split(plain);
      const finest = Math.max(decimals, scale);
      total = inUnits(total, decimals, finest) + inUnits(digits, scale, finest);
      decimals = finest;
    },
    equals(plain) {
      const { digits, scale } = split(plain);
      const finest = Math.max(decimals, scale);
      return inUnits(digits, scale, finest) === inUnits(total, decimals, finest);
    },
    text: () => decimalText(total, decimals),
  };
}

/** A number given in units of so many decimals, in units of more. */
function inUnits(digits: bigint, from: number, to: number): bigint {
  return from === to ? digits : digits * 10n ** BigInt(to - from);
}

function split(plain: string): { digits: bigint; scale: number } {
  const point = plain.indexOf('.');
  if (point < 0) return { digits: BigInt(plain), scale: 0 };
  return { digits: BigInt(plain.slice(0, point) + plain.slice(point + 1)), scale: plain.length - point - 1 };
}

function decimalText(total: bigint, decimals: number): string {
  const sign = total < 0n ? '-' : '';
  const digits = (total < 0n ? -total : total).toString().padStart(decimals + 1, '0');
  return decimals === 0
    ? `${sign}${digits}`
    : `${sign}${digits.slice(0, digits.length - decimals)}.${digits.slice(-decimals)}`;
}

/** Reads a number as a file writes it: with a point, undefined when it is none. */
export type ReadDecimal = (text: string) => string | undefined;

/** Undefined when the format cannot be used. */
export function decimalReader(format = '0.00'): ReadDecimal | undefined {
  const parsed = parseNumberFormat(format);
  if ('problem' in parsed) return undefined;
  return (text) => (text.length > LONGEST_NUMBER ? undefined : parsed.read(text));
}

/** The digits of an identifier as one number; nothing when it has none. Undefined when there are too many. */
export function digitsOf(text: string): string | undefined {
  const digits = text.replaceAll(/[^0-9]/g, '');
  return digits.length > LONGEST_NUMBER ? undefined : digits;
}
