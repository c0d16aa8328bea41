import type { ErrorObject } from 'ajv/dist/2020.js';
import type { IssueCode } from '../../core/issue-catalogue.ts';
import type { IssueDetails } from '../../core/issue.ts';
import { scalarText, type Json, type JsonSchema } from '../../core/json.ts';
import { eitherOf, say, type Phrase } from '../../core/text.ts';
import { ruleFinding, type RuleContext } from '../rules/finding.ts';
import type { SchemaView } from './schema-view.ts';
import type { HollowList } from './trace.ts';
import type { SourceCell } from '../types.ts';

/** What is known around an error of the validator. */
export interface ErrorContext extends Omit<RuleContext, 'got'> {
  /** The subschema whose keyword failed. */
  readonly holder: JsonSchema | undefined;
  /** What the keyword holds, when that is a schema: the case of `not`. */
  readonly subschema: JsonSchema | undefined;
  /** Everything the schema says about the place. */
  readonly view: SchemaView | undefined;
  readonly value: Json | undefined;
  /** Cells the value was or would have been made of. */
  readonly sources: readonly SourceCell[];
  /** What is missing is a list that nothing of the file came into. */
  readonly hollow: HollowList['finding'] | undefined;
}

export interface Finding {
  readonly code: IssueCode;
  readonly details: IssueDetails;
}

const ranges: Readonly<Record<string, ((limit: number) => Phrase) | undefined>> = {
  minimum: (limit) => say`${limit} or more`,
  maximum: (limit) => say`${limit} or less`,
  exclusiveMinimum: (limit) => say`more than ${limit}`,
  exclusiveMaximum: (limit) => say`less than ${limit}`,
  multipleOf: (limit) => say`a multiple of ${limit}`,
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
        details: { expected: say`at most ${characters(limit)}, found ${lengthOf(value)}`, ...got },
      };
    case 'minLength':
      return {
        code: 'too-short',
        details: { expected: say`at least ${characters(limit)}, found ${lengthOf(value)}`, ...got },
      };
    case 'enum':
    case 'const':
      return { code: 'not-allowed', details: { expected: described(context) ?? allowed(error), ...got } };
    case 'pattern':
      return {
        code: 'not-allowed',
        details: { expected: described(context) ?? generic(error), ...got },
        ...lostZero(error, context),
      };
    case 'format':
      return { code: 'not-allowed', details: { expected: described(context) ?? generic(error), ...got } };
    case 'not':
      return brokenRule(
        stated(context.subschema?.['description']) ?? described(context) ?? say`another combination of values`,
        {},
      );
    case 'minItems':
      return brokenRule(limit === 1 ? say`at least 1 entry` : say`at least ${limit} entries`, {});
    case 'maxItems':
      return tooMany(limit, context);
    case 'minProperties':
      return nothingGiven(context);
    case 'type':
      return brokenRule(described(context) ?? say`${String(error.params['type'])}`, got);
    case 'false schema':
      return brokenRule(say`nothing here`, got);
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const name = String(error.params['additionalProperty'] ?? error.params['unevaluatedProperty']);
      return { code: 'breaks-rule', details: { what: say`the provider has no property "${name}"` } };
    }
    default:
      return (
        ruleFinding(error, { ...context, got }) ??
        brokenRule(described(context) ?? say`${error.message ?? keyword}`, got)
      );
  }
}

function brokenRule(expected: Phrase, got: IssueDetails): Finding {
  return { code: 'breaks-rule', details: { expected, ...got } };
}

/** Digits that would be right with zeros in front of them: a spreadsheet may have taken these away. */
function lostZero(error: ErrorObject, context: ErrorContext): Finding | undefined {
  const { value } = context;
  if (typeof value !== 'string' || !/^[0-9]{2,}$/.test(value)) return undefined;
  const pattern = new RegExp(String(error.params['pattern']), 'u');
  const whole = [`0${value}`, `00${value}`].find((text) => pattern.test(text));
  if (whole === undefined) return undefined;
  const hint = say`If it is ${whole}, format the column as text, write ${whole} and save.`;
  return {
    code: 'leading-zero-missing',
    details: { expected: described(context) ?? generic(error), hint, ...gotOf(context) },
  };
}

