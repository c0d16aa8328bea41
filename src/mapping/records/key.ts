import { scalarText, type Json } from '../../core/json.ts';
import { parsePath, selectFirst } from '../../core/path.ts';
import type { KeyPath } from '../../core/positioned-yaml.ts';
import type { DataRecord } from '../../core/record.ts';
import { say } from '../../core/text.ts';
import type { ColumnIndex } from './columns.ts';
import type { Bind, Compiler } from '../compile/compiler.ts';
import { problem } from '../compile/compiler.ts';
import { reportAt, type Read, type Run } from '../run.ts';
import type { GroupOf } from './sorting.ts';
import { compileName } from '../compile/source.ts';
import { isTemplate, parseTemplate, type TemplatePart } from '../compile/template.ts';
import { PICKED_PART, type KeySpec, type SourceCell } from '../types.ts';
import { yamlText } from '../definition/yaml-value.ts';

/** Compiles `document.key`: a value all records of the document share. */
export function compileKey(spec: KeySpec, path: KeyPath, compiler: Compiler): Bind<Read> {
  const scope = { levels: [], isRequired: true };
  const parsed = typeof spec === 'string' && isTemplate(spec) ? parseTemplate(spec) : undefined;
  if (typeof spec === 'string' && parsed === undefined) return compileName(spec, scope, path, compiler).bind;
  if (parsed !== undefined && 'problem' in parsed) {
    problem(compiler, 'bad-template', path, { what: parsed.problem, got: yamlText(spec) });
    return () => () => '';
  }
  const tokens = parsed?.parts ?? listTokens(spec);
  const parts = tokens.map((token, index) => {
    if (token.kind === 'text') return token.text;
    const place = parsed === undefined ? [...path, index / 2] : path;
    return { name: token.name, bind: compileName(token.name, scope, place, compiler).bind };
  });
  return (binding) => {
    const bound = parts.map((part) => (typeof part === 'string' ? part : { ...part, read: part.bind(binding) }));
    return (run) => readWhole(run, bound);
  };
}

/** `[Site, OrderNo]` as `{Site}-{OrderNo}`. */
function listTokens(spec: KeySpec): readonly TemplatePart[] {
  return [spec].flat().flatMap((name, index): TemplatePart[] => {
    const token: TemplatePart = { kind: 'name', name };
    return index === 0 ? [token] : [{ kind: 'text', text: '-' }, token];
  });
}

type KeyPart = string | { readonly name: string; readonly read: Read };

/** A key without one of its parts is none: `A-` could be that of two documents. */
function readWhole(run: Run, parts: readonly KeyPart[]): string {
  const sources = run.trace?.current?.sources;
  const missing: { readonly name: string; readonly source: SourceCell | undefined }[] = [];
  let names = 0;
  let key = '';
  for (const part of parts) {
    const before = sources?.length ?? 0;
    const text = typeof part === 'string' ? part : part.read(run);
    key += text;
    if (typeof part === 'string') continue;
    names++;
    if (text === '') missing.push({ name: part.name, source: sources?.[before] });
  }
  if (missing.length === 0) return key;
  if (missing.length === names) return '';
  for (const { name, source } of missing) {
    reportAt(run, source, 'no-key', { what: say`"${name}", a part of the key, is empty` });
  }
  return '';
}

/** What a key reads, in words. */
export function keyText(spec: KeySpec): string {
  return typeof spec === 'string' ? spec : spec.join(', ');
}

/** Empty parts keep their place: `A-` and `-A` are different keys. */
function joinParts(parts: readonly string[], separator: string): string {
  return parts.every((part) => part === '') ? '' : parts.join(separator);
}

/** Text of one record, and of the envelopes above it; `indexes` find the columns. */
export type RecordText = (indexes: ReadonlyMap<string, ColumnIndex>) => GroupOf;

// Never part of a value, so that "a-b" with "c" and "a" with "b-c" are two groups.
export const GROUP_SEPARATOR = '\u001f';

