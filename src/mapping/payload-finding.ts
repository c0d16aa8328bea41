import type { ErrorObject } from 'ajv/dist/2020.js';
import type { IssueCode } from '../core/issue-catalogue.ts';
import type { IssueDetails } from '../core/issue.ts';
import { scalarText, type Json, type JsonSchema } from '../core/json.ts';
import type { SchemaView } from './schema-view.ts';
import type { SourceCell } from './types.ts';

/** What is known around an error of the validator. */
export interface ErrorContext {
  /** The subschema whose keyword failed. */
  readonly holder: JsonSchema | undefined;
  /** What the keyword holds, when that is a schema: the case of `not`. */
  readonly subschema: JsonSchema | undefined;
  /** Everything the schema says about the place. */
  readonly view: SchemaView | undefined;
  readonly value: Json | undefined;
  /** Cells the value was or would have been made of. */
  readonly sources: readonly SourceCell[];
}

export interface Finding {
  readonly code: IssueCode;
  readonly details: IssueDetails;
}

const ranges: Readonly<Record<string, ((limit: number) => string) | undefined>> = {
  minimum: (limit) => `${limit} or more`,
  maximum: (limit) => `${limit} or less`,
  exclusiveMinimum: (limit) => `more than ${limit}`,
  exclusiveMaximum: (limit) => `less than ${limit}`,
  multipleOf: (limit) => `a multiple of ${limit}`,
};

/** Puts an error of the validator into our words. */
export function findingOf(error: ErrorObject, context: ErrorContext): Finding {
  const { keyword } = error;
  const { value } = context;
  const limit = Number(error.params['limit'] ?? error.params['multipleOf']);
  const got = gotOf(context);
  const range = ranges[keyword];
  if (range !== undefined) return { code: 'out-of-range', details: { expected: range(limit), ...got } };
  switch (keyword) {
    case 'required':
      return missing(error, context);
    case 'maxLength':
      return {
        code: 'too-long',
        details: { expected: `at most ${characters(limit)}, found ${lengthOf(value)}`, ...got },
      };
    case 'minLength':
      return {
        code: 'too-short',
        details: { expected: `at least ${characters(limit)}, found ${lengthOf(value)}`, ...got },
      };
    case 'enum':
    case 'const':
      return { code: 'not-allowed', details: { expected: described(context) ?? allowed(error), ...got } };
    case 'pattern':
    case 'format':
      return { code: 'not-allowed', details: { expected: described(context) ?? generic(error), ...got } };
    case 'not':
      return brokenRule(
        text(context.subschema?.['description']) ?? described(context) ?? 'another combination of values',
        {},
      );
    case 'minItems':
      return brokenRule(`at least ${limit} ${limit === 1 ? 'entry' : 'entries'}`, {});
    case 'maxItems':
      return brokenRule(`at most ${limit} entries`, {});
    case 'type':
      return brokenRule(described(context) ?? String(error.params['type']), got);
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const name = String(error.params['additionalProperty'] ?? error.params['unevaluatedProperty']);
      return { code: 'breaks-rule', details: { what: `the provider has no property "${name}"` } };
    }
    default:
      return brokenRule(described(context) ?? error.message ?? keyword, got);
  }
}

function brokenRule(expected: string, got: IssueDetails): Finding {
  return { code: 'breaks-rule', details: { expected, ...got } };
}

/** Conditions (then, else) explain themselves; otherwise the property says what it is. */
function missing(error: ErrorObject, { holder, view, sources }: ErrorContext): Finding {
  const isConditional = /\/(?:then|else|anyOf|oneOf|dependentSchemas)\//.test(error.schemaPath);
  const expected = (isConditional ? text(holder?.['description']) : undefined) ?? view?.description;
  const columns = [...new Set(sources.map(({ column }) => column))];
  const what =
    columns.length === 0
      ? `"${String(error.params['missingProperty'])}" is missing`
      : columns.length > 1
        ? `a value is missing: ${listed(columns)} are empty`
        : 'a value is missing';
  return { code: 'missing-value', details: { what, ...(expected === undefined ? {} : { expected }) } };
}

/** The subschema that failed knows its rule best; a shared one without words leaves it to the property. */
function described({ holder, view }: ErrorContext): string | undefined {
  return text(holder?.['description']) ?? view?.description;
}

function gotOf({ sources, value }: ErrorContext): { got?: string } {
  const told = sources.filter((source) => source.text !== '');
  const got = told.length === 1 ? told[0]?.text : scalarText(value);
  return got === undefined ? {} : { got };
}

function allowed(error: ErrorObject): string {
  const values = [error.params['allowedValues'] ?? error.params['allowedValue']].flat().map(String);
  return values.length > 10 ? `one of ${values.slice(0, 10).join(', ')}, …` : `one of ${values.join(', ')}`;
}

function generic(error: ErrorObject): string {
  if (error.keyword === 'format') return `the format ${String(error.params['format'])}`;
  return `the pattern ${String(error.params['pattern'])}`;
}

function listed(columns: readonly string[]): string {
  const shown = columns.length > 4 ? [...columns.slice(0, 3), 'others'] : columns;
  return `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

function characters(count: number): string {
  return count === 1 ? '1 character' : `${count} characters`;
}

function lengthOf(value: Json | undefined): number {
  return typeof value === 'string' ? Array.from(value).length : 0;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
