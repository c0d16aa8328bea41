import type { KeyPath } from '../../core/positioned-yaml.ts';
import type { Bind, Compiler, Scope } from './compiler.ts';
import { problem } from './compiler.ts';
import { compileReference } from './reference.ts';
import type { Test } from '../run.ts';
import { yamlText } from '../definition/yaml-value.ts';
import type { YamlObject, YamlValue } from '../types.ts';

/** Compiles `$when`: a column that must not be empty, several of which one must not be, or columns with the values they must or must not have. */
export function compileCondition(when: YamlValue, scope: Scope, path: KeyPath, compiler: Compiler): Bind<Test> {
  const loose = { ...scope, isRequired: false };
  if (typeof when === 'string') {
    const bind = compileReference(when, loose, path, compiler);
    return (binding) => {
      const read = bind(binding);
      return (run) => read(run) !== '';
    };
  }
  if (Array.isArray(when)) {
    const binds = when.map((name, index) => compileReference(yamlText(name), loose, [...path, index], compiler));
    return (binding) => {
      const reads = binds.map((bind) => bind(binding));
      return (run) => reads.some((read) => read(run) !== '');
    };
  }
  const tests = Object.entries(when as YamlObject).map(([name, wanted]) => {
    const bind = compileReference(name, loose, [...path, name], compiler);
    const isNegated = typeof wanted === 'object' && wanted !== null && !Array.isArray(wanted);
    const values = wantedTexts(isNegated ? (wanted as YamlObject)['not'] : wanted, [...path, name], compiler);
    return { bind, values, isNegated };
  });
  return (binding) => {
    const bound = tests.map(({ bind, ...test }) => ({ read: bind(binding), ...test }));
    return (run) => bound.every(({ read, values, isNegated }) => values.has(read(run)) !== isNegated);
  };
}

function wantedTexts(wanted: YamlValue | undefined, path: KeyPath, compiler: Compiler): ReadonlySet<string> {
  const list = [wanted].flat() as (string | number | boolean | null | undefined)[];
  const own = Array.isArray(wanted) ? list.map((_value, index) => [...path, index]) : [path];
  for (const place of own) {
    const source = compiler.yaml.numberSource(place);
    const value = list[own.indexOf(place)];
    if (source !== undefined && source !== String(value)) problem(compiler, 'unquoted-number', place, { got: source });
  }
  return new Set(list.map((value) => (value === null || value === undefined ? '' : String(value).trim())));
}
