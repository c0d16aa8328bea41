import type { Format, FormatOptions, OptionFinding } from '../../core/format.ts';
import { createIssue, type Issue } from '../../core/issue.ts';
import type { KeyPath, PositionedYaml } from '../../core/positioned-yaml.ts';
import { aliasFindings } from './alias-findings.ts';
import { goneFindings, recordFindings, timeFindings } from './write-findings.ts';
import { tableFiles } from '../values/tables.ts';
import type { MappingDefinition } from '../types.ts';

/** What is wrong with options of formats beyond their schemas, placed in the mapping. */
export function formatFindings(
  definition: MappingDefinition,
  yaml: PositionedYaml,
  formats: ReadonlyMap<string, Format>,
): Issue[] {
  const placed = (path: KeyPath, findings: readonly OptionFinding[] = []): Issue[] =>
    findings.map(({ code, path: below, ...details }) => createIssue(code, yaml.keyPlace([...path, ...below]), details));
  const checkRead = (path: KeyPath, format: string, options: FormatOptions): Issue[] =>
    placed(path, formats.get(format)?.check?.('read', options));
  const tables = tableFiles(definition, yaml).flatMap(({ name, format, options }) => {
    const path = ['tables', name, 'read'];
    return [...checkRead(path, format, options), ...aliasFindings(options, path, yaml)];
  });
  if (definition.kind === 'outbound') {
    const { format, options } = definition.write;
    const columns = Object.keys(definition.map);
    if (definition.records !== undefined) {
      const types = new Map(Object.entries(definition.records).map(([name, { map }]) => [name, Object.keys(map)]));
      const mixed = formats.get(format)?.mixed;
      return [
        ...recordFindings(definition, mixed !== undefined, yaml),
        ...placed(['write'], mixed?.check(options, types)),
        ...timeFindings(options, yaml),
        ...tables,
      ];
    }
    return [
      ...placed(['write'], formats.get(format)?.check?.('write', options, columns)),
      ...timeFindings(options, yaml),
      ...goneFindings(definition, columns, yaml),
      ...tables,
    ];
  }
  const { read } = definition;
  const parts = Object.entries(read.with).flatMap(([part, { options }]) => {
    const path = ['read', 'with', part];
    // What it has from `read` is told there.
    const own = options['columns'] === read.options['columns'] ? {} : options;
    return [...checkRead(path, read.format, options), ...aliasFindings(own, path, yaml)];
  });
  return [
    ...checkRead(['read'], read.format, read.options),
    ...aliasFindings(read.options, ['read'], yaml),
    ...parts,
    ...tables,
  ];
}
