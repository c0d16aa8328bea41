import { forgivingName } from '../../core/forgiving-name.ts';
import type { FormatOptions } from '../../core/format.ts';
import { createIssue, type Issue } from '../../core/issue.ts';
import type { KeyPath, PositionedYaml } from '../../core/positioned-yaml.ts';

/** Other names of columns that stand for two of them. `path`: of the options. */
export function aliasFindings(options: FormatOptions, path: KeyPath, yaml: PositionedYaml): Issue[] {
  const { aliases = {} } = (options['columns'] ?? {}) as { aliases?: Readonly<Record<string, readonly string[]>> };
  const names = new Map(Object.keys(aliases).map((name) => [forgivingName(name), name] as const));
  const owners = new Map<string, string>();
  return Object.entries(aliases).flatMap(([name, others]) =>
    others.flatMap((other, index) => {
      const forgiven = forgivingName(other);
      const owner = owners.get(forgiven) ?? name;
      owners.set(forgiven, owner);
      const what =
        owner !== name
          ? `the alias "${other}" is given to "${owner}" and to "${name}": of which column is it?`
          : (names.get(forgiven) ?? name) !== name
            ? `the alias "${other}" of "${name}" is the name of another column`
            : undefined;
      const place = yaml.place([...path, 'columns', 'aliases', name, index]);
      return what === undefined ? [] : [createIssue('wrong-value', place, { what })];
    }),
  );
}
