import type { Format } from '../../../src/core/format.ts';
import { describeIssue, type Issue } from '../../../src/core/issue.ts';
import { parseExact } from '../../../src/core/json.ts';
import type { DataRecord } from '../../../src/core/record.ts';
import { createControlCheck, parseMapping } from '../../../src/mapping/index.ts';
import type { InboundDefinition } from '../../../src/mapping/types.ts';

/** Record types by their first value; what comes behind the name are its columns. */
const types = `
read:
  format: csv
  records:
    file: { is: F, role: envelope, columns: [Kind, Orders, Lines] }
    batch: { is: B, role: envelope, columns: [Kind, Orders] }
    order: { is: H, columns: [Kind, OrderNo, Total] }
    line: { is: D, columns: [Kind, Sku, Qty] }
    note: { is: N, role: ignore }
    batchEnd: { is: E, role: trailer, columns: [Kind, Lines, Qty, Hash] }
    fileEnd: { is: T, role: trailer, columns: [Kind, Orders, Lines, Qty] }
document: { type: order, key: OrderNo, begins: order }
map: { Name: OrderNo }
`;
const TYPES: Readonly<Record<string, string>> = {
  F: 'file',
  B: 'batch',
  H: 'order',
  D: 'line',
  N: 'note',
  E: 'batchEnd',
  T: 'fileEnd',
};

const table = 'read: { format: csv }\ndocument: { type: order, key: Id, group: Id }\nmap: { Name: Id }\n';
const tree = 'read: { format: json }\ndocument: { type: order, key: id }\nmap: { Name: id }\n';
const texts = { types, table, tree } as const;

export function definitionOf(kind: keyof typeof texts, controls: string): InboundDefinition {
  const text = `${texts[kind]}controls:\n${controls.replaceAll(/^/gm, '  ')}\n`;
  const { definition, issues } = parseMapping(text, 'm.yaml', plainFormats);
  if (definition?.kind !== 'inbound') throw new Error(issues.map(describeIssue).join('\n'));
  return definition;
}

/** What the controls say of a file; a table's first line is its header. */
export function findings(kind: keyof typeof texts, controls: string, ...lines: readonly string[]): readonly Issue[] {
  const definition = definitionOf(kind, controls);
  const check = createControlCheck(definition, () => 'a.csv');
  const documents = new Set<string>();
  const records = lines.map((line, seq): DataRecord => {
    if (kind === 'tree') return { seq, line: seq + 1, tree: parseExact(line) };
    const cells = line.split(',');
    const type = kind === 'types' ? TYPES[cells[0] ?? ''] : undefined;
    return { seq, line: seq + 1, cells, ...(type === undefined ? {} : { type }) };
  });
  const [header] = kind === 'table' ? records.splice(0, 1) : [];
  if (header !== undefined) check.header('', { columns: header.cells ?? [], line: 1 });
  for (const [type, { columns = [] }] of definition.read.records) check.header('', { columns, line: 1 }, type);
  for (const record of records) for (const { cells = [] } of check.pass([record])) documents.add(cells[0] ?? '');
  return check.findings(documents.size);
}

/** `line:column code got/expected what`. */
export function told(issues: readonly Issue[]): string[] {
  return issues.map(({ code, where, got, expected, what }) => {
    const numbers = got === undefined && expected === undefined ? '' : ` ${got ?? ''}/${expected ?? ''}`;
    return `${where.line ?? '-'}:${where.column ?? '-'} ${code}${numbers} ${what}`;
  });
}

/** Formats of which only the options matter: records are given as they are. */
const plainFormats: ReadonlyMap<string, Format> = new Map(
  (['csv', 'json'] as const).map((name) => [
    name,
    {
      name,
      shape: name === 'csv' ? 'table' : 'tree',
      readOptions: { type: 'object', properties: { records: { type: 'object' }, columns: { type: 'object' } } },
      writeOptions: { type: 'object' },
    } as unknown as Format,
  ]),
);
