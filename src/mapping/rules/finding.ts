import type { ErrorObject } from 'ajv/dist/2020.js';
import type { IssueCode } from '../../core/issue-catalogue.ts';
import type { IssueDetails } from '../../core/issue.ts';
import { allOf, eitherOf, say, type Phrase } from '../../core/text.ts';
import type { SourceCell } from '../types.ts';
import { pointerStep } from './values-at.ts';

export interface RuleFinding {
  readonly code: IssueCode;
  readonly details: IssueDetails;
}

/** What is known around a broken rule. */
export interface RuleContext {
  /** The offending value as its source wrote it. */
  readonly got: { readonly got?: string };
  /** Cell the offending value came from. */
  readonly own: SourceCell | undefined;
  /** Cell another value of the payload came from. */
  sourceAt(pointer: string): SourceCell | undefined;
  /** The text of another value, as it is sent. */
  textAt(pointer: string): string;
}

/** Places of the payload an error of `exactlyOneOf` is about; undefined for other errors. */
export function alternativesOf({ keyword, instancePath, params }: ErrorObject): readonly string[] | undefined {
  if (keyword !== 'exactlyOneOf' || strings(params['given']).length > 0) return undefined;
  return strings(params['names']).map((name) => `${instancePath}/${pointerStep(name)}`);
}

/** Puts a broken rule into words; undefined when the error is none of a rule. */
export function ruleFinding(error: ErrorObject, context: RuleContext): RuleFinding | undefined {
  const { params } = error;
  const { got } = context;
  switch (error.keyword) {
    case 'uniqueBy':
      return { code: 'duplicate-value', details: { what: sameAs(String(params['first']), context), ...got } };
    case 'lengthOf':
      return { code: 'wrong-count', details: { expected: wantedCount(params, context) } };
    case 'businessDaysAhead':
      return { code: 'too-early', details: { expected: daysAhead(params), ...got } };
    case 'inFuture':
      return { code: 'too-early', details: { expected: say`a time after now, ${String(params['now'])}`, ...got } };
    case 'notAfter':
      return { code: 'dates-out-of-order', details: { expected: noLater(String(params['limit']), context), ...got } };
    case 'before':
      return { code: 'dates-out-of-order', details: { expected: earlier(String(params['limit']), context), ...got } };
    case 'sumAtMost':
      return { code: 'sum-too-large', details: { expected: atMost(params), ...got } };
    case 'exactlyOneOf':
      return oneOf(error, context);
    default:
      return undefined;
  }
}

function sameAs(first: string, { own, sourceAt }: RuleContext): Phrase {
  const source = sourceAt(first);
  if (source === undefined) return say`the same value stands twice in one document`;
  if (own !== undefined && own.file !== source.file) {
    return say`the same value stands in ${source.file} line ${source.line}`;
  }
  if (own !== undefined && own.line === source.line) return say`the same value stands in ${source.column}`;
  return say`the same value stands on line ${source.line}`;
}

function wantedCount({ count, wanted, equals }: ErrorObject['params'], { sourceAt }: RuleContext): Phrase {
  const source = sourceAt(String(equals));
  if (source === undefined) return say`${Number(wanted)}, found ${Number(count)}`;
  return say`${Number(wanted)} as ${source.column} says, found ${Number(count)}`;
}

function daysAhead({ days, earliest }: ErrorObject['params']): Phrase {
  const ahead = days === 1 ? say`1 business day ahead` : say`${Number(days)} business days ahead`;
  return say`${String(earliest)} or later, ${ahead}`;
}

function noLater(limit: string, { sourceAt, textAt }: RuleContext): Phrase {
  const source = sourceAt(limit);
  if (source === undefined) return say`${textAt(limit)} or earlier`;
  return say`${source.text} or earlier, as ${source.column} says`;
}

function earlier(limit: string, { sourceAt, textAt }: RuleContext): Phrase {
  const source = sourceAt(limit);
  if (source === undefined) return say`earlier than ${textAt(limit)}`;
  return say`earlier than ${source.text}, as ${source.column} says`;
}

function atMost({ key, limit, total }: ErrorObject['params']): Phrase {
  if (key === undefined) return say`at most ${String(limit)} together, found ${String(total)}`;
  return say`at most ${String(limit)} of ${String(key)} together, found ${String(total)}`;
}

function oneOf(error: ErrorObject, { sourceAt }: RuleContext): RuleFinding {
  const given = strings(error.params['given']);
  const names = given.length === 0 ? strings(error.params['names']) : given;
  const pointers = alternativesOf(error) ?? given.map((name) => `${parentOf(error.instancePath)}/${pointerStep(name)}`);
  const columns = pointers.flatMap((pointer) => sourceAt(pointer)?.column ?? []);
  const told = new Set(columns).size === names.length ? columns : names;
  if (given.length === 0)
    return { code: 'missing-value', details: { what: say`one of these is needed: ${allOf(told)}` } };
  return {
    code: 'breaks-rule',
    details: { expected: say`only one of ${allOf(told)}`, hint: say`Keep ${eitherOf(told)} and empty the rest.` },
  };
}

function parentOf(pointer: string): string {
  return pointer.slice(0, pointer.lastIndexOf('/'));
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
