import { Big } from 'big.js';
import { isJsonObject, isRawNumber, scalarText, type Json } from '../../core/json.ts';
import { selectAll, type JsonPath } from '../../core/path.ts';

// More digits than this are no quantity; written out, an exponent of a million would fill the memory.
const LARGEST_EXPONENT = 100;

/**
 * Text of a scalar in a tree, outer space removed. JSON numbers may be written with an exponent (Java writes 1000 as `1E+3`
 * and nothing as `0E-8`) and lose no digit by it, unlike what spreadsheets do: they are written out. `isWhole`: programs
 * that know one kind of number write 1 as `1.0`; where a whole number is wanted these zeros say nothing.
 */
export function treeText(value: Json | undefined, isWhole = false): string {
  const text = scalarText(value)?.trim() ?? '';
  if (!isRawNumber(value)) return text;
  const plain = /e/i.test(text) ? withoutExponent(text) : text;
  return isWhole ? plain.replace(/^(-?\d+)\.0+$/, '$1') : plain;
}

function withoutExponent(text: string): string {
  const exponent = Math.abs(Number(text.slice(text.search(/e/i) + 1)));
  return exponent > LARGEST_EXPONENT ? text : new Big(text).toFixed();
}

/** Whether a value is a list or an object that holds something: where one text is wanted, it would be lost. */
export function isComposite(value: Json | undefined): boolean {
  return Array.isArray(value) ? value.length > 0 : isJsonObject(value) && Object.keys(value).length > 0;
}

/** What a path leads to, one by one. A single object counts as a list of one. */
export function elementsOf(root: Json | undefined, path: JsonPath): readonly Json[] {
  return selectAll(root, path)
    .flat()
    .filter((element) => element !== null);
}
