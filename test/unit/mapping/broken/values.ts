import { createAjv } from '../../../../src/core/shape.ts';
import { scalarText, type Json } from '../../../../src/core/json.ts';

/** The day on which examples of schemas are judged: all their dates lie behind it. */
export const exampleNow = Date.parse('2026-01-05T00:00:00Z');

const ajv = createAjv();
const oddTexts = ['\u0007', '~', '\u0416', '-', 'x', '0', '', ' ', 'AAAA', '99'];
export const kinds: readonly Json[] = [true, 7, 1.5, 'x', null, {}, []];

type Breaker = (limit: unknown, value: Json) => readonly Json[];

const onText =
  (broken: (limit: number, text: string) => readonly Json[]): Breaker =>
  (limit, value) =>
    typeof value === 'string' ? broken(Number(limit), value) : [];
const onNumber =
  (broken: (limit: number, value: number) => number): Breaker =>
  (limit, value) =>
    typeof value === 'number' ? [broken(Number(limit), value)] : [];
const onList =
  (broken: (limit: number, list: readonly Json[]) => readonly Json[] | undefined): Breaker =>
  (limit, value) => {
    const made = Array.isArray(value) ? broken(Number(limit), value as readonly Json[]) : undefined;
    return made === undefined ? [] : [made];
  };

/** For each keyword that looks at one value alone: values that break it and differ from the given one in little else. */
export const breakers: Readonly<Record<string, Breaker>> = {
  type: (limit) => kinds.filter((value) => !ajv.compile({ type: limit })(value)).slice(0, 1),
  const: (limit, value) => unlisted([limit], value),
  enum: (limit, value) => unlisted(limit as readonly unknown[], value),
  maxLength: onText((limit, text) => [text.padEnd(limit + 1, text.slice(-1) || 'x')]),
  minLength: onText((limit, text) =>
    limit === 0
      ? []
      : [
          Array.from(text)
            .slice(0, limit - 1)
            .join(''),
        ],
  ),
  pattern: (limit, value) =>
    typeof value === 'string' ? oddTexts.filter((text) => !new RegExp(String(limit), 'u').test(text)).slice(0, 1) : [],
  format: (limit, value) => {
    const type = typeof value === 'number' ? 'number' : 'string';
    const accepts = ajv.compile({ type, format: limit });
    return typeof value === 'string' ? oddTexts.filter((text) => !accepts(text)).slice(0, 1) : [];
  },
  minimum: onNumber((limit) => limit - 1),
  exclusiveMinimum: onNumber((limit) => limit),
  maximum: onNumber((limit) => limit + 1),
  exclusiveMaximum: onNumber((limit) => limit),
  multipleOf: onNumber((limit, value) => value + limit / 2),
  minItems: onList((limit, list) => (limit === 0 ? undefined : list.slice(0, limit - 1))),
  maxItems: onList((limit, list) => Array.from({ length: limit + 1 }, (_, index) => list[index] ?? list.at(-1) ?? 'x')),
  uniqueItems: onList((_limit, list) => (list.length === 0 ? undefined : [...list, ...list.slice(0, 1)])),
  minProperties: (_limit, value) => (isObject(value) ? [{}] : []),
  businessDaysAhead: (_limit, value) => [timeLike(value, exampleNow)],
  inFuture: (_limit, value) => [timeLike(value, exampleNow)],
};

/** An instant, written as the given one is. */
export function timeLike(value: Json, ms: number): Json {
  if (typeof value === 'number') return ms;
  const text = new Date(ms).toISOString();
  return typeof value === 'string' && value.length === 10 ? text.slice(0, 10) : `${text.slice(0, 19)}Z`;
}

function unlisted(allowed: readonly unknown[], value: Json): readonly Json[] {
  const like: readonly Json[] = [`${scalarText(value) ?? ''}x`, 123_456, true, false, null];
  const free = like.filter((candidate) => !allowed.includes(candidate));
  return [free.find((candidate) => typeof candidate === typeof value) ?? free[0] ?? 'x'];
}

export function isObject(value: unknown): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
