import { createIssue } from '../../core/issue.ts';
import type { JsonSchema } from '../../core/json.ts';
import type { KeyPath } from '../../core/positioned-yaml.ts';
import { say } from '../../core/text.ts';
import { compileObject } from './compile-node.ts';
import type { Bind, Binding, Compiler } from './compiler.ts';
import { createPayloadCheck, type PayloadCheck } from '../payload/payload-check.ts';
import { beginEntry } from '../payload/trace.ts';
import { report, type Evaluate, type Read, type Run } from '../run.ts';
import { compileName } from './source.ts';
import type { CompileContext, InboundDefinition, YamlObject } from '../types.ts';

/** What is built for one operation. */
interface Target<E> {
  readonly operation: string | undefined;
  readonly evaluate: E;
  /** Checks the payload; undefined when the operation has no schema. */
  readonly check: PayloadCheck | undefined;
  /** Parts that are walked one inside another. */
  readonly nestings: readonly (readonly number[])[];
}
export type BoundTarget = Target<Evaluate>;

/** Compiled, still without columns. */
export interface Targets {
  bind(binding: Binding): BoundTargets;
}

export interface BoundTargets {
  /**
   * What to build of the document the run is at; `wanted` asks for an operation by name. Undefined: the document says
   * something nobody knows, which is reported.
   */
  choose(run: Run, wanted: string | undefined): BoundTarget | undefined;
}

export function compileTargets(definition: InboundDefinition, compiler: Compiler, context: CompileContext): Targets {
  const { purposes } = context;
  const schemas = purposes?.schemas ?? new Map([[context.operation ?? '', context.schema]]);
  const targets = new Map(
    [...schemas].map(([operation, schema]) => {
      const prefix = purposes === undefined ? '' : `${operation}: `;
      return [operation, compileTarget(definition, compiler, operation, schema, prefix)] as const;
    }),
  );
  for (const operation of Object.keys(definition.operations)) {
    // For tests alone: no flow builds it, so no file has to have its columns.
    const aside = { ...compiler, columns: [] };
    if (!targets.has(operation)) targets.set(operation, compileTarget(definition, aside, operation, undefined, ''));
    compiler.expressions = Math.max(compiler.expressions, aside.expressions);
  }
  const [fallback] = targets.values();
  const from =
    purposes === undefined
      ? undefined
      : compileName(purposes.from, { levels: [], isRequired: true }, ['document'], compiler);
  return {
    bind(binding) {
      const bound = new Map([...targets].map(([name, target]) => [name, bindTarget(target, binding)] as const));
      const main = fallback === undefined ? undefined : bindTarget(fallback, binding);
      const read = from?.bind(binding);
      return {
        choose(run, wanted) {
          if (wanted !== undefined) return bound.get(wanted) ?? main;
          if (read === undefined || purposes === undefined) return main;
          const operation = chooseOperation(run, read, purposes);
          return operation === undefined ? undefined : bound.get(operation);
        },
      };
    },
  };
}

function bindTarget({ evaluate, ...target }: Target<Bind<Evaluate>>, binding: Binding): BoundTarget {
  return { ...target, evaluate: evaluate(binding) };
}

function compileTarget(
  definition: InboundDefinition,
  compiler: Compiler,
  operation: string,
  schema: JsonSchema | undefined,
  prefix: string,
): Target<Bind<Evaluate>> {
  const own = Object.hasOwn(definition.operations, operation) ? definition.operations[operation]?.map : undefined;
  const path: KeyPath = own === undefined ? ['map'] : ['operations', operation, 'map'];
  const known = compiler.issues.length;
  const check = schemaCheck(schema, compiler);
  compiler.check = check;
  compiler.nestings.length = 0;
  const map: YamlObject = own ?? definition.map;
  const { bind } = compileObject(map, check?.view, { levels: [], isRequired: true }, path, compiler, true);
  const found = compiler.issues.splice(known);
  compiler.issues.push(...found.map((issue) => ({ ...issue, what: `${prefix}${issue.what}` })));
  return {
    operation: operation === '' ? undefined : operation,
    evaluate: bind,
    check,
    nestings: [...compiler.nestings],
  };
}

function schemaCheck(schema: JsonSchema | undefined, compiler: Compiler): PayloadCheck | undefined {
  if (schema === undefined) return undefined;
  try {
    return createPayloadCheck(schema);
  } catch (error) {
    const what = `the JSON Schema of the operation cannot be used: ${error instanceof Error ? error.message : 'unknown problem'}`;
    compiler.issues.push(createIssue('bad-schema', compiler.yaml.place([]), { what }));
    return undefined;
  }
}

function chooseOperation(
  run: Run,
  read: Read,
  { table, otherwise }: NonNullable<CompileContext['purposes']>,
): string | undefined {
  const { trace } = run;
  const entry = trace === undefined ? undefined : beginEntry(trace, 'document.operation');
  const action = read(run);
  const operation = action === '' ? otherwise : table.get(action);
  if (action === '' && operation === undefined) report(run, 'missing-value');
  else if (operation === undefined) {
    report(run, 'unknown-action', { expected: say`one of ${[...table.keys()].join(', ')}`, got: action });
  }
  if (entry !== undefined) entry.value = operation;
  if (trace !== undefined) trace.current = undefined;
  return operation;
}
