import type { ErrorObject } from 'ajv/dist/2020.js';
import type { JsonSchema } from '../core/json.ts';
import { schemaAt } from './schema-view.ts';

// Say only that something below them failed, which is reported by itself.
const wrappers: ReadonlySet<string> = new Set(['if', 'allOf', 'items', 'properties', '$ref', 'propertyNames']);

/**
 * Reduces what the validator says to what a person can act on: nothing that merely wraps another error, and of
 * alternatives only the one that came closest.
 */
export function reduceErrors(errors: readonly ErrorObject[], schema: JsonSchema): readonly ErrorObject[] {
  let left: readonly ErrorObject[] = errors.filter(({ keyword }) => !wrappers.has(keyword));
  for (const choice of errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf')) {
    if (left.includes(choice)) left = reduceChoice(choice, left, schema);
  }
  return left;
}

function reduceChoice(choice: ErrorObject, errors: readonly ErrorObject[], schema: JsonSchema): readonly ErrorObject[] {
  const node = schemaAt(schema, choice.schemaPath.slice(0, choice.schemaPath.lastIndexOf('/')));
  const list = node?.[choice.keyword];
  const count = Array.isArray(list) ? list.length : 0;
  const end = errors.indexOf(choice);
  const branches = Array.from({ length: count }, (_unused, index) => {
    const reach = reachable(`${choice.schemaPath}/${index}`, schema);
    return errors.slice(0, end).filter((error) => isInside(error, choice, reach));
  });
  const inside = new Set(branches.flat());
  const outside = errors.filter((error) => !inside.has(error));
  const closest = closestBranch(branches, choice);
  return closest === undefined ? outside : [...outside.filter((error) => error !== choice), ...closest];
}

/** The one branch whose shape fits and that has the fewest errors; undefined when several would do. */
function closestBranch(
  branches: readonly (readonly ErrorObject[])[],
  choice: ErrorObject,
): readonly ErrorObject[] | undefined {
  const isWrongKind = (error: ErrorObject): boolean =>
    (error.keyword === 'type' && error.instancePath === choice.instancePath) || error.keyword === 'const';
  const fitting = branches
    .filter((branch) => branch.length > 0 && !branch.some(isWrongKind))
    .sort((a, b) => a.length - b.length);
  const [first, second] = fitting;
  if (first === undefined || (second !== undefined && second.length === first.length)) return undefined;
  return first;
}

function isInside(error: ErrorObject, choice: ErrorObject, reach: ReadonlySet<string>): boolean {
  const { instancePath, schemaPath } = error;
  const isBelow = instancePath === choice.instancePath || instancePath.startsWith(`${choice.instancePath}/`);
  return isBelow && reach.has(schemaPath.slice(0, schemaPath.lastIndexOf('/')));
}

/** Pointers of every subschema that a branch leads to, through references too. */
function reachable(pointer: string, schema: JsonSchema): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (node: unknown, at: string): void => {
    if (typeof node !== 'object' || node === null || found.has(at)) return;
    found.add(at);
    for (const [name, child] of Object.entries(node)) {
      if (name === '$ref' && typeof child === 'string') visit(schemaAt(schema, child), child);
      else visit(child, `${at}/${name}`);
    }
  };
  visit(schemaAt(schema, pointer), pointer);
  return found;
}
