import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import type { Issue } from '../../core/issue.ts';
import { createIssue } from '../../core/issue.ts';
import { scalarText, type Json, type JsonSchema } from '../../core/json.ts';
import { createAjv, pointerPath } from '../../core/shape.ts';
import { findingOf } from './payload-finding.ts';
import { reduceErrors } from './payload-errors.ts';
import { createRuleChecks, type Moment } from '../rules/checks.ts';
import { alternativesOf } from '../rules/finding.ts';
import { pointerStep } from '../rules/values-at.ts';
import { createSchemaView, type SchemaView } from './schema-view.ts';
import type { Trace, TraceEntry } from './trace.ts';
import type { SourceCell } from '../types.ts';

/** The schema of a payload, compiled once. */
export interface PayloadCheck {
  readonly schema: JsonSchema;
  readonly view: SchemaView;
  /**
   * What is wrong with a payload whose numbers are plain; undefined when nothing is. `now` is asked only where a rule of
   * the schema looks at the clock.
   */
  errors(payload: Json, now: () => number): readonly ErrorObject[] | undefined;
  /** What is wrong with a constant, by the subschema at a pointer. */
  checkConstant(value: Json, pointer: string): string | undefined;
}

/** @throws Error when the schema cannot be compiled. */
export function createPayloadCheck(schema: JsonSchema): PayloadCheck {
  const moment: Moment = { now: undefined };
  // Verbose errors hold data; they are turned into issues here and never leave.
  const ajv = createAjv({ verbose: true, rules: createRuleChecks(moment) });
  // Its own `$id` may be anything; ours is the base that pointers are resolved against.
  const { $id: _id, ...anonymous } = schema;
  ajv.addSchema(anonymous, 'payload');
  const validate = ajv.getSchema('payload') as ValidateFunction;
  const parts = new Map<string, ValidateFunction | undefined>();
  return {
    schema: anonymous,
    view: createSchemaView(anonymous),
    errors(payload, now) {
      moment.now = now;
      return validate(payload) ? undefined : (validate.errors ?? []);
    },
    checkConstant(value, pointer) {
      // Whether a constant is early enough is known when it is sent, not when it is read.
      moment.now = undefined;
      if (!parts.has(pointer)) parts.set(pointer, ajv.getSchema(`payload${pointer}`));
      const check = parts.get(pointer);
      if (check === undefined || check(value)) return undefined;
      return check.errors?.[0]?.message ?? 'it breaks the schema';
    },
  };
}

/** Issues of a payload, each at the cell the value came from. */
export function payloadIssues(
  check: PayloadCheck,
  errors: readonly ErrorObject[],
  payload: Json,
  trace: Trace,
  line: number,
): Issue[] {
  const issues: Issue[] = [];
  for (const error of reduceErrors(errors, check.schema)) {
    const pointers = pointersOf(error);
    const [pointer = ''] = pointers;
    const entries = trace.entries.filter((entry) => pointers.some((place) => isWithin(entry.pointer, place)));
    // What failed to become a value was already reported; that it is missing now is no news.
    if (isConsequence(error, pointer, entries, trace)) continue;
    const own = entries.find((entry) => entry.pointer === pointer);
    const blamed = own === undefined ? [...entries, ...(pointer === '' ? trace.skipped : [])] : [own];
    const source = sourceOf(error, entries, own);
    const finding = findingOf(error, {
      holder: error.parentSchema,
      subschema: error.schema as JsonSchema | undefined,
      view: viewAt(check.view, pointer),
      value: error.propertyName ?? valueAt(payload, pointer),
      sources: error.propertyName === undefined ? blamed.flatMap(({ sources }) => sources) : [],
      own: source,
      hollow: trace.hollow.find((list) => list.pointer === pointer)?.finding,
      sourceAt: (place) =>
        toldIn([...trace.entries, ...trace.skipped].filter((entry) => isWithin(entry.pointer, place))),
      textAt: (place) => scalarText(valueAt(payload, place)) ?? '',
    });
    const where =
      source === undefined
        ? { ...(trace.files[0] === undefined ? {} : { file: trace.files[0] }), line: lineNear(pointer, trace) ?? line }
        : { file: source.file, line: source.line, column: source.column };
    issues.push(createIssue(finding.code, where, finding.details));
  }
  return issues;
}

/** Places of the payload an error is about: what is missing or should not be there rather than what holds it. */
function pointersOf(error: ErrorObject): readonly string[] {
  const { instancePath, params } = error;
  const name: unknown =
    params['missingProperty'] ?? params['additionalProperty'] ?? params['unevaluatedProperty'] ?? error.propertyName;
  if (typeof name === 'string') return [`${instancePath}/${pointerStep(name)}`];
  return alternativesOf(error) ?? [instancePath];
}

function isWithin(pointer: string, place: string): boolean {
  return pointer === place || pointer.startsWith(`${place}/`);
}

function isConsequence(error: ErrorObject, pointer: string, entries: readonly TraceEntry[], trace: Trace): boolean {
  const isHollow = entries.some(({ hasFailed }) => hasFailed) && valueIsGone(error);
  // A quantity that could not be read may be the very one that is missing in the sum.
  if (error.keyword === 'sumAtMost' && trace.entries.some(({ hasFailed }) => hasFailed)) return true;
  return isHollow || trace.entries.some((entry) => entry.hasFailed && entry.pointer === pointer);
}

const gone: ReadonlySet<string> = new Set(['required', 'minItems', 'type', 'lengthOf']);

function valueIsGone(error: ErrorObject): boolean {
  return gone.has(error.keyword) || alternativesOf(error) !== undefined;
}

// About an object, a list or a pair of properties, and yet mended at one of their cells.
const told: ReadonlySet<string> = new Set(['required', 'not', 'lengthOf', 'exactlyOneOf', 'additionalProperties']);

/**
 * The cell to blame: of a value the last that was not empty, of an object or a pair of properties the last named, of a
 * list the first that is too much.
 */
function sourceOf(
  error: ErrorObject,
  entries: readonly TraceEntry[],
  own: TraceEntry | undefined,
): SourceCell | undefined {
  if (error.keyword === 'maxItems') {
    const first = `${error.instancePath}/${String(error.params['limit'])}`;
    return toldIn(entries.filter((entry) => isWithin(entry.pointer, first)));
  }
  if (own !== undefined) return own.sources.findLast(({ text }) => text !== '') ?? own.sources[0];
  return told.has(error.keyword) ? toldIn(entries) : undefined;
}

/** The first cell of values that was not empty. */
function toldIn(entries: readonly TraceEntry[]): SourceCell | undefined {
  const sources = entries.flatMap((entry) => entry.sources);
  return sources.find(({ text }) => text !== '') ?? sources[0];
}

/** The line of whatever was read nearest around a pointer. */
function lineNear(pointer: string, trace: Trace): number | undefined {
  for (let around = pointer; around !== ''; around = around.slice(0, around.lastIndexOf('/'))) {
    const found = trace.entries.find((entry) => entry.pointer.startsWith(`${around}/`) && entry.sources.length > 0);
    if (found !== undefined) return found.sources[0]?.line;
  }
  return undefined;
}

function viewAt(view: SchemaView, pointer: string): SchemaView | undefined {
  let found: SchemaView | undefined = view;
  for (const step of pointerPath(pointer)) found = typeof step === 'number' ? found?.items : found?.property(step);
  return found;
}

function valueAt(payload: Json, pointer: string): Json | undefined {
  let found: unknown = payload;
  for (const step of pointerPath(pointer)) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as Record<string | number, unknown>)[step];
  }
  return found as Json;
}
