import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node, type Pair } from 'yaml';
import { createIssue, type Issue, type Place } from './issue.ts';

/** A path into a parsed file: property names and array positions. */
export type KeyPath = readonly (string | number)[];

/** A parsed YAML (or JSON) file whose every value knows its line and column. */
export interface PositionedYaml {
  readonly file: string;
  /** Plain data; undefined when the text could not be parsed. */
  readonly value: unknown;
  readonly issues: readonly Issue[];
  /** Place of the value at a path, or of the nearest thing around it. */
  place(path: KeyPath): Place;
  /** Place of the property name at a path. */
  keyPlace(path: KeyPath): Place;
  /** Text of a number that was written without quotes, as it stands in the file. */
  numberSource(path: KeyPath): string | undefined;
}

/** Parses YAML 1.2, keeping positions. Duplicate keys, unknown tags and alias bombs are issues. */
export function parseYaml(text: string, file: string): PositionedYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, version: '1.2' });
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line, character: col };
  };
  const issues = [...document.errors, ...document.warnings].map((problem) =>
    createIssue('bad-yaml', at(problem.pos[0]), { what: yamlProblem(problem.message) }),
  );
  const value = issues.length > 0 ? undefined : toValue(document, issues, file);
  return {
    file,
    value,
    issues,
    place: (path) => at(nodeStart(nearest(document, path)?.value)),
    keyPlace: (path) => at(nodeStart(keyNode(document, path))),
    numberSource: (path) => numberSource(nearest(document, path)),
  };
}

function toValue(document: Document, issues: Issue[], file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    const what = error instanceof Error ? error.message : 'cannot be read';
    issues.push(createIssue('bad-yaml', { file, line: 1, character: 1 }, { what }));
    return undefined;
  }
}

// The parser's message may quote the source over several lines; the first line says what is wrong.
function yamlProblem(message: string): string {
  return message.split('\n', 1)[0] ?? 'cannot be read';
}

interface Found {
  readonly value: Node | null | undefined;
  readonly isExact: boolean;
}

function nearest(document: Document, path: KeyPath): Found | undefined {
  let node: unknown = document.contents;
  for (const step of path) {
    const next = child(node, step);
    if (next === undefined) return { value: node as Node, isExact: false };
    node = next;
  }
  return { value: node as Node, isExact: true };
}

function child(node: unknown, step: string | number): unknown {
  if (isMap(node)) return pairOf(node.items, step)?.value ?? undefined;
  return isSeq(node) && typeof step === 'number' ? node.items[step] : undefined;
}

function pairOf(items: readonly Pair[], name: string | number): Pair | undefined {
  return items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(name));
}

function keyNode(document: Document, path: KeyPath): Node | null | undefined {
  const parent = nearest(document, path.slice(0, -1));
  const last = path.at(-1);
  if (parent?.isExact === true && isMap(parent.value) && last !== undefined) {
    const key = pairOf(parent.value.items, last)?.key;
    if (isScalar(key)) return key;
  }
  return nearest(document, path)?.value;
}

function nodeStart(node: Node | null | undefined): number {
  return node?.range?.[0] ?? 0;
}

function numberSource(found: Found | undefined): string | undefined {
  if (found?.isExact !== true || !isScalar(found.value) || typeof found.value.value !== 'number') return undefined;
  return found.value.source;
}
