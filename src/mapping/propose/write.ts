import { Document, isCollection } from 'yaml';
import type { YamlValue } from '../types.ts';
import type { Proposal, ProposedEntry, ProposedNode, ProposedTable } from './proposal.ts';

/** An option of `read:` and what is to be said about it. */
export interface ReadLine {
  readonly name: string;
  readonly value: YamlValue;
  readonly doubt?: string;
}

/** Writes a proposal as a mapping file. `intro`: lines of comment at its beginning. */
export function writeProposal(proposal: Proposal, read: readonly ReadLine[], intro: readonly string[]): string {
  const { document, tables, unread } = proposal;
  const lines = [
    ...intro.map((line) => `#${remark(line === '' ? '' : ` ${line}`)}`),
    `summary: ${inlineYaml(proposal.summary)}`,
    ...writeRead(read, proposal.aliases),
    'document:',
    `  type: ${inlineYaml(document.type)}`,
    `  key: ${inlineYaml(document.key)}${comment(document.keyDoubt === undefined ? [] : [document.keyDoubt])}`,
    ...(document.isGrouped ? [`  group: ${inlineYaml(document.key)}`] : []),
    'map:',
    ...proposal.map.flatMap((entry) => entryLines(entry, '  ')),
    ...(unread.length === 0 ? [] : [`  #${remark(` no field reads: ${unread.join(', ')}`)}`]),
    ...(tables.length === 0 ? [] : ['tables:', ...tables.flatMap(tableLines)]),
  ];
  return `${lines.join('\n')}\n`;
}

/** The block `read:`. */
export function writeRead(
  read: readonly ReadLine[],
  aliases: ReadonlyMap<string, string> = new Map(),
): readonly string[] {
  const lines = read.map(({ name, value, doubt }) => {
    return `  ${inlineYaml(name)}: ${inlineYaml(value)}${comment(doubt === undefined ? [] : [doubt])}`;
  });
  if (aliases.size === 0) return ['read:', ...lines];
  const own = read.find(({ name }) => name === 'columns')?.value;
  const merged = Object.fromEntries([...aliases].map(([name, other]) => [name, [other]]));
  const columns = { ...(own as Record<string, YamlValue> | undefined), aliases: merged };
  return ['read:', ...lines.filter((line) => !line.startsWith('  columns:')), `  columns: ${inlineYaml(columns)}`];
}

function entryLines({ name, node }: ProposedEntry, indent: string): readonly string[] {
  const key = `${indent}${inlineYaml(name)}:`;
  switch (node.kind) {
    case 'value':
      return [`${key} ${inlineYaml(node.value)}${comment(node.doubts)}`];
    case 'todo':
      return [`${key} ${todoText(node)}`];
    case 'kept':
      return [`${key} ${inlineYaml(node.value)} #${remark(` as in ${node.from}`)}`];
    case 'object':
      return [key, ...node.children.flatMap((child) => entryLines(child, `${indent}  `))];
    case 'each':
      return [
        key,
        `${indent}  $each: ${inlineYaml(node.over)}`,
        ...node.children.flatMap((child) => entryLines(child, `${indent}  `)),
      ];
  }
}

function todoText({ placeholder, isList, wanted }: Extract<ProposedNode, { kind: 'todo' }>): string {
  const value = { $from: placeholder, $required: true };
  const told = wanted === '' ? '' : `: ${wanted}`;
  return `${inlineYaml(isList ? [value] : value)} #${remark(` TODO required${told}; name its column, or write { $value: … }`)}`;
}

function tableLines({ name, entries }: ProposedTable): readonly string[] {
  const known = entries.filter(({ value }) => value !== undefined);
  const unknown = entries.filter(({ value }) => value === undefined);
  const open = known.length === 0 ? [`  ${inlineYaml(name)}: {}`] : [`  ${inlineYaml(name)}:`];
  return [
    ...unknown.map(
      ({ text }) => `  #${remark(` TODO ${name}: what is ${inlineYaml(text)}? Until it is here it is refused.`)}`,
    ),
    ...open,
    ...known.map(({ text, value = '' }) => `    ${inlineYaml(text)}: ${inlineYaml(value)}`),
  ];
}

function comment(doubts: readonly string[]): string {
  return doubts.length === 0 ? '' : ` #${remark(` sure? ${doubts.join('; ')}`)}`;
}

/** Text of a comment: one line, nothing invisible. */
function remark(text: string): string {
  return text.replaceAll(/[\p{C}\u2028\u2029\s]+/gu, ' ').trimEnd();
}

/** A value as YAML on one line. */
export function inlineYaml(value: YamlValue): string {
  if (Array.isArray(value)) return `[${(value as readonly YamlValue[]).map(inlineYaml).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return inlineScalar(value);
  const members = Object.entries(value).map(([name, inner]) => `${inlineScalar(name)}: ${inlineYaml(inner)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

function inlineScalar(value: YamlValue): string {
  // A sign on its own is easily overlooked.
  if (typeof value === 'string' && !/[\p{L}\p{N}]/u.test(value)) {
    return /[\p{C}\s]/u.test(value) ? JSON.stringify(value) : `'${value.replaceAll("'", "''")}'`;
  }
  const document = new Document([value]);
  if (isCollection(document.contents)) document.contents.flow = true;
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: false, singleQuote: true }).trim();
  return text.includes('\n') ? JSON.stringify(value) : text.slice(1, -1);
}
