import { forgivingName } from '../../core/forgiving-name.ts';
import { createIssue, isError, type Issue } from '../../core/issue.ts';
import { scalarText } from '../../core/json.ts';
import type { Limits } from '../../core/limits.ts';
import { parsePath, selectFirst } from '../../core/path.ts';
import type { DataRecord } from '../../core/record.ts';
import { say, type Phrase } from '../../core/text.ts';
import { columnRules, indexColumns } from './columns.ts';
import { optionsOf } from './parts.ts';
import { lookUpKeys } from '../values/tables.ts';
import type { Header, InboundDefinition, LookUps } from '../types.ts';

/** The first row with a key, and by column the line of one that says something else. */
interface Entry {
  readonly texts: readonly string[];
  readonly line: number;
  readonly others: (number | undefined)[];
}

interface LookUpFile {
  readonly columns: readonly string[];
  read: readonly ((record: DataRecord) => string)[];
  readonly entries: Map<string, Entry>;
  rows: number;
  characters: number;
  name: string;
}

/** Keeps what a mapping reads of the files that are looked up. `columnsOf`: by file, the key's column first. */
export function createLookUps(
  definition: InboundDefinition,
  columnsOf: ReadonlyMap<string, readonly string[]>,
  limits: Limits,
): LookUps {
  const isTree = definition.read.shape === 'tree';
  const canonical = (name: string): string => (isTree ? name : forgivingName(name));
  const files = new Map<string, LookUpFile>();
  for (const [part, key] of lookUpKeys(definition)) {
    const columns = [...new Set([key, ...(columnsOf.get(part) ?? [])].map(canonical))];
    const read = isTree ? columns.map(pathReader) : [];
    files.set(part, { columns, read, entries: new Map(), rows: 0, characters: 0, name: part });
  }
  return {
    has: (part) => files.has(part),
    header(part, header) {
      const file = files.get(part);
      if (file !== undefined && !isTree) file.read = cellReaders(definition, part, header, file.columns);
    },
    add(part, records, name) {
      const file = files.get(part);
      if (file === undefined) return undefined;
      file.name = name;
      for (const record of records) {
        if (record.issues?.some(isError) !== true) keep(file, record);
        if (file.rows > limits.lookUpRows) return tooMany(record, name, say`at most ${limits.lookUpRows} rows`);
        if (file.characters > limits.lookUpCharacters)
          return tooMany(record, name, say`at most ${limits.lookUpCharacters} characters in the columns that are read`);
      }
      return undefined;
    },
    find(part, column, text) {
      const file = files.get(part);
      const entry = file?.entries.get(text);
      if (file === undefined || entry === undefined) return undefined;
      const at = file.columns.indexOf(canonical(column));
      const other = entry.others[at];
      return { text: entry.texts[at] ?? '', ...(other === undefined ? {} : { lines: [entry.line, other] }) };
    },
    fileOf: (part) => files.get(part)?.name ?? part,
  };
}

function keep(file: LookUpFile, record: DataRecord): void {
  const texts = file.read.map((read) => read(record));
  const [key = ''] = texts;
  file.rows++;
  if (key === '') return;
  const known = file.entries.get(key);
  if (known === undefined) {
    file.characters += texts.reduce((sum, { length }) => sum + length, 0);
    file.entries.set(key, { texts, line: record.line, others: [] });
    return;
  }
  for (const [at, text] of texts.entries()) {
    if (text !== known.texts[at]) known.others[at] ??= record.line;
  }
}

function tooMany({ line }: DataRecord, file: string, expected: Phrase): Issue {
  return createIssue('too-many-entries', { file, line }, { expected });
}

type ReadText = (record: DataRecord) => string;

function cellReaders(
  definition: InboundDefinition,
  part: string,
  header: Header,
  columns: readonly string[],
): readonly ReadText[] {
  const { index } = indexColumns(header, part, columnRules(optionsOf(definition, part)), []);
  return columns.map((column): ReadText => {
    const at = index.find(column);
    return at === undefined ? () => '' : ({ cells }) => cells?.[at]?.trim() ?? '';
  });
}

function pathReader(text: string): ReadText {
  const path = parsePath(text);
  return path === undefined ? () => '' : ({ tree }) => scalarText(selectFirst(tree, path))?.trim() ?? '';
}
