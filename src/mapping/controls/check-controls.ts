import { createIssue, type ConfigDetails, type Issue } from '../../core/issue.ts';
import type { ConfigCode } from '../../core/issue-catalogue.ts';
import { parsePath } from '../../core/path.ts';
import type { KeyPath, PositionedYaml } from '../../core/positioned-yaml.ts';
import { suggestion } from '../../core/shape.ts';
import type { InboundDefinition } from '../types.ts';
import { columnName, positionOf, type ColumnName } from './cells.ts';
import { decimalReader } from './exact-sum.ts';
import type { HashedSpec, HeaderControl, StatedTotals, SummedSpec, TrailerControl } from './types.ts';

/** What is wrong with the name of a column, as far as the mapping itself tells. */
export function columnFindings(text: string, definition: Definition): readonly ConfigDetails[] {
  const found: ConfigDetails[] = [];
  checkColumn(columnName(text, definition), [], {
    definition,
    issue: (_code, _path, details) => void found.push(details),
  });
  return found;
}

type Role = 'part' | 'envelope' | 'trailer' | 'ignore';
type Definition = Pick<InboundDefinition, 'read' | 'document' | 'controls'>;
interface Context {
  readonly definition: Definition;
  readonly issue: (code: ConfigCode, path: KeyPath, details: ConfigDetails) => void;
}

/** What a mapping says about totals, held against its own record types, files and columns. */
export function checkControls(definition: InboundDefinition, yaml: PositionedYaml): readonly Issue[] {
  const issues: Issue[] = [];
  const { trailer, header, document = {} } = definition.controls ?? {};
  const context: Context = {
    definition,
    issue: (code, path, details) => void issues.push(createIssue(code, yaml.place(path), details)),
  };
  for (const [rule, path] of listed(trailer, 'trailer')) checkTrailer(rule, path, context);
  for (const [rule, path] of listed(header, 'header')) checkHeader(rule, path, context);
  for (const [place, { count, sum, hash }] of Object.entries(document)) {
    const path = ['controls', 'document', place];
    checkColumn(columnName(place, definition), path, context);
    if (count !== undefined) checkCounted(count, [...path, 'count'], context, 'document');
    if (sum !== undefined) checkSum(sum, [...path, 'sum'], context, 'document');
    if (hash !== undefined) checkHash(hash, [...path, 'hash'], context, 'document');
  }
  return issues;
}

function listed<Rule>(rules: Rule | readonly Rule[] | undefined, kind: string): readonly (readonly [Rule, KeyPath])[] {
  if (rules === undefined) return [];
  return Array.isArray(rules)
    ? (rules as readonly Rule[]).map((rule, index) => [rule, ['controls', kind, index]] as const)
    : [[rules as Rule, ['controls', kind]]];
}

function checkTrailer(rule: TrailerControl, path: KeyPath, context: Context): void {
  const { starts, record, since } = rule;
  const { definition, issue } = context;
  if (definition.read.shape === 'tree') {
    issue('wrong-value', path, {
      what: 'a trailer is a record of a table, and these files are none',
      hint: 'Use controls.header for totals that every record repeats, or controls.document.',
    });
    return;
  }
  if ((starts === undefined) === (record === undefined)) {
    issue('wrong-value', path, { what: 'a trailer is told by one of "starts" and "record"' });
  } else if (starts !== undefined && definition.read.records.size > 0) {
    issue('wrong-value', [...path, 'starts'], {
      what: 'read.records declares the record types, so the trailer is one of them',
      hint: 'Declare it there with role: trailer, and name it with "record".',
    });
  }
  if (record !== undefined) checkType(record, 'trailer', [...path, 'record'], context);
  if (since !== undefined && since !== record) checkType(since, 'envelope', [...path, 'since'], context);
  checkTotals(rule, record, since === undefined ? 'file' : 'batch', path, context);
}

function checkHeader(rule: HeaderControl, path: KeyPath, context: Context): void {
  const { record, count, sums, hash } = rule;
  if (record !== undefined) checkType(record, 'envelope', [...path, 'record'], context);
  if (count === undefined && sums === undefined && hash === undefined) {
    context.issue('missing-key', path, { what: '"count", "sums" or "hash" is missing: nothing is stated' });
  }
  checkTotals(rule, record, record === undefined ? 'file' : scopeOf(record, context), path, context);
}

function scopeOf(record: string, { definition }: Context): Scope {
  return [definition.controls?.trailer ?? []].flat().some(({ since }) => since === record) ? 'batch' : 'rest';
}

function checkType(type: string, role: Role, path: KeyPath, { definition, issue }: Context): void {
  const { records } = definition.read;
  const found = records.get(type);
  if (found === undefined) {
    issue('unknown-reference', path, {
      what: `read.records has no type "${type}"`,
      ...suggestion(type, [...records.keys()]),
    });
  } else if (found.role !== role) {
    issue('wrong-value', path, { what: `the record type "${type}" has the role ${found.role}`, expected: role });
  }
}

/** `rest`: what follows a record of the file, to its end or to the next of its kind. */
type Scope = 'file' | 'batch' | 'rest' | 'document';

