import { createIssue, type Issue } from '../core/issue.ts';
import type { KeyPath, PositionedYaml } from '../core/positioned-yaml.ts';
import { suggestion } from '../core/shape.ts';
import type { MappingDefinition, TableData, TableFile, YamlObject, YamlValue } from './types.ts';
import { isYamlObject, yamlText } from './yaml-value.ts';

/** A look-up: from the text of a cell to another text. Matching is exact. */
export interface Table {
  readonly name: string;
  find(text: string): string | undefined;
  /** A hint when a known entry is near. */
  near(text: string): { hint?: string };
}

/** The tables of a mapping that lie in files of their own; the caller reads them. */
export function tableFiles(definition: MappingDefinition, yaml: PositionedYaml): readonly TableFile[] {
  return Object.entries(definition.tables).flatMap(([name, raw]) => {
    const own = fileTable(raw);
    if (own === undefined) return [];
    const { format, ...options } = own.read ?? {};
    const value = own.value === undefined ? {} : { value: own.value };
    const place = yaml.place(['tables', name, 'file']);
    return [{ name, file: own.file, key: own.key, ...value, format: yamlText(format) || 'csv', options, place }];
  });
}

interface RawFileTable {
  readonly file: string;
  readonly key: string;
  readonly value?: string;
  readonly read?: YamlObject;
}

function fileTable(raw: YamlValue | undefined): RawFileTable | undefined {
  return isYamlObject(raw) && Object.hasOwn(raw, 'file') ? (raw as unknown as RawFileTable) : undefined;
}

/** Finds tables by reference (`countries`, `partners.City`); what is wrong is reported once per reference. */
export function createTables(
  definition: MappingDefinition,
  yaml: PositionedYaml,
  loaded: ReadonlyMap<string, TableData>,
  issues: Issue[],
): (reference: string, path: KeyPath) => Table | undefined {
  const known = new Map<string, Table | undefined>();
  for (const [name, raw] of Object.entries(definition.tables)) {
    if (fileTable(raw) === undefined) known.set(name, inlineTable(name, raw as YamlObject, yaml, issues));
  }
  return (reference, path) => {
    if (known.has(reference)) return known.get(reference);
    const report = (what: string, names: readonly string[]): undefined =>
      void issues.push(createIssue('unknown-reference', yaml.place(path), { what, ...suggestion(reference, names) }));
    const dot = reference.indexOf('.');
    const name = dot < 0 ? reference : reference.slice(0, dot);
    const own = Object.hasOwn(definition.tables, name) ? fileTable(definition.tables[name]) : undefined;
    if (own === undefined) return report(`there is no table "${reference}"`, Object.keys(definition.tables));
    const column = dot < 0 ? own.value : reference.slice(dot + 1);
    if (column === undefined) return report(`the table "${name}" has several columns: say ${name}.Column`, []);
    const made = loadedTable(reference, own, column, loaded.get(name), yaml.place(['tables', name, 'file']), issues);
    known.set(reference, made);
    return made;
  };
}

function inlineTable(name: string, raw: YamlObject, yaml: PositionedYaml, issues: Issue[]): Table {
  const entries = new Map<string, string>();
  for (const [key, value] of Object.entries(raw)) {
    const source = yaml.numberSource(['tables', name, key]);
    if (source !== undefined && source !== yamlText(value)) {
      issues.push(createIssue('unquoted-number', yaml.place(['tables', name, key]), { got: source }));
    }
    entries.set(key.trim(), yamlText(value).trim());
  }
  return table(name, entries);
}

function loadedTable(
  reference: string,
  own: RawFileTable,
  column: string,
  data: TableData | undefined,
  place: Issue['where'],
  issues: Issue[],
): Table | undefined {
  if (data === undefined) {
    issues.push(createIssue('missing-file', place, { what: `the table file ${own.file} was not read` }));
    return undefined;
  }
  const [from, to] = [own.key, column].map((name) => data.columns.findIndex((other) => other.trim() === name));
  const missing = [own.key, column].filter((_name, index) => [from, to][index] === -1);
  if (from === undefined || to === undefined || missing.length > 0) {
    const what = `${own.file} has no column "${missing.join('", "')}"`;
    issues.push(createIssue('unknown-reference', place, { what, ...suggestion(missing[0] ?? '', data.columns) }));
    return undefined;
  }
  return table(
    reference,
    entriesOf(data, from, to, (what) => issues.push(createIssue('wrong-value', place, { what }))),
  );
}

function entriesOf(data: TableData, from: number, to: number, report: (what: string) => void): Map<string, string> {
  const entries = new Map<string, string>();
  const conflicts = new Set<string>();
  for (const row of data.rows) {
    const key = row[from]?.trim() ?? '';
    const value = row[to]?.trim() ?? '';
    if (key === '') continue;
    const earlier = entries.get(key);
    if (earlier !== undefined && earlier !== value) conflicts.add(key);
    entries.set(key, value);
  }
  const [first] = conflicts;
  if (first !== undefined) report(`the table has several values for "${first}"`);
  return entries;
}

function table(name: string, entries: ReadonlyMap<string, string>): Table {
  return {
    name,
    find: (text) => entries.get(text),
    near: (text) => (entries.size > 1000 ? {} : suggestion(text, [...entries.keys()])),
  };
}
