import type { Ajv2020, ErrorObject, FuncKeywordDefinition } from 'ajv/dist/2020.js';
import type { Json } from './json.ts';
import { parsePath, type JsonPath } from './path.ts';

/** What the keywords hold that say more than JSON Schema can; `docs/rules.md` tells what each demands. */
export interface RuleValues {
  readonly uniqueBy: readonly JsonPath[];
  readonly lengthOf: { readonly array: JsonPath; readonly equals: JsonPath };
  readonly businessDaysAhead: { readonly days: number; readonly holidays: ReadonlySet<string> };
  readonly inFuture: true;
  readonly notAfter: JsonPath;
  readonly before: JsonPath;
  readonly sumAtMost: { readonly of: JsonPath; readonly list: JsonPath; readonly by: string | undefined };
  readonly exactlyOneOf: readonly string[];
}
export type RuleKeyword = keyof RuleValues;

/** Where the value under a rule stands. */
export interface RulePlace {
  readonly instancePath: string;
  readonly parentData: Json | undefined;
}

export interface Violation {
  /** JSON pointer of the value to blame, from the root. */
  readonly at: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** How each rule is checked: given what its keyword holds, then a value. */
export type RuleChecks = {
  readonly [K in RuleKeyword]: (rule: RuleValues[K]) => (value: Json, place: RulePlace) => readonly Violation[];
};

type Schema = Readonly<Record<string, unknown>>;
type Kind = 'array' | 'object' | 'string' | 'number';

interface Keyword<V> {
  /** JSON types of the values it is about; others pass. */
  readonly on: readonly Kind[];
  /** @throws Error saying what the keyword must hold. */
  read(value: unknown, parent: Schema): V;
}

const times: readonly Kind[] = ['string', 'number'];

const keywords: { readonly [K in RuleKeyword]: Keyword<RuleValues[K]> } = {
  uniqueBy: {
    on: ['array'],
    read: (value) => list(value, 1, 'a list of paths into an element, such as ["sku"]').map((text) => path(text)),
  },
  lengthOf: {
    on: ['object'],
    read(value, parent) {
      const { array, equals } = fields(value, ['array', 'equals'], []);
      return { array: path(array, parent), equals: path(equals, parent) };
    },
  },
  businessDaysAhead: {
    on: times,
    read(value, { holidays = [] }) {
      if (!Number.isInteger(value) || (value as number) < 1 || (value as number) > 366) {
        throw new Error('must be a whole number of days from 1 to 366');
      }
      return { days: value as number, holidays: new Set(dates(holidays)) };
    },
  },
  inFuture: {
    on: times,
    read(value) {
      if (value !== true) throw new Error('must be true');
      return value;
    },
  },
  notAfter: { on: times, read: (value) => path(value) },
  before: { on: times, read: (value) => path(value) },
  sumAtMost: {
    on: ['object'],
    read(value, parent) {
      const { of, list: limits, by } = fields(value, ['of', 'list'], ['by']);
      if (by !== undefined && (typeof by !== 'string' || by === '')) throw new Error('"by" must be a property name');
      return { of: path(of, parent), list: path(limits, parent), by };
    },
  },
  exactlyOneOf: {
    on: ['object'],
    read(value, parent) {
      const names = list(value, 2, 'a list of two or more property names');
      names.forEach((name) => checkProperty(name, parent));
      return names;
    },
  },
};

/**
 * Teaches a validator the rules. Without checks they are only read, so that a misspelt one is found, and hold nothing
 * against a value. What a rule found stands in `params` of its error, beside the pointer of the value to blame.
 */
export function addRules(ajv: Ajv2020, checks?: RuleChecks): void {
  for (const keyword of Object.keys(keywords) as RuleKeyword[]) ajv.addKeyword(definitionOf(keyword, checks));
  ajv.addKeyword({ keyword: 'holidays', compile: checkHolidays });
  // Documents that break the schema on purpose, for its tests.
  ajv.addKeyword('x-broken');
}

function definitionOf<K extends RuleKeyword>(
  keyword: K,
  checks: RuleChecks | undefined,
): FuncKeywordDefinition & { readonly keyword: K } {
  const { on, read }: Keyword<RuleValues[K]> = keywords[keyword];
  return {
    keyword,
    type: [...on],
    errors: true,
    compile(value: unknown, parentSchema: Schema, { errSchemaPath }) {
      const rule = located(keyword, errSchemaPath, () => {
        checkType(on, parentSchema);
        return read(value, parentSchema);
      });
      const check = checks?.[keyword](rule);
      if (check === undefined) return () => true;
      const validate: { (data: Json, place: RulePlace): boolean; errors?: Partial<ErrorObject>[] } = (data, place) => {
        const found = check(data, place);
        if (found.length === 0) return true;
        validate.errors = found.map(({ at, params }) => ({
          keyword,
          instancePath: at,
          params,
          message: `breaks the rule ${keyword}`,
          // The validator itself adds it only to errors of its own keywords.
          parentSchema,
        }));
        return false;
      };
      return validate as (data: unknown) => boolean;
    },
  };
}

function checkHolidays(value: unknown, parent: Schema, { errSchemaPath }: { errSchemaPath: string }): () => boolean {
  located('holidays', errSchemaPath, () => {
    if (parent['businessDaysAhead'] === undefined) throw new Error('stands beside businessDaysAhead');
    dates(value);
  });
  return () => true;
}

/** @throws Error that also says which keyword it is about, and where in the schema. */
function located<T>(keyword: string, at: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`${at}/${keyword}: ${error instanceof Error ? error.message : 'cannot be read'}`, { cause: error });
  }
}

