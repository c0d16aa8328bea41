import { isMap, isNode, isScalar, type Document } from 'yaml';

// Pieces that reference pages of providers are put together from.

export function section(title: string, body: string): string {
  return body === '' ? '' : `## ${title}\n\n${body}`;
}

export function entriesOf(document: Document, part: string): [name: string, value: unknown][] {
  const map = document.get(part, true);
  return isMap(map) ? map.items.map(({ key, value }) => [textOf(key), value]) : [];
}

export function plain(document: Document, node: unknown): unknown {
  return isNode(node) ? node.toJS(document) : node;
}

export function textOf(node: unknown): string {
  return isScalar(node) ? String(node.value) : '';
}

export function noteOf(node: unknown): string {
  const comment = isNode(node) ? (node.commentBefore ?? '') : '';
  const lines = comment.split('\n').filter((line) => !line.includes('yaml-language-server'));
  return lines
    .map((line) => line.trim())
    .join(' ')
    .trim();
}

export function listOf(value: unknown, between = ', '): string {
  const values = Array.isArray(value) ? value : [value];
  return values.map((item) => code(String(item))).join(between);
}

export function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const kept = head.map((_, index) => rows.some((row) => (row[index] ?? '') !== ''));
  const line = (cells: readonly string[]): string =>
    `| ${cells
      .filter((_, index) => kept[index])
      .map((cell) => cell.replaceAll('|', '\\|'))
      .join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
