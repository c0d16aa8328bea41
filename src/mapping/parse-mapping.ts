import type { Format, FormatOptions } from '../core/format.ts';
import { createIssue, type Issue } from '../core/issue.ts';
import { parseYaml, type PositionedYaml } from '../core/positioned-yaml.ts';
import { checkShape } from '../core/shape.ts';
import { mappingSchema } from './mapping-schema.ts';
import type {
  CompanionDefinition,
  Controls,
  InboundDefinition,
  KeySpec,
  MappingDefinition,
  OutboundDefinition,
  ParsedMapping,
  ReadDefinition,
  YamlObject,
  YamlValue,
} from './types.ts';

/** Reads a mapping file and checks its form. Every finding is placed in the file; with errors there is no definition. */
export function parseMapping(text: string, file: string, formats: ReadonlyMap<string, Format>): ParsedMapping {
  const yaml = parseYaml(text, file);
  if (yaml.issues.length > 0) return { yaml, issues: yaml.issues };
  const issues = checkShape(yaml, mappingSchema(formats));
  if (issues.length > 0) return { yaml, issues };
  const definition = definitionOf(yaml.value as RawMapping, file, formats);
  return { definition, yaml, issues: lostZeros(definition, yaml, text) };
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
  readonly read: RawOptions & { readonly name?: string; readonly with?: Readonly<Record<string, RawCompanion>> };
  readonly write?: RawOptions;
  readonly document: { readonly type: string; readonly key: KeySpec; readonly group?: KeySpec };
  readonly rows?: string;
  readonly fact: string;
  readonly when?: YamlValue;
  readonly map: YamlObject;
  readonly tables?: YamlObject;
  readonly controls?: Controls;
  readonly tests?: readonly YamlObject[];
}
interface RawCompanion extends FormatOptions {
  readonly name: string;
  readonly by: KeySpec;
}

function definitionOf(raw: RawMapping, file: string, formats: ReadonlyMap<string, Format>): MappingDefinition {
  const common = {
    file,
    map: raw.map,
    tables: raw.tables ?? {},
    tests: raw.tests ?? [],
    ...(raw.summary === undefined ? {} : { summary: raw.summary }),
  };
  if (raw.write !== undefined) return { ...common, ...outboundPart(raw, raw.write) };
  const controls = raw.controls === undefined ? {} : { controls: raw.controls };
  return { ...common, ...controls, kind: 'inbound', document: raw.document, read: readDefinition(raw, formats) };
}

function outboundPart(raw: RawMapping, write: RawOptions): Pick<OutboundDefinition, 'kind' | 'write' | 'fact'> {
  const { format, ...options } = write;
  return {
    kind: 'outbound',
    write: { format, options },
    fact: raw.fact,
    ...(raw.rows === undefined ? {} : { rows: raw.rows }),
    ...(raw.when === undefined ? {} : { when: raw.when }),
  };
}

function readDefinition(raw: RawMapping, formats: ReadonlyMap<string, Format>): ReadDefinition {
  const { format, name, with: companions = {}, ...options } = raw.read;
  return {
    format,
    shape: formats.get(format)?.shape ?? 'table',
    options,
    with: Object.fromEntries(Object.entries(companions).map(([part, own]) => [part, companion(own, options)])),
    ...(name === undefined ? {} : { name }),
  } satisfies InboundDefinition['read'];
}

function companion({ name, by, ...own }: RawCompanion, inherited: FormatOptions): CompanionDefinition {
  return { name, by, options: { ...inherited, ...own } };
}
