import type { FormatOptions } from '../../core/format.ts';
import type { SourceRecord } from '../types.ts';
import { PICKED_PART, type InboundDefinition } from '../types.ts';

/** Records of one kind that a document is made of: those of a file, or of one record type. */
export interface Part {
  /** '' is the picked file, or the type with which its documents begin. */
  readonly name: string;
  readonly kind: 'head' | 'companion' | 'type' | 'envelope';
  /** Whether a record belongs to what stands before it in the file, whatever its values say. */
  readonly isPositional: boolean;
}

/** What a document may be made of; the head first. */
export function partsOf({ read, document }: InboundDefinition): readonly Part[] {
  const parts: Part[] = [{ name: PICKED_PART, kind: 'head', isPositional: false }];
  for (const [name, { key }] of Object.entries(read.with)) {
    if (key === undefined) parts.push({ name, kind: 'companion', isPositional: false });
  }
  for (const [name, { role, by }] of read.records) {
    if (role === 'part' && name !== document.begins) {
      parts.push({ name, kind: 'type', isPositional: by === undefined });
    }
    if (role === 'envelope') parts.push({ name, kind: 'envelope', isPositional: false });
  }
  return parts;
}

/** Tells the part of a record by its place among `parts`; one behind the last for records no type fits. */
export function partFinder(
  { read, document }: InboundDefinition,
  parts: readonly Part[],
): (source: SourceRecord) => number {
  const files = new Map(parts.flatMap(({ name, kind }, at) => (kind === 'companion' ? [[name, at] as const] : [])));
  const types = new Map(
    parts.flatMap(({ name, kind }, at) => (kind === 'type' || kind === 'envelope' ? [[name, at] as const] : [])),
  );
  if (document.begins !== undefined) types.set(document.begins, 0);
  const mixesTypes = read.records.size > 0;
  return ({ part, record }) => {
    if (part !== PICKED_PART) return files.get(part) ?? parts.length;
    return mixesTypes ? (types.get(record.type ?? '') ?? parts.length) : 0;
  };
}

/** Names under which the headers of a drop are bound: of each file, and of each record type instead of the picked one. */
export function headerNames({ read, document }: InboundDefinition): readonly string[] {
  const types = [...read.records.keys()].map((type) => (type === document.begins ? PICKED_PART : type));
  return [...(types.length === 0 ? [PICKED_PART] : types), ...Object.keys(read.with)];
}

/** Under which of these names a header belongs. */
export function headerName({ document }: InboundDefinition, part: string, type: string | undefined): string {
  return part !== PICKED_PART || type === undefined || type === document.begins ? part : type;
}

/** Part of the drop a named header stands in. */
export function fileOf({ read }: InboundDefinition, name: string): string {
  return Object.hasOwn(read.with, name) ? name : PICKED_PART;
}

/** How the file of a named header is read. */
export function optionsOf({ read }: InboundDefinition, name: string): FormatOptions {
  return read.with[name]?.options ?? read.options;
}
