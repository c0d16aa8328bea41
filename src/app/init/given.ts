import type { Bytes, Format, FormatOptions, ReadContext } from '../../core/format.ts';
import type { Json } from '../../core/json.ts';
import type { DataRecord } from '../../core/record.ts';
import { isBlank } from '../../inbound/index.ts';
import type { YamlValue } from '../../mapping/index.ts';

interface Source {
  readonly bytes: Bytes;
  readonly format: Format;
  readonly options: FormatOptions;
  readonly context: ReadContext;
}

const MOST_ROWS = 20;
/** Rows of a document that lie further apart are not looked for. */
const SEARCHED_ROWS = 2000;

/** The first document of a file in the form of `given:` of a test. `key`: the name of its column; of a tree the first record is taken. */
export async function firstDocument(source: Source, key: string, isGrouped: boolean): Promise<YamlValue | undefined> {
  const { header, records } = await firstRecords(source, key, isGrouped);
  const [first] = records;
  if (first === undefined) return undefined;
  if (source.format.shape === 'tree') return treeText(first.tree, source);
  const rows = [header, ...records.map(({ cells = [] }) => cells)];
  return (await asReceived(source, new Set(records.map(({ seq }) => seq)))) ?? rows;
}

async function firstRecords(
  { bytes, format, options, context }: Source,
  key: string,
  isGrouped: boolean,
): Promise<{ header: readonly string[]; records: readonly DataRecord[] }> {
  let header: readonly string[] = [];
  const records: DataRecord[] = [];
  let searched = 0;
  for await (const event of format.read(bytes, options, context)) {
    if (event.kind === 'header') header = event.columns;
    if (event.kind !== 'records') continue;
    const at = header.indexOf(key);
    const keyOf = ({ cells }: DataRecord): string => cells?.[at]?.trim() ?? '';
    for (const record of event.records) {
      if (isBlank(record)) continue;
      searched++;
      const [first] = records;
      if (first === undefined || (isGrouped && keyOf(record) === keyOf(first))) records.push(record);
      if (records.length >= MOST_ROWS || searched >= SEARCHED_ROWS || !isGrouped) return { header, records };
    }
  }
  return { header, records };
}

/** The text of the file with these records only; undefined when records are no text. */
async function asReceived(
  { bytes, format, options, context }: Source,
  wanted: ReadonlySet<number>,
): Promise<string | undefined> {
  const last = Math.max(...wanted);
  let text: string | undefined;
  for await (const raw of format.readRaw(bytes, options, context)) {
    if (raw.native !== undefined) return undefined;
    text ??= (raw.source?.lead ?? '').replace(/^\ufeff/, '');
    if (raw.seq === -1 || wanted.has(raw.seq)) text += raw.text + (raw.lineEnd === '' ? '\n' : raw.lineEnd);
    if (raw.seq >= last) break;
  }
  // A block of YAML has one kind of line end, and all readers take all kinds.
  return text?.replaceAll(/\r\n|\r/g, '\n');
}

/** A record of a tree where the format looks for it. */
function treeText(tree: Json | undefined, { format, options }: Source): string {
  const line = JSON.stringify(tree);
  if (format.name === 'ndjson') return `${line}\n`;
  const { path } = options;
  const names = typeof path === 'string' ? path.replace(/^\$\./, '').split('.') : [];
  return `${JSON.stringify(
    names.toReversed().reduce<unknown>((inner, name) => ({ [name]: inner }), [tree]),
    undefined,
    2,
  )}\n`;
}
