import type { Format, FormatOptions } from '../../core/format.ts';
import type { Issue } from '../../core/issue.ts';
import type { Limits } from '../../core/limits.ts';
import type { ReadEvent } from '../../core/record.ts';
import { createControlCheck, type ControlCheck } from '../controls/control-check.ts';
import { isBlank } from '../records/group-records.ts';
import { createStretches } from '../records/joined-files.ts';
import {
  PICKED_PART,
  type Header,
  type InboundMapping,
  type LookUps,
  type SourceRecord,
  type YamlValue,
} from '../types.ts';
import { isYamlList, isYamlObject, yamlText, yamlTexts } from '../definition/yaml-value.ts';

/** What the text of a test holds, read by the mapping's own format. */
export interface GivenFiles {
  readonly headers: Map<string, Header>;
  readonly files: Map<string, string>;
  readonly lookUps: LookUps;
  readonly controls: ControlCheck;
  readonly records: SourceRecord[];
  readonly issues: Issue[];
  isRefused: boolean;
}

/**
 * Reads `given:`: one text, or the text of each file with the picked one under `picked`. Instead of a text there may be rows
 * of cells, as a reader would give them, the first with the names of the columns: workbooks are no text.
 */
export async function readGiven(
  mapping: InboundMapping,
  given: YamlValue | undefined,
  format: Format,
  limits: Limits,
): Promise<GivenFiles> {
  const { read } = mapping.definition;
  const contents = isYamlObject(given) ? given : { picked: given ?? '' };
  const files = new Map<string, string>();
  const found: GivenFiles = {
    headers: new Map(),
    files,
    lookUps: mapping.lookUps(),
    controls: createControlCheck(mapping.definition, (part) => files.get(part) ?? ''),
    records: [],
    issues: [],
    isRefused: false,
  };
  for (const part of [PICKED_PART, ...Object.keys(read.with)]) {
    const name = part === PICKED_PART ? 'picked' : part;
    const options = part === PICKED_PART ? read.options : (read.with[part]?.options ?? {});
    const content = contents[name];
    found.files.set(part, name);
    const context = { file: name, limits };
    const events = isYamlList(content)
      ? readRows(content)
      : format.read(bytesOf(yamlText(content)), asText(options), context);
    await readPart(mapping, part, events, found);
  }
  return found;
}

/** The text of a test is in the mapping, in the mapping's encoding, whatever the real file is written in. */
function asText(options: FormatOptions): FormatOptions {
  return Object.hasOwn(options, 'encoding') ? { ...options, encoding: 'utf-8' } : options;
}

async function readPart(
  mapping: InboundMapping,
  part: string,
  events: AsyncIterable<ReadEvent>,
  found: GivenFiles,
): Promise<void> {
  const { headers, lookUps, controls, records, issues } = found;
  const stretches = createStretches();
  for await (const event of events) {
    if (event.kind === 'header') {
      headers.set(mapping.headerName(part, event.type), { columns: event.columns, line: event.line });
      lookUps.header(part, event);
      controls.header(part, event, event.type);
    } else if (event.kind !== 'records') {
      issues.push(event.issue);
      stretches.pass(event.issue);
    } else if (lookUps.has(part)) {
      const issue = lookUps.add(part, event.records, part);
      if (issue === undefined) continue;
      issues.push(issue);
      found.isRefused = true;
    } else {
      // What a run passes over is no document here either.
      const told = stretches.mark(event.records).filter((record) => !isBlank(record));
      records.push(...controls.pass(told, part).map((record) => ({ part, record })));
    }
    if (event.kind === 'refused') found.isRefused = true;
  }
}

async function* readRows(rows: readonly YamlValue[]): AsyncGenerator<ReadEvent> {
  const [columns = [], ...cells] = rows.map(yamlTexts);
  yield { kind: 'header', columns, line: 1 };
  yield { kind: 'records', records: cells.map((row, seq) => ({ seq, line: seq + 2, cells: row })) };
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}
