import type { KeyPath } from '../../core/positioned-yaml.ts';
import { say } from '../../core/text.ts';
import type { Binding, Compiler, Scope } from './compiler.ts';
import { problem } from './compiler.ts';
import { report, type Read, type Run } from '../run.ts';
import { compileTemplate } from './source.ts';
import type { OutboundRow, YamlObject, YamlValue } from '../types.ts';
import { isYamlObject, yamlText } from '../definition/yaml-value.ts';

/** Whether a cell holds the growth of a count. */
export function isGrowth(node: YamlValue): node is YamlObject {
  return isYamlObject(node) && (Object.hasOwn(node, '$delta') || Object.hasOwn(node, '$per'));
}

/** The count a growth is made from, as a value of its own. */
export function countOf(node: YamlObject, path: KeyPath, compiler: Compiler): YamlObject {
  const other = Object.keys(node).find((key) => key !== '$delta' && key !== '$per');
  if (other !== undefined) {
    problem(compiler, 'wrong-value', [...path, other], { what: `${other} does nothing beside $delta` });
  }
  if (node['$delta'] === undefined) {
    problem(compiler, 'missing-key', path, { what: '$per says whose count it is; $delta is missing' });
  }
  return { $from: node['$delta'] ?? '$', $as: 'number' };
}

/** Says of a row whose counts it holds and in which columns they stand; undefined where no column holds one. */
export type ReadGrowth = (run: Run) => NonNullable<OutboundRow['growth']>;

/** Where in the mapping the columns stand. */
interface GrowthPlace {
  readonly binding: Binding;
  readonly path: KeyPath;
}

export function compileGrowth(
  map: YamlObject,
  columns: readonly string[],
  scope: Scope,
  at: GrowthPlace,
  compiler: Compiler,
): ReadGrowth | undefined {
  const places = columns.flatMap((name, index) => (isGrowth(map[name] ?? null) ? [{ name, index }] : []));
  const [first] = places;
  if (first === undefined) return undefined;
  const key = compileKey(
    map,
    first.name,
    places.map(({ name }) => name),
    scope,
    at,
    compiler,
  );
  const indexes = places.map(({ index }) => index);
  return (run) => {
    const text = key(run);
    if (text === '') {
      report(run, 'no-key', { what: say`the counts of the row have no key`, hint: say`Mend $per in the mapping.` });
    }
    return { key: text, columns: indexes };
  };
}

/** All counts of a row belong to one key, which any of them may name. */
function compileKey(
  map: YamlObject,
  first: string,
  names: readonly string[],
  scope: Scope,
  { binding, path }: GrowthPlace,
  compiler: Compiler,
): Read {
  const stated = names.flatMap((name) => {
    const given = (map[name] as YamlObject)['$per'];
    return given === undefined ? [] : [{ name, text: yamlText(given) }];
  });
  const [key, ...others] = stated;
  if (key === undefined) {
    problem(compiler, 'missing-key', [...path, first], {
      what: '$delta needs $per: whose count it is',
      hint: 'Write $per: "{Id}" beside it.',
    });
    return () => '';
  }
  for (const other of others) {
    if (other.text === key.text) continue;
    const what = 'the counts of one row belong to one key';
    problem(compiler, 'wrong-value', [...path, other.name, '$per'], { what, expected: key.text, got: other.text });
  }
  return compileTemplate(key.text, scope, [...path, key.name, '$per'], compiler).bind(binding);
}
