import type { Format, FormatOptions } from '../../core/format.ts';
import { createIssue, type Issue } from '../../core/issue.ts';
import { parseYaml, type PositionedYaml } from '../../core/positioned-yaml.ts';
import { checkShape } from '../../core/shape.ts';
import { formatFindings } from './format-findings.ts';
import type { Controls } from '../controls/types.ts';
import { mappingSchema } from './mapping-schema.ts';
import type {
  CompanionDefinition,
  DocumentDefinition,
  InboundDefinition,
  KeySpec,
  MappingDefinition,
  OutboundDefinition,
  ParsedMapping,
  ReadDefinition,
  RecordTypeDefinition,
  YamlObject,
  YamlValue,
} from '../types.ts';

/** Reads a mapping file and checks its form. Every finding is placed in the file; with errors there is no definition. */
export function parseMapping(text: string, file: string, formats: ReadonlyMap<string, Format>): ParsedMapping {
  const yaml = parseYaml(text, file);
  if (yaml.issues.length > 0) return { yaml, issues: yaml.issues };
  const issues = checkShape(yaml, mappingSchema(formats));
  if (issues.length > 0) return { yaml, issues };
  const definition = definitionOf(yaml.value as RawMapping, file, formats);
  const found = [...lostZeros(definition, yaml, text), ...formatFindings(definition, yaml, formats)];
  return { definition, yaml, issues: found };
}

/** Keys of tables that YAML read as numbers: `0123: EACH` would become 123. */
function lostZeros({ tables }: MappingDefinition, yaml: PositionedYaml, text: string): Issue[] {
  const lines = text.split('\n');
  return Object.entries(tables).flatMap(([name, entries]) =>
    Object.keys(entries as YamlObject).flatMap((key) => {
      const place = yaml.keyPlace(['tables', name, key]);
      const source = (lines[(place.line ?? 1) - 1] ?? '').slice((place.character ?? 1) - 1);
      const written = /^[-+.\d][^:,}\s]*/.exec(source)?.[0];
      return written === undefined || written === key || !/^[-+.\d]/.test(key)
        ? []
        : [createIssue('unquoted-number', place, { got: written })];
    }),
  );
}

interface RawOptions {
  readonly [option: string]: unknown;
  readonly format: string;
}
interface RawMapping {
  readonly summary?: string;
  readonly read: RawRead;
  readonly write?: RawOptions;
  readonly gone?: Readonly<Record<string, string | number>>;
  readonly document: DocumentDefinition;
  readonly operations?: InboundDefinition['operations'];
  readonly rows?: string;
  readonly fact: string;
  readonly when?: YamlValue;
  readonly map?: YamlObject;
  readonly records?: OutboundDefinition['records'];
  readonly tables?: YamlObject;
  readonly controls?: Controls;
  readonly tests?: readonly YamlObject[];
}
interface RawRead extends RawOptions {
  readonly name?: string;
  readonly with?: Readonly<Record<string, RawCompanion>>;
  readonly empty?: YamlValue;
}
interface RawCompanion extends FormatOptions {
  readonly name: string;
  readonly by?: KeySpec;
  readonly key?: string;
}
interface RawRecordType {
  readonly role?: RecordTypeDefinition['role'];
  readonly by?: KeySpec;
  /** A list of names, or an object by name: as the format says it. */
  readonly columns?: readonly string[];
  readonly fields?: object;
}

function definitionOf(raw: RawMapping, file: string, formats: ReadonlyMap<string, Format>): MappingDefinition {
  const common = {
    file,
    map: raw.map ?? {},
    tables: raw.tables ?? {},
    tests: raw.tests ?? [],
    ...(raw.summary === undefined ? {} : { summary: raw.summary }),
  };
  if (raw.write !== undefined) return { ...common, ...outboundPart(raw, raw.write) };
  const controls = raw.controls === undefined ? {} : { controls: raw.controls };
  const { document, operations = {} } = raw;
  return { ...common, ...controls, kind: 'inbound', document, operations, read: readDefinition(raw, formats) };
}

function outboundPart(
  raw: RawMapping,
  write: RawOptions,
): Pick<OutboundDefinition, 'kind' | 'write' | 'fact' | 'gone' | 'records'> {
  const { format, ...options } = write;
  return {
    kind: 'outbound',
    write: { format, options },
    fact: raw.fact,
    ...(raw.rows === undefined ? {} : { rows: raw.rows }),
    ...(raw.when === undefined ? {} : { when: raw.when }),
    ...(raw.records === undefined ? {} : { records: raw.records }),
    ...(raw.gone === undefined
      ? {}
      : { gone: Object.fromEntries(Object.entries(raw.gone).map(([name, value]) => [name, String(value)])) }),
  };
}

function readDefinition(raw: RawMapping, formats: ReadonlyMap<string, Format>): ReadDefinition {
  const { format, name, with: companions = {}, empty, ...own } = raw.read;
  // To most formats the name of a file says nothing.
  const knowsName = name !== undefined && Object.hasOwn(optionNames(formats.get(format)), 'name');
  const options: FormatOptions = knowsName ? { ...own, name } : own;
  return {
    format,
    shape: formats.get(format)?.shape ?? 'table',
    options,
    with: Object.fromEntries(Object.entries(companions).map(([part, own]) => [part, companion(own, options)])),
    records: new Map(
      Object.entries((options['records'] ?? {}) as Readonly<Record<string, RawRecordType>>).map(([type, own]) => [
        type,
        recordType(own),
      ]),
    ),
    ...(name === undefined ? {} : { name }),
    ...(empty === undefined ? {} : { empty }),
  } satisfies InboundDefinition['read'];
}

function optionNames(format: Format | undefined): object {
  return format?.readOptions['properties'] ?? {};
}

function companion({ name, by, key, ...own }: RawCompanion, inherited: FormatOptions): CompanionDefinition {
  // Record types are those of the picked file: another file mixes others or none.
  const { records: _records, ...shared } = inherited;
  const purpose = { ...(by === undefined ? {} : { by }), ...(key === undefined ? {} : { key }) };
  return { name, ...purpose, options: { ...headerRules(shared, own), ...own } };
}

/** What a companion has from the picked file, unless it says itself whether it has a header. */
function headerRules(shared: FormatOptions, own: FormatOptions): FormatOptions {
  const { header, columns, ...others } = shared;
  const { names: _names, ...known } = (columns ?? {}) as Readonly<Record<string, unknown>>;
  const namesOwn = Object.hasOwn(own['columns'] ?? {}, 'names');
  const kept = Object.hasOwn(own, 'header') && Object.hasOwn(columns ?? {}, 'names') ? known : columns;
  return {
    ...others,
    ...(header === undefined || namesOwn ? {} : { header }),
    ...(kept === undefined ? {} : { columns: kept }),
  };
}

function recordType({ role = 'part', by, columns, fields }: RawRecordType): RecordTypeDefinition {
  const names = columns ?? (fields === undefined ? undefined : Object.keys(fields));
  return { role, ...(by === undefined ? {} : { by }), ...(names === undefined ? {} : { columns: names }) };
}
