import { createIssue, type Issue } from '../core/issue.ts';
import type { KeyPath, PositionedYaml } from '../core/positioned-yaml.ts';

export interface Sources {
  /** Value of an environment variable. */
  variable(name: string): string | undefined;
  /** Text of a secret file, without its last line end; undefined when it cannot be read. */
  file(path: string): string | undefined;
}

export interface Interpolated {
  readonly value: unknown;
  readonly issues: readonly Issue[];
  /** What was filled in from outside; defaults written in the file are no secrets. */
  readonly secrets: readonly string[];
}

const REFERENCE = /\$\{([^}]*)\}/g;
const VARIABLE = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s;

/** Resolves `${NAME}`, `${NAME:-default}` and `${file:PATH}` in every text of a parsed file. */
export function interpolate(yaml: PositionedYaml, sources: Sources): Interpolated {
  const issues: Issue[] = [];
  const secrets: string[] = [];
  const resolve = (reference: string, path: KeyPath): string => {
    const found = lookUp(reference, sources);
    if (found.secret !== undefined) secrets.push(found.secret);
    if (found.problem !== undefined)
      issues.push(createIssue(found.problem, yaml.place(path), { what: found.what ?? '' }));
    return found.secret ?? found.text ?? '';
  };
  const walk = (value: unknown, path: KeyPath): unknown => {
    if (typeof value === 'string')
      return value.replace(REFERENCE, (_all, reference: string) => resolve(reference, path));
    if (Array.isArray(value)) return value.map((element, index) => walk(element, [...path, index]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, walk(inner, [...path, name])]));
  };
  return { value: walk(yaml.value, []), issues, secrets };
}

interface Found {
  readonly secret?: string;
  readonly text?: string;
  readonly problem?: 'missing-variable' | 'missing-file' | 'bad-template';
  readonly what?: string;
}

function lookUp(reference: string, sources: Sources): Found {
  if (reference.startsWith('file:')) {
    const secret = sources.file(reference.slice('file:'.length));
    if (secret !== undefined) return { secret };
    return { problem: 'missing-file', what: `the file of \${${reference}} cannot be read` };
  }
  const [, name, fallback] = VARIABLE.exec(reference) ?? [];
  if (name === undefined)
    return { problem: 'bad-template', what: `\${${reference}} is neither a variable nor file:PATH` };
  const secret = sources.variable(name);
  if (secret !== undefined && secret !== '') return { secret };
  if (fallback !== undefined) return { text: fallback };
  return { problem: 'missing-variable', what: `the environment variable ${name} is not set` };
}
