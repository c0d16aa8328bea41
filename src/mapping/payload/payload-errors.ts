import type { ErrorObject } from 'ajv/dist/2020.js';
import type { JsonSchema } from '../../core/json.ts';
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
  return withoutWiderLimits(left);
}

const lower: ReadonlySet<string> = new Set(['minLength', 'minimum', 'exclusiveMinimum', 'minItems']);
const upper: ReadonlySet<string> = new Set(['maxLength', 'maximum', 'exclusiveMaximum', 'maxItems']);

/** Of several limits that one value breaks, the narrowest: who keeps that keeps them all. */
function withoutWiderLimits(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  if (errors.length < 2) return errors;
  const narrowest = new Map<string, ErrorObject>();
  const keyOf = ({ keyword, instancePath, propertyName = '' }: ErrorObject): string =>
    `${keyword} ${instancePath} ${propertyName}`;
  for (const error of errors) {
    const other = narrowest.get(keyOf(error));
    const sign = lower.has(error.keyword) ? -1 : 1;
    const isNarrower = other === undefined || sign * limitOf(error) < sign * limitOf(other);
    if (isNarrower) narrowest.set(keyOf(error), error);
  }
  const isLimit = ({ keyword }: ErrorObject): boolean => lower.has(keyword) || upper.has(keyword);
  return errors.filter((error) => !isLimit(error) || narrowest.get(keyOf(error)) === error);
}

function limitOf({ params }: ErrorObject): number {
  return Number(params['limit']);
}

function reduceChoice(choice: ErrorObject, errors: readonly ErrorObject[], schema: JsonSchema): readonly ErrorObject[] {
  const list: readonly unknown[] = Array.isArray(choice.schema) ? choice.schema : [];
  const end = errors.indexOf(choice);
  const branches = list.map((branch) => {
    const reach = reachable(branch, schema);
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

function isInside(error: ErrorObject, choice: ErrorObject, reach: ReadonlySet<unknown>): boolean {
  const { instancePath, parentSchema } = error;
  const isBelow = instancePath === choice.instancePath || instancePath.startsWith(`${choice.instancePath}/`);
  return isBelow && reach.has(parentSchema);
}

/** Every subschema that a branch leads to, through references too. */
function reachable(branch: unknown, schema: JsonSchema): ReadonlySet<unknown> {
  const found = new Set<unknown>();
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null || found.has(node)) return;
    found.add(node);
    for (const [name, child] of Object.entries(node)) {
      visit(name === '$ref' && typeof child === 'string' ? schemaAt(schema, child) : child);
    }
  };
  visit(branch);
  return found;
}
