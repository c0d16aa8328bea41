import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { createIssue, type Issue } from './issue.ts';
import type { JsonSchema } from './json.ts';
import type { KeyPath, PositionedYaml } from './positioned-yaml.ts';
import { addRules, type RuleChecks } from './schema-rules.ts';
import { phraseText, say, type Phrase } from './text.ts';

/**
 * A validator for payload and configuration schemas: strict, no coercion, every error at once.
 * `verbose` puts the schema and the data into errors: only for configuration, never for payloads.
 * `rules` checks the keywords of ours; without it they are known and hold nothing against a value.
 */
export function createAjv(options: { verbose?: boolean; validateSchema?: boolean; rules?: RuleChecks } = {}): Ajv2020 {
  const ajv = new Ajv2020({
    strict: true,
    strictRequired: false,
    strictTypes: false,
    allErrors: true,
    allowUnionTypes: true,
    multipleOfPrecision: 9,
    verbose: options.verbose ?? false,
    validateSchema: options.validateSchema ?? true,
  });
  addFormats.default(ajv);
  addRules(ajv, options.rules);
  return ajv;
}

/** Checks a parsed file against a schema; every finding is placed in the file. */
export function checkShape(yaml: PositionedYaml, schema: JsonSchema): Issue[] {
  const validate = shapeValidator(schema);
  return validate(yaml.value) ? [] : shapeIssues(yaml, validate);
}

// Compiling a schema takes most of a short run's time: each of ours is compiled once, however many files it checks.
const validators = new WeakMap<JsonSchema, ValidateFunction>();

function shapeValidator(schema: JsonSchema): ValidateFunction {
  const known = validators.get(schema);
  if (known !== undefined) return known;
  // Our own schemas are checked against the meta-schema by a test, not at every start.
  const validate = createAjv({ verbose: true, validateSchema: false }).compile(schema);
  validators.set(schema, validate);
  return validate;
}

function shapeIssues(yaml: PositionedYaml, validate: ValidateFunction): Issue[] {
  const errors = validate.errors ?? [];
  const issues = errors.filter((error) => !isConsequence(error)).map((error) => shapeIssue(yaml, error));
  // `anyOf` reports each branch; one message for each place and code is enough.
  const seen = new Set<string>();
  return issues.filter((issue) => {
    const key = `${issue.where.line}:${issue.where.character}:${issue.code}:${issue.what}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}

function isConsequence(error: ErrorObject): boolean {
  // Why a name is not allowed: `propertyNames` says which one.
  if (error.propertyName !== undefined) return true;
  return (
    ['if', 'then', 'else', 'anyOf', 'oneOf', 'allOf'].includes(error.keyword) &&
    error.params['passingSchemas'] === undefined
  );
}

function shapeIssue(yaml: PositionedYaml, error: ErrorObject): Issue {
  const path = pointerPath(error.instancePath);
  const name = path.length === 0 ? 'the file' : path.join('.');
  switch (error.keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const property = String(error.params['additionalProperty'] ?? error.params['unevaluatedProperty']);
      return createIssue('unknown-key', yaml.keyPlace([...path, property]), {
        what: `unknown key "${property}"`,
        ...suggestion(property, allowedNames(error)),
      });
    }
    case 'required':
      return createIssue('missing-key', yaml.keyPlace(path), {
        what: `"${String(error.params['missingProperty'])}" is missing in ${name}`,
      });
    case 'type':
      return createIssue('wrong-type', yaml.place(path), {
        what: `${name} has the wrong type`,
        expected: [error.params['type']].flat().join(' or '),
      });
    case 'enum':
      return createIssue('wrong-value', yaml.place(path), {
        what: `${name} has a value that is not allowed`,
        expected: `one of ${(error.params['allowedValues'] as readonly unknown[]).join(', ')}`,
      });
    case 'false schema':
      return createIssue('wrong-value', yaml.keyPlace(path), {
        what: `${name} cannot be set together with the others here`,
      });
    case 'propertyNames': {
      const property = String(error.params['propertyName']);
      return createIssue('wrong-value', yaml.keyPlace([...path, property]), {
        what: `"${property}" cannot be a name in ${name}`,
        hint: 'Choose another name.',
      });
    }
    default:
      return createIssue('wrong-value', yaml.place(path), { what: `${name} ${error.message ?? 'is wrong'}` });
  }
}

function allowedNames(error: ErrorObject): string[] {
  const parent = error.parentSchema as { properties?: Record<string, unknown> } | undefined;
  return Object.keys(parent?.properties ?? {});
}

/** A hint `Did you mean "columns"?` when a known name is near. */
export function suggestion(name: string, known: readonly string[]): { hint?: Phrase } {
  const farthest = Math.max(1, Math.floor(name.length / 3));
  const scored = known
    .filter((candidate) => Math.abs(candidate.length - name.length) <= farthest)
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  if (scored !== undefined && scored.distance <= farthest) {
    return { hint: say`Did you mean "${scored.candidate}"?` };
  }
  return known.length === 0 || known.length > 25 ? {} : { hint: say`Known here: ${known.join(', ')}.` };
}

/** The same in plain English, empty when there is none. */
export function suggestionText(name: string, known: readonly string[]): string {
  const { hint } = suggestion(name, known);
  return hint === undefined ? '' : phraseText(hint);
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const substitution = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, substitution));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** `/Items/0/Sku` as property names and positions. */
export function pointerPath(pointer: string): KeyPath {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}
