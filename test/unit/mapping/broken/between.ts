import { scalarText, type Json } from '../../../../src/core/json.ts';
import { parsePath } from '../../../../src/core/path.ts';
import { instantOf } from '../../../../src/mapping/rules/instants.ts';
import { valuesAt, type ValueAt } from '../../../../src/mapping/rules/values-at.ts';
import { donorsAt, put } from './payloads.ts';
import { step } from './rules.ts';
import { breakers, isObject, kinds, timeLike } from './values.ts';
import type { Broken, Visit, Walk } from './variants.ts';

type Between = (limit: Json, place: Visit, walk: Walk) => readonly Broken[];

/** For each keyword that looks at more than one value: an example made wrong in it. */
export const betweenBreakers: Readonly<Record<string, Between>> = {
  required: (limit, { from, value, at }, { example }) =>
    (limit as readonly string[])
      .filter((name) => isObject(value) && Object.hasOwn(value, name))
      .map((name) => {
        const place = `${at}/${step(name)}`;
        return {
          rule: `${from}/required/${step(name)}`,
          keyword: 'required',
          at: place,
          payload: put(example, place, undefined),
        };
      }),
  dependentRequired: (limit, { from, value, at }, { example }) =>
    Object.entries(limit as Readonly<Record<string, readonly string[]>>)
      .filter(([name]) => isObject(value) && Object.hasOwn(value, name))
      .map(([name, [other = '']]) => {
        const place = `${at}/${step(other)}`;
        const rule = `${from}/dependentRequired/${step(name)}`;
        return { rule, keyword: 'dependentRequired', at: place, payload: put(example, place, undefined) };
      }),
  additionalProperties: surplus('additionalProperties'),
  unevaluatedProperties: surplus('unevaluatedProperties'),
  propertyNames: (limit, { from, value, at }, { example }) => {
    const [first] = isObject(value) ? Object.entries(value) : [];
    if (first === undefined || !isObject(limit)) return [];
    const [name, part] = first;
    return Object.entries(limit).flatMap(([keyword, own]) =>
      (keyword === 'type' ? [] : (breakers[keyword]?.(own, name) ?? [])).map((broken) => {
        const place = `${at}/${step(scalarText(broken) ?? '')}`;
        return { rule: `${from}/propertyNames/${keyword}`, keyword, at: place, payload: put(example, place, part) };
      }),
    );
  },
  not: choice('not'),
  anyOf: choice('anyOf'),
  oneOf: choice('oneOf'),
  uniqueBy: (limit, { from, value, at }, { example }) => {
    const list = value as readonly Json[];
    const paths = limit as readonly string[];
    const first = list.find((element) => paths.some((text) => found(element, text).length > 0));
    const path = paths.find((text) => first !== undefined && found(first, text).length > 0);
    if (first === undefined || path === undefined) return [];
    const place = `${at}/${list.length}${found(first, path)[0]?.pointer ?? ''}`;
    return [{ rule: `${from}/uniqueBy`, keyword: 'uniqueBy', at: place, payload: put(example, at, [...list, first]) }];
  },
  lengthOf: (limit, { from, value, at }, { example }) => {
    const { array, equals } = limit as Readonly<Record<string, string>>;
    const [list] = found(value, array ?? '');
    const [count] = found(value, equals ?? '');
    if (list === undefined || count === undefined) return [];
    const payload = put(example, `${at}${count.pointer}`, Number(count.value) + 1);
    return [{ rule: `${from}/lengthOf`, keyword: 'lengthOf', at: `${at}${list.pointer}`, payload }];
  },
  notAfter: (limit, { from, value, at }, { example }) => {
    const [parent] = donorsAt([example], at.slice(0, at.lastIndexOf('/')));
    const [sibling] = parent === undefined ? [] : found(parent, limit as string);
    const instant = instantOf(sibling?.value);
    if (instant === undefined) return [];
    const payload = put(example, at, timeLike(value, instant + 86_400_000));
    return [{ rule: `${from}/notAfter`, keyword: 'notAfter', at, payload }];
  },
  before: (limit, { from, value, at }, { example }) => {
    const [parent] = donorsAt([example], at.slice(0, at.lastIndexOf('/')));
    const instant = instantOf(parent === undefined ? undefined : found(parent, limit as string)[0]?.value);
    if (instant === undefined) return [];
    return [{ rule: `${from}/before`, keyword: 'before', at, payload: put(example, at, timeLike(value, instant)) }];
  },
  sumAtMost: (limit, { from, value, at }, { example }) =>
    found(value, (limit as Readonly<Record<string, string>>)['of'] ?? '')
      .slice(0, 1)
      .map(({ pointer }) => {
        const place = `${at}${pointer}`;
        return { rule: `${from}/sumAtMost`, keyword: 'sumAtMost', at: place, payload: put(example, place, 987_654) };
      }),
  exactlyOneOf: (limit, { from, value, at }, { example, examples }) => {
    const names = limit as readonly string[];
    const given = names.find((name) => isObject(value) && (value[name] ?? null) !== null);
    if (given === undefined) return [];
    const rule = `${from}/exactlyOneOf`;
    const keyword = 'exactlyOneOf';
    const own = `${at}/${step(given)}`;
    const none = { rule: `${rule}/none`, keyword, at: own, payload: put(example, own, undefined) };
    const both = names
      .filter((name) => name !== given)
      .flatMap((name) => {
        const place = `${at}/${step(name)}`;
        const second = names.indexOf(name) > names.indexOf(given) ? place : own;
        return donorsAt(examples, place).map((donor) => {
          return { rule: `${rule}/several`, keyword, at: second, payload: put(example, place, donor) };
        });
      });
    return [none, ...both];
  },
};

function surplus(keyword: string): Between {
  return (limit, { from, value, at }, { example }) => {
    if (limit !== false || !isObject(value)) return [];
    const place = `${at}/NotInTheSchema`;
    return [{ rule: `${from}/${keyword}`, keyword, at: place, payload: put(example, place, 'x') }];
  };
}

/** The first of many candidates with which just this keyword is broken. */
function choice(keyword: string): Between {
  return (limit, { from, value, at }, walk) => {
    const payload = candidates(limit, value, donorsAt(walk.examples, at))
      .map((candidate) => put(walk.example, at, candidate))
      .find((made) => walk.errors(made).some((error) => error.keyword === keyword && error.instancePath === at));
    return payload === undefined ? [] : [{ rule: `${from}/${keyword}`, keyword, at, payload }];
  };
}

/** Values near the given one, those of its own type first. */
function candidates(limit: Json, value: Json, donors: readonly Json[]): readonly Json[] {
  const branches = [limit].flat().filter(isObject);
  const stated = branches.flatMap((branch) => [branch['const'], [branch['enum'] ?? []].flat()[0]]);
  const named = new Set(branches.flatMap((branch) => (branch['required'] ?? []) as readonly string[]));
  const objects = isObject(value)
    ? [
        ...donors.filter(isObject).map((donor): Json => ({ ...donor, ...value })),
        Object.fromEntries(Object.entries(value).filter(([name]) => !named.has(name))),
      ]
    : [];
  const given = stated.filter((candidate): candidate is Json => candidate !== undefined);
  const texts = typeof value === 'string' ? ['~', 'x', '', '\u0007'] : [];
  return [...objects, ...given, ...texts, ...kinds];
}

function found(value: Json, text: string): readonly ValueAt[] {
  const path = parsePath(text);
  return path === undefined ? [] : valuesAt(value, path, '');
}