/** A list of objects has lines; a list that must be empty says why in its own words. */
function tooMany(limit: number, context: ErrorContext): Finding {
  const { view, value } = context;
  if (limit === 0) return brokenRule(described(context) ?? say`no entries`, gotOf(context));
  const count = Array.isArray(value) ? value.length : 0;
  if (view?.items?.types?.has('object') !== true) return brokenRule(say`at most ${limit} entries, found ${count}`, {});
  const hint = say`Split the document: give some of its lines another key.`;
  return { code: 'too-many-lines', details: { expected: say`at most ${limit} lines, found ${count}`, hint } };
}

/** A row in which nothing stands but its key asks for nothing. */
function nothingGiven({ sources }: ErrorContext): Finding {
  const columns = [...new Set(sources.map(({ column }) => column))];
  if (columns.length === 0) return { code: 'missing-value', details: { what: say`nothing is given` } };
  return {
    code: 'missing-value',
    details: {
      what: say`the line has nothing but its key`,
      hint: say`Fill in what is to be sent: ${eitherOf(columns)}.`,
    },
  };
}

/** Conditions (then, else) explain themselves; otherwise the property says what it is. */
function missing(error: ErrorObject, { holder, view, sources, hollow }: ErrorContext): Finding {
  if (hollow !== undefined) return { code: 'no-lines', details: hollow };
  const isConditional = /\/(?:then|else|anyOf|oneOf|dependentSchemas)\//.test(error.schemaPath);
  const expected = (isConditional ? stated(holder?.['description']) : undefined) ?? stated(view?.description);
  const columns = [...new Set(sources.map(({ column }) => column))];
  const what =
    columns.length === 0
      ? say`"${String(error.params['missingProperty'])}" is missing`
      : columns.length > 1
        ? say`a value is missing: ${listed(columns)} are empty`
        : say`a value is missing`;
  return { code: 'missing-value', details: { what, ...(expected === undefined ? {} : { expected }) } };
}

/** The subschema that failed knows its rule best; a shared one without words leaves it to the property. */
function described({ holder, view }: ErrorContext): Phrase | undefined {
  return stated(holder?.['description']) ?? stated(view?.description);
}

function gotOf({ sources, value }: ErrorContext): { got?: string } {
  const told = sources.filter((source) => source.text !== '');
  const got = told.length === 1 ? told[0]?.text : scalarText(value);
  return got === undefined ? {} : { got };
}

function allowed(error: ErrorObject): Phrase {
  const values = [error.params['allowedValues'] ?? error.params['allowedValue']].flat().map(String);
  return values.length > 10 ? say`one of ${values.slice(0, 10).join(', ')}, …` : say`one of ${values.join(', ')}`;
}

function generic(error: ErrorObject): Phrase {
  if (error.keyword === 'format') return say`the format ${String(error.params['format'])}`;
  return say`the pattern ${String(error.params['pattern'])}`;
}

function listed(columns: readonly string[]): Phrase {
  if (columns.length > 4) return say`${columns.slice(0, 3).join(', ')} and others`;
  return say`${columns.slice(0, -1).join(', ')} and ${columns.at(-1) ?? ''}`;
}

function characters(count: number): Phrase {
  return count === 1 ? say`1 character` : say`${count} characters`;
}

function lengthOf(value: Json | undefined): number {
  return typeof value === 'string' ? Array.from(value).length : 0;
}

/** Words of the provider's own schema, which are their own template. */
function stated(value: unknown): Phrase | undefined {
  return typeof value === 'string' ? [value] : undefined;
}