function checkType(on: readonly Kind[], { type }: Schema): void {
  const said: unknown[] = type === undefined ? [] : [type].flat();
  const kinds = said.map((kind) => (kind === 'integer' ? 'number' : kind));
  if (kinds.length > 0 && !on.some((kind) => kinds.includes(kind))) {
    throw new Error(`is about values of type ${on.join(' or ')}, and the type here is ${said.join(' or ')}`);
  }
}

/** A name that a closed object does not list would make a rule that never says anything. */
function checkProperty(name: string, { properties, additionalProperties }: Schema): void {
  if (typeof properties !== 'object' || properties === null || additionalProperties !== false) return;
  if (!Object.hasOwn(properties, name)) throw new Error(`"${name}" is no property of this object`);
}

function path(text: unknown, parent?: Schema): JsonPath {
  const parsed = typeof text === 'string' ? parsePath(text) : undefined;
  if (parsed === undefined) throw new Error('must be a path such as items[].sku');
  const [first] = parsed.steps;
  if (first?.kind === 'name' && parent !== undefined) checkProperty(first.name, parent);
  return parsed;
}

function list(value: unknown, least: number, wanted: string): readonly string[] {
  const texts = Array.isArray(value) ? value.filter((item) => typeof item === 'string' && item !== '') : [];
  if (!Array.isArray(value) || texts.length < least || new Set(texts).size !== value.length) {
    throw new Error(`must be ${wanted}`);
  }
  return texts as string[];
}

/** The fields of an object that may have these and no others. */
function fields(value: unknown, needed: readonly string[], allowed: readonly string[]): Schema {
  const wanted = `must be an object of ${[...needed, ...allowed.map((name) => `${name} (if wanted)`)].join(', ')}`;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(wanted);
  const names = Object.keys(value);
  const isRight = names.every((name) => needed.includes(name) || allowed.includes(name));
  if (!isRight || !needed.every((name) => names.includes(name))) throw new Error(wanted);
  return value as Schema;
}

function dates(value: unknown): readonly string[] {
  const found: unknown[] = Array.isArray(value) ? value : [undefined];
  const isDate = (day: unknown): day is string =>
    typeof day === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(day));
  if (!found.every(isDate)) throw new Error('holidays must be a list of dates such as 2026-12-25');
  return found;
}
