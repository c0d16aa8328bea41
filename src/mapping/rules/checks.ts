import { Big } from 'big.js';
import { isJsonObject, type Json } from '../../core/json.ts';
import type { JsonPath } from '../../core/path.ts';
import type { RuleChecks, RuleValues, Violation } from '../../core/schema-rules.ts';
import { afterBusinessDays, instantOf, utcDate, utcSecond } from './instants.ts';
import { pointerStep, valueAt, valuesAt } from './values-at.ts';

/** The time a payload is made at; asked only where a rule needs it. Undefined: rules about today are not judged. */
export interface Moment {
  now: (() => number) | undefined;
}

const none: readonly Violation[] = [];

/** The rules of payload schemas. What cannot be compared, because it is missing or of another type, passes. */
export function createRuleChecks(moment: Moment): RuleChecks {
  return {
    uniqueBy(paths) {
      const own = paths.filter((path) => !isNested(path));
      const nested = paths.filter(isNested);
      return (value, { instancePath }) => [
        ...duplicates(value as readonly Json[], own, instancePath),
        ...nested.flatMap((path) => repeated(value as readonly Json[], path, instancePath)),
      ];
    },
    lengthOf:
      (rule) =>
      (value, { instancePath }) =>
        differentLength(value, rule, instancePath),
    businessDaysAhead:
      ({ days, holidays }) =>
      (value, { instancePath }) => {
        const at = instantOf(value);
        if (at === undefined || moment.now === undefined) return none;
        const earliest = afterBusinessDays(moment.now(), days, holidays);
        return at >= earliest ? none : [{ at: instancePath, params: { days, earliest: utcDate(earliest) } }];
      },
    inFuture:
      () =>
      (value, { instancePath }) => {
        const at = instantOf(value);
        const now = moment.now?.();
        if (at === undefined || now === undefined || at > now) return none;
        return [{ at: instancePath, params: { now: utcSecond(now) } }];
      },
    notAfter: inOrder((at, limit) => at <= limit),
    before: inOrder((at, limit) => at < limit),
    sumAtMost:
      (rule) =>
      (value, { instancePath }) =>
        exceeding(value, rule, instancePath),
    exactlyOneOf:
      (names) =>
      (value, { instancePath }) => {
        const given = names.filter((name) => isJsonObject(value) && (value[name] ?? null) !== null);
        const [, second] = given;
        if (given.length === 1) return none;
        const at = second === undefined ? instancePath : `${instancePath}/${pointerStep(second)}`;
        return [{ at, params: { names, given } }];
      },
  };
}

const isNested = ({ steps }: JsonPath): boolean => steps.some(({ kind }) => kind === 'each');

/** A time beside another one, whose pointer is told when they are not in order. */
function inOrder(isRight: (at: number, limit: number) => boolean): RuleChecks['notAfter'] {
  return (path) =>
    (value, { instancePath, parentData }) => {
      const at = instantOf(value);
      if (at === undefined || parentData === undefined) return none;
      const limit = valueAt(parentData, path, instancePath.slice(0, instancePath.lastIndexOf('/')));
      const limitAt = instantOf(limit?.value);
      if (limit === undefined || limitAt === undefined || isRight(at, limitAt)) return none;
      return [{ at: instancePath, params: { limit: limit.pointer } }];
    };
}

/** Values of lists within the elements, of which none may come twice in all of them. */
function repeated(list: readonly Json[], path: JsonPath, base: string): readonly Violation[] {
  const seen = new Map<string, string>();
  return list.flatMap((element, index) =>
    valuesAt(element, path, `${base}/${index}`).flatMap(({ pointer, value }) => {
      if (typeof value === 'object') return none;
      const key = JSON.stringify(value);
      const first = seen.get(key);
      if (first === undefined) seen.set(key, pointer);
      return first === undefined ? none : [{ at: pointer, params: { first } }];
    }),
  );
}

/**
 * Elements that agree on the first path both have. Of each value the first element is kept for every set of earlier paths
 * it has, so that a list of thousands is gone through once.
 */
function duplicates(list: readonly Json[], paths: RuleValues['uniqueBy'], base: string): readonly Violation[] {
  const seen = new Map<string, { readonly has: number; readonly pointer: string }[]>();
  return list.flatMap((element, index) => {
    let has = 0;
    let found: Violation | undefined;
    for (const [place, path] of paths.entries()) {
      const at = valueAt(element, path, `${base}/${index}`);
      if (at === undefined || typeof at.value === 'object') continue;
      const key = `${place} ${JSON.stringify(at.value)}`;
      const before = has;
      const known = seen.get(key) ?? [];
      const first = known.find((other) => (other.has & before) === 0);
      if (first !== undefined) found ??= { at: at.pointer, params: { first: first.pointer } };
      if (!known.some((other) => other.has === before)) known.push({ has: before, pointer: at.pointer });
      seen.set(key, known);
      has |= 1 << place;
    }
    return found === undefined ? none : [found];
  });
}

function differentLength(value: Json, { array, equals }: RuleValues['lengthOf'], base: string): readonly Violation[] {
  const list = valueAt(value, array, base);
  const wanted = valueAt(value, equals, base);
  if (!Array.isArray(list?.value) || typeof wanted?.value !== 'number') return none;
  const count = list.value.length;
  if (count === wanted.value) return none;
  return [{ at: list.pointer, params: { count, wanted: wanted.value, equals: wanted.pointer } }];
}

/** The first quantity of each key with which the sum goes beyond what the other list gives. */
function exceeding(value: Json, { of, list, by }: RuleValues['sumAtMost'], base: string): readonly Violation[] {
  const keyed = (path: RuleValues['sumAtMost']['of']) =>
    valuesAt(value, path, base).flatMap(({ pointer, value: amount, holder }) => {
      const key = by === undefined ? '' : holder?.[by];
      const isTold = key !== undefined && key !== null && typeof key !== 'object';
      return isTold && typeof amount === 'number' ? [{ pointer, key: String(key), amount }] : [];
    });
  const limits = new Map<string, Big>();
  for (const { key, amount } of keyed(list)) limits.set(key, (limits.get(key) ?? new Big(0)).plus(amount));
  const sums = new Map<string, { total: Big; exceededAt?: string }>();
  for (const { pointer, key, amount } of keyed(of)) {
    const sum = sums.get(key) ?? { total: new Big(0) };
    sum.total = sum.total.plus(amount);
    if (sum.total.gt(limits.get(key) ?? 0)) sum.exceededAt ??= pointer;
    sums.set(key, sum);
  }
  return [...sums].flatMap(([key, { total, exceededAt }]) => {
    const limit = limits.get(key) ?? new Big(0);
    if (exceededAt === undefined || total.lte(limit)) return none;
    const params = { limit: limit.toFixed(), total: total.toFixed(), ...(by === undefined ? {} : { key }) };
    return [{ at: exceededAt, params }];
  });
}
