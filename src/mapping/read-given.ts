import type { Format } from '../core/format.ts';
import type { Issue } from '../core/issue.ts';
import type { Limits } from '../core/limits.ts';
import {
  PICKED_PART,
  type Header,
  type InboundDefinition,
  type SourceRecord,
  type YamlObject,
  type YamlValue,
} from './types.ts';
import { yamlText } from './yaml-value.ts';

/** What the text of a test holds, read by the mapping's own format. */
export interface GivenFiles {
  readonly headers: Map<string, Header>;
  readonly files: Map<string, string>;
  readonly records: SourceRecord[];
  readonly issues: Issue[];
  isRefused: boolean;
}

/** Reads `given:`, one text, or the text of each file with the picked one under `picked`. */
export async function readGiven(
  { read }: InboundDefinition,
  given: YamlValue | undefined,
  format: Format,
  limits: Limits,
): Promise<GivenFiles> {
  const texts = typeof given === 'string' ? { picked: given } : ((given ?? {}) as YamlObject);
  const found: GivenFiles = { headers: new Map(), files: new Map(), records: [], issues: [], isRefused: false };
  for (const part of [PICKED_PART, ...Object.keys(read.with)]) {
    const name = part === PICKED_PART ? 'picked' : part;
    const options = part === PICKED_PART ? read.options : (read.with[part]?.options ?? {});
    // The text of a test is in the mapping, in the mapping's encoding, whatever the real file is written in.
    const own = Object.hasOwn(options, 'encoding') ? { ...options, encoding: 'utf-8' } : options;
    found.files.set(part, name);
    await readPart(part, format.read(bytesOf(yamlText(texts[name])), own, { file: name, limits }), found);
  }
  return found;
}

async function readPart(part: string, events: ReturnType<Format['read']>, found: GivenFiles): Promise<void> {
  for await (const event of events) {
    if (event.kind === 'header') found.headers.set(part, { columns: event.columns, line: event.line });
    else if (event.kind === 'records') found.records.push(...event.records.map((record) => ({ part, record })));
    else found.issues.push(event.issue);
    if (event.kind === 'refused') found.isRefused = true;
  }
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}
