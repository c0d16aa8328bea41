import { parse } from 'yaml';
import { issueCatalogue } from '../../../src/core/issue-catalogue.ts';
import type { PatternSymbol } from '../../../src/mapping/values/pattern-reference.ts';
import { valueExamples, type ValueExample } from '../../../src/mapping/values/value-examples.ts';
import { code, table } from './markdown.ts';

export function symbolTable(symbols: readonly PatternSymbol[]): string {
  const cells = symbols.map(({ symbol, meaning, format, text, value }) => [
    code(symbol),
    meaning,
    code(format),
    code(text),
    code(value),
  ]);
  return table(['symbol', 'stands for', '`$format`', 'reads', 'as'], cells);
}

/** What can be said about a value, as far as the tables of symbols do not show it. */
export function valueTable(): string {
  const cells = valueExamples
    .filter((example) => !isPlain(example))
    .map(({ shows, text, directives, value }) => [shows, code(text), code(directives), code(value)]);
  return table(['', 'cell', 'written as', 'becomes'], cells);
}

/** Whether an example shows what one pattern reads, and nothing else. */
function isPlain({ directives, type, value }: ValueExample): boolean {
  const { $as, $format, ...others } = directivesOf(directives);
  const isPattern = typeof $format === 'string' && ['date', 'datetime', undefined].includes($as);
  return isPattern && Object.keys(others).length === 0 && type !== 'boolean' && !isIssueCode(value);
}

interface Directives {
  readonly $as?: string;
  readonly $format?: unknown;
}

/** Directives that stand in one line of YAML. */
export function directivesOf(line: string): Directives {
  return parse(`{ ${line} }`) as Directives;
}

export function isIssueCode(value: string): boolean {
  return Object.hasOwn(issueCatalogue, value);
}
