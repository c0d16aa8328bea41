import { createIssue, isError, type Issue } from '../../core/issue.ts';
import type { KeyPath, PositionedYaml } from '../../core/positioned-yaml.ts';
import { suggestion } from '../../core/shape.ts';
import { say, type Phrase } from '../../core/text.ts';
import { columnRules, indexColumns } from '../records/columns.ts';
import { report, type Run } from '../run.ts';
import type { MappingDefinition, TableData, TableFile, YamlObject, YamlValue } from '../types.ts';
import { isYamlObject, yamlText } from '../definition/yaml-value.ts';

/** A look-up: from the text of a cell to another text. Matching is exact. */
export interface Table {
  readonly name: string;
  /** Undefined when there is no entry; empty when what there is cannot be used, which is reported. */
  find(text: string, run: Run): string | undefined;
  /** A hint when a known entry is near, or where it would have to be. */
  near(text: string, run: Run): { hint?: Phrase };
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

/** Notes that the mapping reads a column of a file of the drop. */
type UseColumn = (part: string, column: string, path: KeyPath) => void;

/** Finds tables by reference (`countries`, `partners.City`); what is wrong is reported once per reference. */
export function createTables(
  definition: MappingDefinition,
  yaml: PositionedYaml,
  loaded: ReadonlyMap<string, TableData>,
  issues: Issue[],
  useColumn: UseColumn,
): (reference: string, path: KeyPath) => Table | undefined {
  const known = new Map<string, Table | undefined>();
  const lookUps = lookUpKeys(definition);
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
    const lookUp = lookUps.get(name);
    if (own === undefined && lookUp === undefined) {
      return report(`there is no table "${reference}"`, [...Object.keys(definition.tables), ...lookUps.keys()]);
    }
    const column = dot < 0 ? own?.value : reference.slice(dot + 1);
    if (column === undefined) return report(`the table "${name}" has several columns: say ${name}.Column`, []);
    if (own === undefined) {
      useColumn(name, lookUp ?? '', path);
      useColumn(name, column, path);
      return lookUpTable(reference, name, column);
    }
    const made = loadedTable(reference, own, column, loaded.get(name), yaml.place(['tables', name, 'file']), issues);
    known.set(reference, made);
    return made;
  };
}

/** Columns by which the files of the drop that are tables are looked up. */
export function lookUpKeys(definition: MappingDefinition): ReadonlyMap<string, string> {
  if (definition.kind === 'outbound') return new Map();
  const files = Object.entries(definition.read.with);
  return new Map(files.flatMap(([part, { key }]) => (key === undefined ? [] : [[part, key] as const])));
}

/** A file of the drop itself: its entries are known when the drop is read. */
function lookUpTable(name: string, part: string, column: string): Table {
  return {
    name,
    find(text, run) {
      const found = run.lookUps?.find(part, column, text);
      if (found?.lines === undefined) return found?.text;
      const [first, other] = found.lines;
      const file = run.lookUps?.fileOf(part) ?? part;
      report(run, 'ambiguous-entry', {
        what: say`lines ${first} and ${other} of ${file} say different things`,
        got: text,
      });
      return '';
    },
    near: (_text, run) => ({ hint: say`Add it to ${run.lookUps?.fileOf(part) ?? part}, or mend the cell.` }),
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
  const uses = [own.key, column].map((name) => ({ name, parts: [], isRequired: true, path: [] }));
  const { columns } = data;
  const found = indexColumns({ columns, line: 1 }, own.file, columnRules(own.read ?? {}), uses);
  const twice = found.issues.find((issue) => issue.code === 'duplicate-column' && isError(issue));
  if (twice !== undefined) {
    issues.push(createIssue('wrong-value', place, { what: `${own.file}: ${twice.what}` }));
    return undefined;
  }
  const [from, to] = uses.map(({ name }) => found.index.find(name));
  if (from === undefined || to === undefined) {
    const missing = [...(from === undefined ? [own.key] : []), ...(to === undefined ? [column] : [])];
    const what = `${own.file} has no column "${missing.join('", "')}"`;
    issues.push(createIssue('unknown-reference', place, { what, ...suggestion(missing[0] ?? '', columns) }));
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
