import { isMap, isScalar, isSeq, parseDocument, type Document, type Node, type Pair, type YAMLMap } from 'yaml';
import type { MappingTestResult, YamlValue } from '../types.ts';
import { expectationText } from './expectation-text.ts';
import { inlineYaml } from '../propose/write.ts';

/** What is to be put in place of a part of a text. Parts do not overlap. */
interface Patch {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export interface Accepted {
  readonly text: string;
  /** Positions of the tests that were changed. */
  readonly changed: readonly number[];
}

type Actual = NonNullable<MappingTestResult['actual']>;
/** A test to be changed, by its position, and what it is to expect; undefined takes the property away. */
interface Change {
  readonly index: number;
  readonly expect: YamlValue | undefined;
  readonly issues: YamlValue | undefined;
}

/**
 * The text of a mapping in which every failing test expects what came. Everything else stays as it is, to the letter: of an
 * expected value that is a little different only the difference is written anew.
 */
export function acceptResults(text: string, results: readonly MappingTestResult[]): Accepted {
  const document = parseDocument(text, { version: '1.2' });
  const changes = results.flatMap(({ passed, actual }, index): Change[] => {
    const test: unknown = document.getIn(['tests', index]);
    return passed || actual === undefined || !isMap(test) ? [] : [{ index, ...wantedOf(test, actual) }];
  });
  const changed = changes.map(({ index }) => index);
  const patched = applied(
    text,
    changes.flatMap((change) => testPatches(text, document.getIn(['tests', change.index]) as YAMLMap, change)),
  );
  // Tests may be written in ways that cannot be patched: then the file is written anew, comments and all.
  return { text: saysSo(text, patched, changes) ? patched : rewritten(document, changes), changed };
}

/** With findings a test expects these, and payloads only when it did so before and there are some. */
function wantedOf(test: YAMLMap, actual: Actual): Omit<Change, 'index'> {
  const hasIssues = actual.issues.length > 0;
  const keepsExpect = test.has('expect') && actual.expect.length > 0;
  return {
    expect: !hasIssues || keepsExpect ? plain(actual.expect) : undefined,
    issues: hasIssues ? plain(actual.issues) : undefined,
  };
}

function testPatches(text: string, test: YAMLMap, change: Change): readonly Patch[] {
  if (test.flow === true) return [flowPatch(test, change)];
  const pairs = test.items as readonly Pair[];
  const patches = (['expect', 'issues'] as const).flatMap((name): readonly Patch[] => {
    const value = change[name];
    const pair = pairs.find(({ key }) => isScalar(key) && key.value === name);
    if (value === undefined) return pair === undefined ? [] : [removal(text, pair, pairs)];
    return pair === undefined ? [addition(text, pairs, name, value)] : valuePatches(text, pair, value);
  });
  return merged(patches);
}

/** A test on one line is written anew as one. */
function flowPatch(test: YAMLMap, { expect, issues }: Change): Patch {
  const { expect: _expect, issues: _issues, ...rest } = test.toJSON() as Record<string, YamlValue>;
  const [from, to] = test.range ?? [0, 0, 0];
  const changed = { ...rest, ...(expect === undefined ? {} : { expect }), ...(issues === undefined ? {} : { issues }) };
  return { from, to, text: inlineYaml(changed) };
}

/** Whether a changed text says what it is to say, and everything else as before. */
function saysSo(before: string, after: string, changes: readonly Change[]): boolean {
  const [old, now] = [before, after].map((text) => parseDocument(text, { version: '1.2' }));
  if (old === undefined || now === undefined || now.errors.length > 0) return false;
  return JSON.stringify(now.toJS()) === JSON.stringify(changedDocument(old, changes).toJS());
}

function changedDocument(document: Document, changes: readonly Change[]): Document {
  for (const { index, expect, issues } of changes) {
    for (const [name, value] of Object.entries({ expect, issues })) {
      if (value === undefined) document.deleteIn(['tests', index, name]);
      else document.setIn(['tests', index, name], document.createNode(value));
    }
  }
  return document;
}

function rewritten(document: Document, changes: readonly Change[]): string {
  return changedDocument(document, changes).toString({ lineWidth: 0 });
}

/** Numbers as YAML keeps them. */
function plain(value: unknown): YamlValue {
  return JSON.parse(JSON.stringify(value)) as YamlValue;
}

/** Two additions at one place are one, in their order. */
function merged(patches: readonly Patch[]): readonly Patch[] {
  const [first, second] = patches;
  if (first === undefined || second === undefined || first.from !== second.from || first.to !== second.to)
    return patches;
  return [{ ...first, text: first.text + second.text }];
}

/** Changes as little of a value as it takes. */
function valuePatches(text: string, pair: Pair, value: YamlValue): readonly Patch[] {
  const node = pair.value as Node | null;
  if (node === null || !isScalar(pair.key)) return [];
  return differencePatches(node, value) ?? [replacement(text, pair, value)];
}

/** Undefined when the shapes differ, and the value as a whole must be written anew. */
function differencePatches(node: Node, value: YamlValue): readonly Patch[] | undefined {
  if (isScalar(node)) return scalarPatches(node, value);
  if (isSeq(node) && Array.isArray(value)) {
    const values = value as readonly YamlValue[];
    return node.items.length === values.length
      ? all(node.items.map((item, index) => differencePatches(item as Node, values[index] ?? null)))
      : undefined;
  }
  if (!isMap(node) || typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const members = value as Readonly<Record<string, YamlValue>>;
  const pairs = node.items as readonly Pair[];
  const names = pairs.map(({ key }) => (isScalar(key) ? String(key.value) : ''));
  const isSame = names.length === Object.keys(members).length && names.every((name) => Object.hasOwn(members, name));
  if (!isSame) return undefined;
  return all(pairs.map((pair, index) => differencePatches(pair.value as Node, members[names[index] ?? ''] ?? null)));
}

function scalarPatches(node: Node, value: YamlValue): readonly Patch[] | undefined {
  if (!isScalar(node) || (typeof value === 'object' && value !== null)) return undefined;
  if (node.value === value) return [];
  const [from, to] = node.range ?? [0, 0, 0];
  // A block of text ends where its lines do: it is written anew with what is around it.
  if (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED' || from === to) return undefined;
  return [{ from, to, text: expectationText(value, 0).trim() }];
}

function all(lists: readonly (readonly Patch[] | undefined)[]): readonly Patch[] | undefined {
  return lists.every((list) => list !== undefined) ? lists.flat() : undefined;
}

/** The value of a property as a whole. */
function replacement(text: string, pair: Pair, value: YamlValue): Patch {
  const key = pair.key as Node;
  const from = key.range?.[1] ?? 0;
  return { from, to: endOf(text, pair), text: `:${expectationText(value, columnOf(text, key.range?.[0] ?? 0))}` };
}

/** A property more, behind the last one of its test. */
function addition(text: string, pairs: readonly Pair[], name: string, value: YamlValue): Patch {
  const last = pairs.at(-1);
  const at = last === undefined ? text.length : endOf(text, last);
  const column = columnOf(text, (pairs[0]?.key as Node | undefined)?.range?.[0] ?? 0);
  const before = at > 0 && text[at - 1] === '\n' ? '' : '\n';
  const line = `${before}${' '.repeat(column)}${name}:${expectationText(value, column)}`;
  return { from: at, to: at, text: before === '' ? `${line}\n` : line };
}

function removal(text: string, pair: Pair, pairs: readonly Pair[]): Patch {
  const start = (pair.key as Node).range?.[0] ?? 0;
  const isFirst = pairs[0] === pair;
  const lineStart = text.lastIndexOf('\n', start) + 1;
  const end = endOf(text, pair);
  const to = text[end] === '\n' && !isFirst ? end + 1 : end;
  return { from: isFirst ? start : lineStart, to, text: '' };
}

/** Where the value of a property ends: behind its last character that is no blank, before a comment that follows. */
function endOf(text: string, pair: Pair): number {
  const node = pair.value as Node | null;
  const end = node?.range?.[1] ?? (pair.key as Node).range?.[1] ?? 0;
  const isBlock = isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED');
  if (isBlock) return end;
  return text.slice(0, end).trimEnd().length;
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

function applied(text: string, patches: readonly Patch[]): string {
  let result = text;
  for (const { from, to, text: own } of patches.toSorted((a, b) => b.from - a.from)) {
    result = result.slice(0, from) + own + result.slice(to);
  }
  return result;
}
