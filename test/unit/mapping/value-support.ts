import { isError } from '../../../src/core/issue.ts';
import type { BuiltDocument } from '../../../src/mapping/index.ts';
import { bind, inbound, json, mappingText, outbound, schemaOf } from './support.ts';

/** The document of one record with the cells `Id` and `V`, whose value `v` is made with these directives. */
export async function documentOf(directives: string, cell: string, type: string): Promise<BuiltDocument> {
  const map = `v: { $from: V${directives === '' ? '' : `, ${directives}`} }`;
  const mapping = inbound(mappingText(map), schemaOf({ v: { type } }));
  const bound = bind(mapping, { '': { columns: ['Id', 'V'], records: [] } });
  return bound.build([{ part: '', record: { seq: 0, line: 2, cells: ['1', cell] } }]);
}

/** JSON of that value, `absent`, or the code of the first error. */
export async function valueOf(directives: string, cell: string, type: string): Promise<string> {
  const document = await documentOf(directives, cell, type);
  const refusal = document.issues.find(isError);
  if (refusal !== undefined) return refusal.code;
  return /^\{"v":(.*)\}$/s.exec(json(document))?.[1] ?? 'absent';
}

/** The cell that a feed item with the value `n` becomes, or the code of what is wrong. */
export async function cellOf(directives: string, value: string): Promise<string> {
  const mapping = outbound(`write: { format: csv }\nfact: "{Id}"\nmap: { v: { $from: n, ${directives} } }`);
  const { rows, issues } = await mapping.rows({ Id: '1', n: value });
  return rows[0]?.cells[0] ?? issues[0]?.code ?? 'nothing';
}
