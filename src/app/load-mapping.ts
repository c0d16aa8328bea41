import { dirname, resolve } from 'node:path';
import { readText } from '../config/index.ts';
import { createIssue, isError, type ConfigDetails, type Issue } from '../core/issue.ts';
import type { JsonSchema } from '../core/json.ts';
import { defaultLimits } from '../core/limits.ts';
import { formats } from '../formats/index.ts';
import {
  compileMapping,
  parseMapping,
  tableFiles,
  type CompileContext,
  type InboundMapping,
  type OutboundMapping,
  type TableData,
  type TableFile,
} from '../mapping/index.ts';
import { fileBytes } from './file-bytes.ts';

export interface LoadedMapping {
  readonly file: string;
  readonly mapping?: InboundMapping | OutboundMapping;
  readonly issues: readonly Issue[];
  readonly isMissing: boolean;
}

/** What a mapping is for, besides one schema: the name of its operation, or several of which each document says one. */
export type Purpose = Pick<CompileContext, 'operation' | 'purposes'>;

/** Reads, checks and compiles a mapping and its tables. `file` is the name shown in issues. */
export async function loadMapping(
  path: string,
  file: string,
  schema: JsonSchema | undefined,
  purpose: Purpose = {},
): Promise<LoadedMapping> {
  const text = readText(path);
  if (text === undefined) return { file, issues: [], isMissing: true };
  const parsed = parseMapping(text, file, formats);
  if (parsed.definition === undefined) return { file, issues: parsed.issues, isMissing: false };
  const issues = [...parsed.issues];
  const tables = new Map<string, TableData>();
  for (const table of tableFiles(parsed.definition, parsed.yaml)) {
    const data = await loadTable(table, resolve(dirname(path), table.file), issues);
    if (data !== undefined) tables.set(table.name, data);
  }
  if (issues.some(isError)) return { file, issues, isMissing: false };
  const context = { ...purpose, tables, limits: defaultLimits, ...(schema === undefined ? {} : { schema }) };
  const compiled = compileMapping(parsed.definition, parsed.yaml, context);
  const found = { file, issues: [...issues, ...compiled.issues], isMissing: false };
  return compiled.mapping === undefined ? found : { ...found, mapping: compiled.mapping };
}

async function loadTable(table: TableFile, path: string, issues: Issue[]): Promise<TableData | undefined> {
  const format = formats.get(table.format);
  let columns: readonly string[] = [];
  const rows: (readonly string[])[] = [];
  const broken: Issue[] = [];
  try {
    for await (const event of format?.read(fileBytes(path), table.options, {
      file: table.file,
      limits: defaultLimits,
    }) ?? []) {
      if (event.kind === 'header') ({ columns } = event);
      if (event.kind === 'records') {
        broken.push(...event.records.flatMap((record) => record.issues?.filter(isError).slice(0, 1) ?? []));
        for (const { cells } of event.records) rows.push(cells ?? []);
      }
      if (event.kind === 'refused') {
        issues.push({ ...event.issue, where: { ...table.place } });
        return undefined;
      }
    }
  } catch {
    issues.push(createIssue('missing-file', table.place, { what: `cannot read the table ${table.file}` }));
    return undefined;
  }
  issues.push(...brokenRows(table, broken));
  return { columns, rows };
}

// Of a table with another delimiter every row is wrong.
const MOST_ROWS = 20;

/** An entry that cannot be read would be missing without a word. */
function brokenRows({ file, place }: TableFile, broken: readonly Issue[]): Issue[] {
  const told = broken.slice(0, MOST_ROWS).map((issue) => createIssue('wrong-value', place, detailsOf(issue, file)));
  const left = broken.length - told.length;
  if (left === 0) return told;
  return [...told, createIssue('wrong-value', place, { what: `${left} further rows of ${file} cannot be read` })];
}

function detailsOf({ where, what, expected, got, hint }: Issue, file: string): ConfigDetails {
  return {
    what: `${file} line ${where.line ?? 1}: ${what}`,
    ...(expected === undefined ? {} : { expected }),
    ...(got === undefined ? {} : { got }),
    ...(hint === undefined ? {} : { hint }),
  };
}
