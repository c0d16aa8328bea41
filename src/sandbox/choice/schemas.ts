import { readFileSync } from 'node:fs';
import { type ErrorObject, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { type Problem } from './answers.ts';

const FOLDER = new URL('../../../mappings/choice/schemas/', import.meta.url);

/** Rules JSON Schema has no words for; what they say is checked beside the schema. */
const RULES = ['lengthOf', 'uniqueBy', 'exactlyOneOf', 'sumAtMost', 'notAfter', 'inFuture', 'businessDaysAhead'];

export type SchemaName = 'ticket-outbound' | 'ticket-inbound' | 'ticket-transfer' | 'product-bulk';

/** Checks a body against a schema; with `ignoresUnknown`, removes from it what the schema does not name. */
export type SchemaCheck = (name: SchemaName, body: unknown, ignoresUnknown: boolean) => Problem[];

/** A check over the schema files, each of which is read when it is first needed. */
export function createSchemaCheck(): SchemaCheck {
  const compiled = new Map<string, ValidateFunction>();
  return (name, body, ignoresUnknown) => {
    const key = `${name} ${ignoresUnknown}`;
    const validate = compiled.get(key) ?? compile(name, ignoresUnknown);
    compiled.set(key, validate);
    validate(body);
    const problems = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if').map(toProblem);
    return problems.filter(({ field }, place) => problems.findIndex((other) => other.field === field) === place);
  };
}

function compile(name: SchemaName, ignoresUnknown: boolean): ValidateFunction {
  const ajv = new Ajv2020({
    strict: true,
    allErrors: true,
    removeAdditional: ignoresUnknown,
    strictRequired: false,
    strictTypes: false,
  });
  addFormats.default(ajv);
  ajv.addVocabulary(RULES);
  const schema: unknown = JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8'));
  return ajv.compile(schema as object);
}

function toProblem(error: ErrorObject): Problem {
  const field = readPath(error);
  return { field, message: `${field} ${describe(error)}.` };
}

function readPath(error: ErrorObject): string {
  const steps = error.instancePath.split('/').slice(1);
  const parameters = error.params as { missingProperty?: string; additionalProperty?: string };
  const last = parameters.missingProperty ?? parameters.additionalProperty;
  if (last !== undefined) steps.push(last);
  let path = '';
  for (const step of steps.map((text) => text.replaceAll('~1', '/').replaceAll('~0', '~'))) {
    path += /^[0-9]+$/.test(step) ? `[${step}]` : `${path === '' ? '' : '.'}${step}`;
  }
  return path === '' ? 'body' : path;
}

function describe({ keyword, params }: ErrorObject): string {
  const parameters = params as { limit?: number; type?: string };
  switch (keyword) {
    case 'required':
      return 'is required';
    case 'additionalProperties':
      return 'is not known';
    case 'maxLength':
      return `must be at most ${parameters.limit} characters long`;
    case 'minLength':
      return 'must not be empty';
    case 'minItems':
      return `must hold at least ${parameters.limit}`;
    case 'minimum':
      return `must be at least ${parameters.limit}`;
    case 'type':
      return `must be of type ${parameters.type}`;
    default:
      return 'is not valid';
  }
}
