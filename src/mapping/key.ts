import { scalarText, type Json } from '../core/json.ts';
import { parsePath, selectFirst } from '../core/path.ts';
import type { KeyPath } from '../core/positioned-yaml.ts';
import type { DataRecord } from '../core/record.ts';
import type { ColumnIndex } from './columns.ts';
import type { Bind, Compiler } from './compiler.ts';
import { problem } from './compiler.ts';
import type { Read } from './run.ts';
import { compileName, compileTemplate } from './source.ts';
import { isTemplate, parseTemplate, type TemplatePart } from './template.ts';
import type { KeySpec } from './types.ts';

/** Compiles `document.key`: a value all records of the document share. */
export function compileKey(spec: KeySpec, path: KeyPath, compiler: Compiler): Bind<Read> {
  const scope = { levels: [], isRequired: true };
  if (typeof spec === 'string') {
    return (isTemplate(spec) ? compileTemplate : compileName)(spec, scope, path, compiler).bind;
  }
  const sources = spec.map((name, index) => compileName(name, scope, [...path, index], compiler));
  return (binding) => {
    const reads = sources.map(({ bind }) => bind(binding));
    return (run) =>
      joinParts(
        reads.map((read) => read(run)),
        '-',
      );
  };
}

/** What a key reads, in words. */
export function keyText(spec: KeySpec): string {
  return typeof spec === 'string' ? spec : spec.join(', ');
}

/** Empty parts keep their place: `A-` and `-A` are different keys. */
function joinParts(parts: readonly string[], separator: string): string {
  return parts.every((part) => part === '') ? '' : parts.join(separator);
}

/** Text of one record; `index` finds its columns. */
export type RecordText = (index: ColumnIndex | undefined) => (record: DataRecord) => string;

// Never part of a value, so that "a-b" with "c" and "a" with "b-c" are two groups.
const GROUP_SEPARATOR = '\u001f';

/** Compiles `document.group`, or `by` of a companion: read from each record by itself. */
export function compileGroup(spec: KeySpec, part: string, path: KeyPath, compiler: Compiler): RecordText {
  const pieces = groupPieces(spec, path, compiler);
  for (const piece of pieces.flat()) {
    if (piece.kind === 'name' && compiler.shape === 'table') {
      compiler.columns.push({ name: piece.name, parts: [part], isRequired: true, path });
    }
  }
  return (index) => {
    const reads = pieces.map((piece) => piece.map((token) => recordReader(token, index, compiler.shape)));
    const one = (record: DataRecord, tokens: (typeof reads)[number]): string => {
      const texts = tokens.map(({ read }) => read(record));
      return tokens.some(({ isName }, at) => isName && texts[at] !== '') ? texts.join('') : '';
    };
    return (record) =>
      joinParts(
        reads.map((tokens) => one(record, tokens)),
        GROUP_SEPARATOR,
      );
  };
}

function groupPieces(spec: KeySpec, path: KeyPath, compiler: Compiler): (readonly TemplatePart[])[] {
  if (typeof spec !== 'string') return spec.map((name) => [{ kind: 'name', name }]);
  if (!isTemplate(spec)) return [[{ kind: 'name', name: spec }]];
  const parsed = parseTemplate(spec);
  if ('parts' in parsed) return [parsed.parts];
  problem(compiler, 'bad-template', path, { what: parsed.problem, got: spec });
  return [];
}

interface RecordReader {
  readonly isName: boolean;
  readonly read: (record: DataRecord) => string;
}

function recordReader(part: TemplatePart, index: ColumnIndex | undefined, shape: 'table' | 'tree'): RecordReader {
  if (part.kind === 'text') return { isName: false, read: () => part.text };
  if (shape === 'tree') {
    const path = parsePath(part.name);
    const read = (tree: Json | undefined): string =>
      path === undefined ? '' : (scalarText(selectFirst(tree, path))?.trim() ?? '');
    return { isName: true, read: ({ tree }) => read(tree) };
  }
  const at = index?.find(part.name);
  return { isName: true, read: ({ cells }) => (at === undefined ? '' : (cells?.[at]?.trim() ?? '')) };
}
