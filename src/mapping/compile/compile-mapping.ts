import { isError, type Issue } from '../../core/issue.ts';
import type { PositionedYaml } from '../../core/positioned-yaml.ts';
import { compileInbound } from './compile-inbound.ts';
import { compileOutbound } from './compile-outbound.ts';
import type { Compiler } from './compiler.ts';
import type { ColumnUse } from '../records/columns.ts';
import { emptyTexts } from '../values/empty-texts.ts';
import { partsOf } from '../records/parts.ts';
import { createTables, lookUpKeys } from '../values/tables.ts';
import type { CompileContext, CompiledMapping, MappingDefinition } from '../types.ts';
import { createZone, type Zone } from '../values/zone.ts';

/**
 * Checks what a mapping says against the schema and against itself, and makes it ready to bind. With an error among the
 * issues there is no mapping; warnings come beside it.
 */
export function compileMapping(
  definition: MappingDefinition,
  yaml: PositionedYaml,
  context: CompileContext,
): CompiledMapping {
  const issues: Issue[] = [];
  const compiler = createCompiler(definition, yaml, context, issues);
  const mapping =
    definition.kind === 'inbound'
      ? compileInbound(definition, compiler, context)
      : compileOutbound(definition, compiler);
  return issues.some(isError) ? { issues } : { mapping, issues };
}

function createCompiler(
  definition: MappingDefinition,
  yaml: PositionedYaml,
  context: CompileContext,
  issues: Issue[],
): Compiler {
  const zones = new Map<string, Zone | undefined>();
  const columns: ColumnUse[] = [];
  const isInbound = definition.kind === 'inbound';
  const compiler: Compiler = {
    direction: definition.kind,
    shape: isInbound ? definition.read.shape : 'tree',
    yaml,
    issues,
    columns,
    parts: isInbound ? partsOf(definition) : [],
    begins: isInbound ? definition.document.begins : undefined,
    lookUps: [...lookUpKeys(definition).keys()],
    nestings: [],
    walked: new Set(),
    empty: emptyTexts(isInbound ? definition.read.empty : undefined, ['read', 'empty'], { yaml, issues }),
    isGrouped: isInbound && definition.document.group !== undefined,
    findTable: createTables(definition, yaml, context.tables, issues, (part, name, path) =>
      columns.push({ name, parts: [part], isRequired: true, path }),
    ),
    findZone(name) {
      if (!zones.has(name)) zones.set(name, createZone(name));
      return zones.get(name);
    },
    check: undefined,
    checkConstant: (value, pointer) => compiler.check?.checkConstant(value, pointer),
    expressions: 0,
  };
  return compiler;
}
