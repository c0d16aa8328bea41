import { forgivingName } from '../../core/forgiving-name.ts';
import type { IssueCode } from '../../core/issue-catalogue.ts';
import { createIssue, type Issue } from '../../core/issue.ts';
import type { KeyPath } from '../../core/positioned-yaml.ts';
import { suggestion } from '../../core/shape.ts';
import type { FormatOptions } from '../../core/format.ts';
import { say } from '../../core/text.ts';
import type { Header } from '../types.ts';

/** A column some field reads. */
export interface ColumnUse {
  readonly name: string;
  /** Parts it may stand in, the first match wins. */
  readonly parts: readonly string[];
  readonly isRequired: boolean;
  /** An optional object: required only where the file has something else for it. */
  readonly within?: KeyPath;
  readonly path: KeyPath;
}

/** Columns of one file, found by any of their names. */
export interface ColumnIndex {
  find(name: string): number | undefined;
}

/** What a mapping says about the columns of one file. */
export interface ColumnRules {
  readonly aliases: ReadonlyMap<string, string>;
  readonly unknown: 'ignore' | 'warn' | 'reject';
}

export function columnRules(options: FormatOptions): ColumnRules {
  const columns = (options['columns'] ?? {}) as { aliases?: Record<string, unknown>; unknown?: ColumnRules['unknown'] };
  const aliases = new Map<string, string>();
  for (const [name, others] of Object.entries(columns.aliases ?? {})) {
    for (const other of [others].flat()) aliases.set(forgivingName(String(other)), forgivingName(name));
  }
  return { aliases, unknown: columns.unknown ?? 'ignore' };
}

export interface IndexedColumns {
  readonly index: ColumnIndex;
  readonly issues: readonly Issue[];
}

/** Finds columns in a header and says what is wrong with it. */
export function indexColumns(
  header: Header,
  file: string,
  rules: ColumnRules,
  uses: readonly ColumnUse[],
): IndexedColumns {
  const canonical = (name: string): string => {
    const forgiven = forgivingName(name);
    return rules.aliases.get(forgiven) ?? forgiven;
  };
  const positions = new Map<string, number[]>();
  for (const [index, name] of header.columns.entries()) {
    const key = canonical(name);
    if (key !== '') positions.set(key, [...(positions.get(key) ?? []), index]);
  }
  const used = new Set(uses.map(({ name }) => canonical(name)));
  const at = (column: string): Issue['where'] => ({ file, line: header.line, column });
  const issues: Issue[] = [];
  for (const [key, [first = 0, second]] of positions) {
    const name = header.columns[first] ?? '';
    if (second !== undefined) issues.push(duplicate(at(name), header.columns, [first, second], used.has(key)));
    if (!used.has(key) && rules.unknown !== 'ignore' && !/^\s*dray_/i.test(name)) {
      const severity = rules.unknown === 'reject' ? 'error' : 'warning';
      issues.push(
        createIssue('unknown-column', at(name), {
          severity,
          ...suggestion(name, [...new Set(uses.map((use) => use.name))]),
        }),
      );
    }
  }
  return { index: { find: (name) => positions.get(canonical(name))?.[0] }, issues };
}

function duplicate(
  where: Issue['where'],
  columns: readonly string[],
  at: readonly [number, number],
  isUsed: boolean,
): Issue {
  const [first, second] = at.map((position) => say`"${columns[position] ?? ''}" is column ${position + 1}`);
  const code: IssueCode = 'duplicate-column';
  return createIssue(code, where, {
    what: say`a column appears twice: ${first ?? ''}, ${second ?? ''}`,
    severity: isUsed ? 'error' : 'warning',
  });
}

/** Columns that must be there and are not. One issue for each name. */
export function missingColumns(
  uses: readonly ColumnUse[],
  indexes: ReadonlyMap<string, ColumnIndex>,
  headers: ReadonlyMap<string, Header>,
  files: ReadonlyMap<string, string>,
): Issue[] {
  const seen = new Set<string>();
  const isFound = ({ parts, name }: ColumnUse): boolean =>
    parts.some((part) => indexes.get(part)?.find(name) !== undefined);
  return uses.flatMap((use) => {
    const [part = ''] = use.parts;
    const key = `${part}\n${forgivingName(use.name)}`;
    if (!use.isRequired || isFound(use) || seen.has(key)) return [];
    const { within } = use;
    // A companion that did not come is told once, not column by column.
    const isMade = (): boolean =>
      headers.has(part) && uses.some((other) => fills(other, within ?? []) && isFound(other));
    if (within !== undefined && !isMade()) return [];
    seen.add(key);
    const header = headers.get(part);
    const where = { file: files.get(part) ?? '', line: header?.line ?? 1, column: use.name };
    return [createIssue('missing-column', where, suggestion(use.name, header?.columns ?? []))];
  });
}

/** Whether a column is part of what an object holds, and not only of a condition in it. */
function fills({ path }: ColumnUse, object: KeyPath): boolean {
  return (
    object.every((step, index) => path[index] === step) &&
    !path.slice(object.length).some((step) => step === '$when' || step === '$group')
  );
}