function checkTotals(rule: StatedTotals, stating: string | undefined, scope: Scope, path: KeyPath, context: Context) {
  const { count, of, sums = {}, hash = {} } = rule;
  const counts = typeof count === 'object' ? count : {};
  const places = [...(typeof count === 'object' ? [] : [count ?? []].flat().map(String)), ...Object.keys(counts)];
  for (const place of [...places, ...Object.keys(sums), ...Object.keys(hash)]) {
    checkStated(place, stating, rule, path, context);
  }
  for (const [place, what] of Object.entries(counts)) checkCounted(what, [...path, 'count', place], context, scope);
  if (of !== undefined) checkCounted(of, [...path, 'of'], context, scope);
  if (of !== undefined && (count === undefined || typeof count === 'object')) checkOf(count, path, context);
  for (const [place, spec] of Object.entries(sums)) checkSum(spec, [...path, 'sums', place], context, scope);
  for (const [place, spec] of Object.entries(hash)) checkHash(spec, [...path, 'hash', place], context, scope);
}

function checkOf(count: object | undefined, path: KeyPath, { issue }: Context): void {
  const place = [...path, 'of'];
  if (count !== undefined)
    return issue('wrong-value', place, { what: 'each place under "count" says itself what is counted' });
  issue('missing-key', place, { what: '"count" is missing: where does the number of "of" stand?' });
}

/** A record that is told by its first value has positions; one of a type its columns. */
function checkStated(
  place: string,
  stating: string | undefined,
  rule: TrailerControl,
  path: KeyPath,
  context: Context,
): void {
  if (positionOf(place) !== undefined) return;
  if (rule.starts !== undefined) {
    context.issue('wrong-value', path, {
      what: 'values of a trailer that is told by its first value have no names',
      expected: 'a position from 1',
      got: place,
    });
    return;
  }
  const name = columnName(place, context.definition);
  checkColumn(stating === undefined ? name : { ...name, owner: stating, column: place }, path, context);
}

function checkCounted(of: string, path: KeyPath, { definition, issue }: Context, scope: Scope): void {
  const { read, document } = definition;
  if (scope === 'document' && read.shape === 'tree') {
    if (of !== 'lines' && parsePath(of) === undefined) issue('wrong-value', path, { what: 'not a path', got: of });
    return;
  }
  const stray = strayFile(of, definition, scope);
  if (stray !== undefined) return issue('wrong-value', path, { what: stray });
  const words = scope === 'document' ? ['lines'] : ['records', 'documents', 'lines'];
  const kinds = [...read.records.keys(), ...Object.keys(read.with)];
  if (!words.includes(of) && !kinds.includes(of)) {
    issue('unknown-reference', path, {
      what: `nothing here is called "${of}"`,
      ...suggestion(of, [...words, ...kinds]),
    });
  } else if (of === 'documents' && scope !== 'file' && document.begins === undefined) {
    issue('wrong-value', path, {
      what: 'which documents are those of a batch is only known with document.begins',
      hint: 'Count records, or the record type with which a document begins.',
    });
  }
}

/** Why records of a file of the drop are not among those that are counted. */
function strayFile(name: string, { read }: Definition, scope: Scope): string | undefined {
  const file = Object.hasOwn(read.with, name) ? read.with[name] : undefined;
  if (file?.key !== undefined) return `"${name}" is looked up: its records belong to no document`;
  return file === undefined || scope !== 'batch'
    ? undefined
    : `the records of "${name}" stand in a file of their own, in no batch`;
}

function checkSum(spec: SummedSpec, path: KeyPath, context: Context, scope: Scope): void {
  const { of, format, stated } = typeof spec === 'string' ? { of: spec } : spec;
  checkMeasured(of, path, context, scope);
  for (const [key, text] of [['format', format] as const, ['stated', stated] as const]) {
    if (text === undefined || decimalReader(text) !== undefined) continue;
    context.issue('wrong-value', [...path, key], {
      what: 'the number format cannot be used',
      expected: 'one such as 0, 0.00, 0,00 or 0.000,00',
      got: text,
    });
  }
}

function checkHash(spec: HashedSpec, path: KeyPath, context: Context, scope: Scope): void {
  checkMeasured(typeof spec === 'string' ? spec : spec.of, path, context, scope);
}

function checkMeasured(of: string, path: KeyPath, context: Context, scope: Scope): void {
  const name = columnName(of, context.definition);
  const stray = name.owner === undefined ? undefined : strayFile(name.owner, context.definition, scope);
  if (stray === undefined) checkColumn(name, path, context);
  else context.issue('wrong-value', path, { what: stray });
}

/** Columns are known before the file is only where the mapping lists those of a record type. */
function checkColumn({ text, owner, column }: ColumnName, path: KeyPath, { definition, issue }: Context): void {
  const { read } = definition;
  if (read.shape === 'tree') {
    if (parsePath(column) === undefined) issue('wrong-value', path, { what: 'not a path', got: text });
    return;
  }
  if (positionOf(column) !== undefined || read.records.size === 0) return;
  if (owner !== undefined) {
    const columns = read.records.get(owner)?.columns;
    if (columns === undefined || columns.includes(column)) return;
    issue('unknown-reference', path, {
      what: `the record type "${owner}" has no column "${column}"`,
      ...suggestion(column, columns),
    });
    return;
  }
  const parts = [...read.records].filter(([, { role }]) => role === 'part');
  const having = parts.filter(([, { columns }]) => columns?.includes(column) === true).map(([type]) => type);
  if (having.length === 1 || parts.some(([, { columns }]) => columns === undefined)) return;
  issue('unknown-reference', path, {
    what:
      having.length === 0
        ? `no record type that belongs to documents has a column "${column}"`
        : `the column "${column}" stands in ${having.join(' and ')}`,
    hint: `Write the record type before it: ${having[0] ?? parts[0]?.[0] ?? 'line'}.${column}.`,
  });
}
