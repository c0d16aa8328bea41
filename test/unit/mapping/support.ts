import type { Format } from '../../../src/core/format.ts';
import { describeIssue, type Issue } from '../../../src/core/issue.ts';
import type { Json, JsonSchema } from '../../../src/core/json.ts';
import { defaultLimits } from '../../../src/core/limits.ts';
import {
  compileMapping,
  groupRecords,
  parseMapping,
  type BoundMapping,
  type BuiltDocument,
  type InboundMapping,
  type OutboundMapping,
  type SourceRecord,
  type TableData,
} from '../../../src/mapping/index.ts';

/** Formats of which only the options matter: records are given as they are. */
const plainFormats: ReadonlyMap<string, Format> = new Map(
  (['csv', 'json'] as const).map((name) => [
    name,
    {
      name,
      shape: name === 'csv' ? 'table' : 'tree',
      extension: name,
      readOptions: {
        type: 'object',
        properties: { delimiter: { type: 'string' }, encoding: { type: 'string' }, columns: { type: 'object' } },
      },
      writeOptions: { type: 'object', properties: { delimiter: { type: 'string' } } },
    } as unknown as Format,
  ]),
);

export interface Compiled {
  readonly mapping?: InboundMapping | OutboundMapping;
  readonly issues: readonly Issue[];
}

/** Parses and compiles; the issues of the first step that has any. */
export function compile(
  text: string,
  schema?: JsonSchema,
  tables: ReadonlyMap<string, TableData> = new Map(),
): Compiled {
  const { definition, yaml, issues } = parseMapping(text, 'm.yaml', plainFormats);
  if (definition === undefined || issues.length > 0) return { issues };
  return compileMapping(definition, yaml, {
    ...(schema === undefined ? {} : { schema }),
    tables,
    limits: defaultLimits,
  });
}

export function inbound(text: string, schema?: JsonSchema, tables?: ReadonlyMap<string, TableData>): InboundMapping {
  const { mapping, issues } = compile(text, schema, tables);
  if (mapping?.kind !== 'inbound') throw new Error(issues.map(describeIssue).join('\n'));
  return mapping;
}

export function outbound(text: string): OutboundMapping {
  const { mapping, issues } = compile(text);
  if (mapping?.kind !== 'outbound') throw new Error(issues.map(describeIssue).join('\n'));
  return mapping;
}

/** `A,B` and rows of cells, the header on line 1. */
export interface Sheet {
  readonly columns: readonly string[];
  readonly records: SourceRecord[];
}

export function sheet(text: string, part = ''): Sheet {
  const [header = '', ...lines] = text.split('\n').filter((line) => line.trim() !== '');
  return {
    columns: header.split(',').map((cell) => cell.trim()),
    records: lines.map((line, index) => ({ part, record: { seq: index, line: index + 2, cells: line.split(',') } })),
  };
}

export function bind(mapping: InboundMapping, sheets: Readonly<Record<string, Sheet>>): BoundMapping {
  const headers = new Map(Object.entries(sheets).map(([part, { columns }]) => [part, { columns, line: 1 }]));
  const files = new Map(Object.keys(sheets).map((part) => [part, part === '' ? 'orders.csv' : `${part}.csv`]));
  const { bound, issues } = mapping.bind(headers, files);
  if (bound === undefined) throw new Error(issues.map(describeIssue).join('\n'));
  return bound;
}

/** Every document of the sheets, in the order in which their groups appear. */
export async function buildAll(
  mapping: InboundMapping,
  sheets: Readonly<Record<string, Sheet>>,
): Promise<BuiltDocument[]> {
  const bound = bind(mapping, sheets);
  const records = Object.values(sheets).flatMap((own) => own.records);
  return Promise.all(groupRecords(bound, records).map(async (group) => bound.build(group)));
}

/** The documents of one sheet under a mapping whose head is the usual one. */
export async function build(map: string, text: string, schema?: JsonSchema, rest = ''): Promise<BuiltDocument[]> {
  return buildAll(inbound(mappingText(map, rest), schema), { '': sheet(text) });
}

/** The only document, and what became of it. */
export async function buildOne(map: string, text: string, schema?: JsonSchema, rest = ''): Promise<BuiltDocument> {
  const [document, other] = await build(map, text, schema, rest);
  if (document === undefined || other !== undefined) throw new Error('not exactly one document');
  return document;
}

export function mappingText(map: string, rest = ''): string {
  const body = map
    .trim()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
  return `read: { format: csv }\ndocument: { type: order, key: Id, group: Id }\nmap:\n${body}\n${rest}`;
}

/** One document of one record of a tree. */
export async function buildTree(
  map: string,
  tree: Json,
  schema?: JsonSchema,
  document = '{ type: order, key: id }',
): Promise<BuiltDocument> {
  const body = map
    .trim()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
  const mapping = inbound(`read: { format: json }\ndocument: ${document}\nmap:\n${body}\n`, schema);
  const bound = bind(mapping, { '': { columns: [], records: [] } });
  return bound.build([{ part: '', record: { seq: 0, line: 1, tree } }]);
}

/** `line:column code`, which is what most tests care about. */
export function brief(issues: readonly Issue[]): string[] {
  return issues.map(({ code, where }) => `${where.line}:${where.column ?? '-'} ${code}`);
}

/** `line:character code` of findings in the mapping itself. */
export function placed(issues: readonly Issue[]): string[] {
  return issues.map(({ code, where }) => `${where.line}:${where.character} ${code}`);
}

export function described(document: BuiltDocument): string[] {
  return document.issues.map(describeIssue);
}

/** The payload as its bytes will say it. */
export function json(document: BuiltDocument): string {
  return JSON.stringify(document.payload);
}

/** A closed schema of the given properties. */
export function schemaOf(properties: Record<string, JsonSchema>, required: readonly string[] = []): JsonSchema {
  return { type: 'object', additionalProperties: false, properties, required };
}
