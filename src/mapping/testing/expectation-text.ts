import { stringify } from 'yaml';
import type { YamlValue } from '../types.ts';

/** A value as it stands behind the colon of a property that begins in a column: on the same line, or on lines below. */
export function expectationText(value: YamlValue, column: number): string {
  const isBlock = typeof value === 'object' && value !== null && Object.keys(value).length > 0;
  const text = stringify(value, { lineWidth: 0, singleQuote: true }).trimEnd();
  if (!isBlock) return ` ${text.replaceAll('\n', `\n${' '.repeat(column + 2)}`)}`;
  const indent = ' '.repeat(column + 2);
  return `\n${text
    .split('\n')
    .map((line) => (line === '' ? line : indent + line))
    .join('\n')}`;
}