/** Compiles `document.group`, or `by` of a companion or a record type: read from each record by itself. */
export function compileGroup(
  spec: KeySpec,
  part: string,
  path: KeyPath,
  compiler: Compiler,
  isRequired = true,
): RecordText {
  const pieces = groupPieces(spec, path, compiler);
  const names = pieces.map((piece) => piece.map((token) => namedToken(token, part, compiler)));
  for (const token of names.flat()) {
    if (token.kind === 'name' && compiler.shape === 'table') {
      compiler.columns.push({ name: token.name, parts: [token.part], isRequired, path });
    }
  }
  return (indexes) => {
    const reads = names.map((piece) => piece.map((token) => recordReader(token, part, indexes, compiler.shape)));
    const one: (tokens: readonly RecordReader[]) => GroupOf = (tokens) => (record, above) => {
      const texts = tokens.map(({ read }) => read(record, above));
      return tokens.some(({ isName }, at) => isName && texts[at] !== '') ? texts.join('') : '';
    };
    const all = reads.map(one);
    return (record, above) =>
      joinParts(
        all.map((read) => read(record, above)),
        GROUP_SEPARATOR,
      );
  };
}

/** A group as messages show it. */
export function groupText(group: string): string {
  return group.replaceAll(GROUP_SEPARATOR, '-');
}

function groupPieces(spec: KeySpec, path: KeyPath, compiler: Compiler): (readonly TemplatePart[])[] {
  if (typeof spec !== 'string') return spec.map((name) => [{ kind: 'name', name }]);
  if (!isTemplate(spec)) return [[{ kind: 'name', name: spec }]];
  const parsed = parseTemplate(spec);
  if ('parts' in parsed) return [parsed.parts];
  problem(compiler, 'bad-template', path, { what: parsed.problem, got: spec });
  return [];
}

type NamedToken =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'name'; readonly name: string; readonly part: string };

/** Documents may be told apart by what stands above them: `file.BatchNo`. */
function namedToken(token: TemplatePart, part: string, { parts, begins }: Compiler): NamedToken {
  if (token.kind === 'text') return token;
  const dot = token.name.indexOf('.');
  const owner = token.name.slice(0, Math.max(dot, 0));
  const column = token.name.slice(dot + 1);
  if (part === PICKED_PART && parts.some(({ kind, name }) => kind === 'envelope' && name === owner)) {
    return { kind: 'name', name: column, part: owner };
  }
  const isOwn = owner !== '' && owner === (part === PICKED_PART ? begins : part);
  return { kind: 'name', name: isOwn ? column : token.name, part };
}

/** Whether `document.group` can be left out: the key alone tells documents apart as soon as they begin. */
export function isGroupable(spec: KeySpec, { parts }: Compiler): boolean {
  const parsed = typeof spec === 'string' && isTemplate(spec) ? parseTemplate(spec) : undefined;
  if (parsed !== undefined && 'problem' in parsed) return false;
  const names =
    parsed === undefined ? [spec].flat() : parsed.parts.flatMap((part) => ('name' in part ? [part.name] : []));
  return names.every((name) => {
    const owner = name.slice(0, Math.max(name.indexOf('.'), 0));
    return (
      name !== 'document.key' && !parts.some((part) => part.name === owner && owner !== '' && part.kind !== 'envelope')
    );
  });
}

interface RecordReader {
  readonly isName: boolean;
  readonly read: GroupOf;
}

function recordReader(
  token: NamedToken,
  part: string,
  indexes: ReadonlyMap<string, ColumnIndex>,
  shape: 'table' | 'tree',
): RecordReader {
  if (token.kind === 'text') return { isName: false, read: () => token.text };
  if (shape === 'tree') {
    const path = parsePath(token.name);
    const read = (tree: Json | undefined): string =>
      path === undefined ? '' : (scalarText(selectFirst(tree, path))?.trim() ?? '');
    return { isName: true, read: ({ tree }) => read(tree) };
  }
  const at = indexes.get(token.part)?.find(token.name);
  const read = (record: DataRecord | undefined): string =>
    at === undefined ? '' : (record?.cells?.[at]?.trim() ?? '');
  if (token.part === part) return { isName: true, read };
  return { isName: true, read: (_record, above) => read(above.find(({ type }) => type === token.part)) };
}
