import { isError, type Issue } from '../core/issue.ts';
import type { PositionedYaml } from '../core/positioned-yaml.ts';
import { compileInbound } from './compile-inbound.ts';
import { compileOutbound } from './compile-outbound.ts';
import type { Compiler } from './compiler.ts';
import { createPayloadCheck, type PayloadCheck } from './payload-check.ts';
import { createIssue } from '../core/issue.ts';
import { createTables } from './tables.ts';
import type { CompileContext, CompiledMapping, MappingDefinition } from './types.ts';
import { createZone, type Zone } from './zone.ts';

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
  const check = schemaCheck(context, yaml, issues);
  const compiler = createCompiler(definition, yaml, context, issues, check);
  const mapping =
    definition.kind === 'inbound'
      ? compileInbound(definition, compiler, { check, limits: context.limits })
      : compileOutbound(definition, compiler);
  return issues.some(isError) ? { issues } : { mapping, issues };
}

function schemaCheck({ schema }: CompileContext, yaml: PositionedYaml, issues: Issue[]): PayloadCheck | undefined {
  if (schema === undefined) return undefined;
  try {
    return createPayloadCheck(schema);
  } catch (error) {
    const what = `the JSON Schema of the operation cannot be used: ${error instanceof Error ? error.message : 'unknown problem'}`;
    issues.push(createIssue('bad-schema', yaml.place([]), { what }));
    return undefined;
  }
}

function createCompiler(
  definition: MappingDefinition,
  yaml: PositionedYaml,
  context: CompileContext,
  issues: Issue[],
  check: PayloadCheck | undefined,
): Compiler {
  const zones = new Map<string, Zone | undefined>();
  const isInbound = definition.kind === 'inbound';
  return {
    direction: definition.kind,
    shape: isInbound ? definition.read.shape : 'tree',
    yaml,
    issues,
    columns: [],
    parts: isInbound ? ['', ...Object.keys(definition.read.with)] : [''],
    isGrouped: isInbound && definition.document.group !== undefined,
    findTable: createTables(definition, yaml, context.tables, issues),
    findZone(name) {
      if (!zones.has(name)) zones.set(name, createZone(name));
      return zones.get(name);
    },
    checkConstant: (value, pointer) => check?.checkConstant(value, pointer),
    expressions: 0,
  };
}
