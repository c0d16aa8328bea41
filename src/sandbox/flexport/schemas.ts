import { readFileSync } from 'node:fs';
import { type ErrorObject, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { type Problem } from './answers.ts';

const FOLDER = new URL('../../../mappings/flexport/schemas/', import.meta.url);

export type SchemaName = 'order' | 'order-cancel' | 'b2b-order' | 'product' | 'inbound-shipment' | 'return';

/** Checks the shape of a body; with `ignoresUnknown`, removes from it what the schema does not name. */
export type SchemaCheck = (name: SchemaName, body: unknown, ignoresUnknown: boolean) => Problem[];

/** Rules beyond shape, which the stand-in has rules of its own for, and a word of the schemas' tests. */
const OTHER_RULES = [
  'uniqueBy',
  'lengthOf',
  'businessDaysAhead',
  'holidays',
  'inFuture',
  'notAfter',
  'sumAtMost',
  'exactlyOneOf',
  'x-broken',
];

/** A check over the schema files, each of which is read when it is first needed. */
export function createSchemaCheck(): SchemaCheck {
  const compiled = new Map<string, ValidateFunction>();
  return (name, body, ignoresUnknown) => {
    const key = `${name} ${ignoresUnknown}`;
    const validate = compiled.get(key) ?? compile(name, ignoresUnknown);
    compiled.set(key, validate);
    validate(body);
    return (validate.errors ?? []).filter((error) => !isConditional(error)).map(toProblem);
  };
}

function compile(name: SchemaName, ignoresUnknown: boolean): ValidateFunction {
  const ajv = new Ajv2020({ strict: true, allErrors: true, verbose: true, removeAdditional: ignoresUnknown });
  addFormats.default(ajv);
  for (const word of OTHER_RULES) ajv.addKeyword(word);
  const schema: unknown = JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8'));
  return ajv.compile(schema as object);
}

/** What a schema says of fields that depend on each other is judged by the stand-in itself. */
function isConditional({ keyword, schemaPath }: ErrorObject): boolean {
  return ['if', 'not', 'anyOf', 'oneOf'].includes(keyword) || /\/(then|else|anyOf|oneOf|not)\//.test(schemaPath);
}

function toProblem(error: ErrorObject): Problem {
  const steps = error.instancePath.split('/').slice(1);
  const parameters = error.params as { missingProperty?: string; additionalProperty?: string; limit?: number };
  const last = parameters.missingProperty ?? parameters.additionalProperty;
  if (last !== undefined) steps.push(last);
  let path = '';
  for (const step of steps.map((text) => text.replaceAll('~1', '/').replaceAll('~0', '~'))) {
    path += /^[0-9]+$/.test(step) ? `[${step}]` : `${path === '' ? '' : '.'}${step}`;
  }
  return { path: path === '' ? 'body' : path, message: describe(error, parameters.limit) };
}

function describe(error: ErrorObject, limit: number | undefined): string {
  switch (error.keyword) {
    case 'required':
      return 'is required';
    case 'additionalProperties':
      return 'is not allowed';
    case 'maxItems':
      return `must hold at most ${limit}`;
    case 'minItems':
      return `must hold at least ${limit}`;
    case 'enum':
    case 'const':
      return 'is not one of the allowed values';
    default:
      return error.message ?? 'is not valid';
  }
}
