import type { Format, FormatOptions, OptionFinding } from '../core/format.ts';
import { createIssue, type Issue } from '../core/issue.ts';
import type { KeyPath, PositionedYaml } from '../core/positioned-yaml.ts';
import type { MappingDefinition } from './types.ts';

/** What formats find in their options beyond their schemas, placed in the mapping. */
export function formatFindings(
  definition: MappingDefinition,
  yaml: PositionedYaml,
  formats: ReadonlyMap<string, Format>,
): Issue[] {
  const placed = (path: KeyPath, findings: readonly OptionFinding[] = []): Issue[] =>
    findings.map(({ code, path: below, ...details }) => createIssue(code, yaml.keyPlace([...path, ...below]), details));
  if (definition.kind === 'outbound') {
    const { format, options } = definition.write;
    return placed(['write'], formats.get(format)?.check?.('write', options, Object.keys(definition.map)));
  }
  const { read } = definition;
  const check = (path: KeyPath, options: FormatOptions): Issue[] =>
    placed(path, formats.get(read.format)?.check?.('read', options));
  const parts = Object.entries(read.with).flatMap(([part, { options }]) => check(['read', 'with', part], options));
  return [...check(['read'], read.options), ...parts];
}
