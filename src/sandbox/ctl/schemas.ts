import { readFileSync } from 'node:fs';
import { type ErrorObject, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { addProblem, type Problems } from './answers.ts';

const FOLDER = new URL('../../../mappings/ctl/schemas/', import.meta.url);

export type SchemaName = 'order' | 'ship-to' | 'order-cancel' | 'purchase-order' | 'asn' | 'product-change';

/** Checks a body against a schema; with `ignoresUnknown`, removes from it what the schema does not name. */
export type SchemaCheck = (name: SchemaName, body: unknown, ignoresUnknown: boolean) => Problems;

/** A check over the schema files, each of which is read when it is first needed. */
export function createSchemaCheck(): SchemaCheck {
  const compiled = new Map<string, ValidateFunction>();
  return (name, body, ignoresUnknown) => {
    const key = `${name} ${ignoresUnknown}`;
    const validate = compiled.get(key) ?? compile(name, ignoresUnknown);
    compiled.set(key, validate);
    validate(body);
    const problems: Problems = new Map();
    for (const error of validate.errors ?? []) {
      if (!isSettledElsewhere(error)) addProblem(problems, readPath(error), describe(error));
    }
    return problems;
  };
}

function compile(name: SchemaName, ignoresUnknown: boolean): ValidateFunction {
  const ajv = new Ajv2020({ strict: true, allErrors: true, verbose: true, removeAdditional: ignoresUnknown });
  addFormats.default(ajv);
  const schema: unknown = JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8'));
  return ajv.compile(schema as object);
}

/** Sizes of a delivery address depend on the carrier. */
const SIZED_BY_CARRIER =
  /^(\/ShipTo)?\/(Attention|Name|Address1|Address2|City|StateOrProvince|PostalCode|CountryCode|PhoneNumber)$/;

/** `if` and `anyOf` members repeat a finding; `not` has a rule of its own; a wrong EACH is denied later, not refused. */
function isSettledElsewhere({ keyword, schemaPath, instancePath }: ErrorObject): boolean {
  if (keyword === 'if' || keyword === 'not' || keyword === 'propertyNames') return true;
  if (keyword === 'maxLength' && SIZED_BY_CARRIER.test(instancePath)) return true;
  return schemaPath.includes('/anyOf/') || instancePath === '/UnitsOfMeasure/EACH/BaseQuantity';
}

function readPath(error: ErrorObject): string {
  const steps = error.instancePath.split('/').slice(1);
  const parameters = error.params as { missingProperty?: string; additionalProperty?: string };
  const last = parameters.missingProperty ?? parameters.additionalProperty ?? error.propertyName;
  if (last !== undefined) steps.push(last);
  let path = '';
  for (const step of steps.map((text) => text.replaceAll('~1', '/').replaceAll('~0', '~'))) {
    path += /^[0-9]+$/.test(step) ? `[${step}]` : `${path === '' ? '' : '.'}${step}`;
  }
  return path === '' ? 'body' : path;
}

function describe(error: ErrorObject): string {
  const field = readPath(error).split('.').at(-1) ?? '';
  const parameters = error.params as { limit?: number; type?: string };
  const { description } = (error.parentSchema ?? {}) as { description?: string };
  switch (error.keyword) {
    case 'required':
      return `${field} is required.`;
    case 'additionalProperties':
      return `${field} is not known.`;
    case 'maxLength':
      return `${field} must be at most ${parameters.limit} characters long.`;
    case 'minLength':
      return `${field} must not be empty.`;
    case 'minItems':
      return `${field} must hold at least ${parameters.limit}.`;
    case 'minimum':
      return `${field} must be at least ${parameters.limit}.`;
    case 'exclusiveMinimum':
      return `${field} must be more than ${parameters.limit}.`;
    case 'type':
      return `${field} must be of type ${parameters.type}.`;
    default:
      return `${field} is not valid${description === undefined ? '' : `: ${description}`}.`;
  }
}
