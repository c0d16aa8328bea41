import { createIssue, type Issue } from '../../core/issue.ts';
import type { KeyPath, PositionedYaml } from '../../core/positioned-yaml.ts';
import type { Bind, Compiler, HeadColumn, Scope } from '../compile/compiler.ts';
import type { Read, Run } from '../run.ts';
import { noteStep } from '../payload/trace.ts';
import type { YamlObject, YamlValue } from '../types.ts';
import { yamlTexts } from '../definition/yaml-value.ts';

const none: ReadonlySet<string> = new Set();

/** Texts that stand for nothing: of `$empty`, or of `read.empty` for the whole mapping. Cells are compared exactly. */
export function emptyTexts(
  given: YamlValue | undefined,
  path: KeyPath,
  { yaml, issues }: { readonly yaml: PositionedYaml; readonly issues: Issue[] },
): ReadonlySet<string> {
  if (given === undefined) return none;
  const texts = yamlTexts(given).map((text, index) => {
    const place = Array.isArray(given) ? [...path, index] : path;
    const source = yaml.numberSource(place);
    if (source !== undefined && source !== text)
      issues.push(createIssue('unquoted-number', yaml.place(place), { got: source }));
    return text.trim();
  });
  return new Set(texts.filter((text) => text !== ''));
}

/** The scope of a value that says `$empty`: holds for everything the value is made of. */
export function withOwnEmpty(scope: Scope, node: YamlObject, path: KeyPath, compiler: Compiler): Scope {
  if (node['$empty'] === undefined) return scope;
  const own = emptyTexts(node['$empty'], [...path, '$empty'], compiler);
  return { ...scope, empty: new Set([...(scope.empty ?? none), ...own]) };
}

/** Reads texts that stand for nothing as nothing. */
export function withoutEmpty(bind: Bind<Read>, scope: Scope, compiler: Compiler): Bind<Read> {
  const texts = new Set([...compiler.empty, ...(scope.empty ?? none)]);
  if (texts.size === 0) return bind;
  const slot = [...texts].sort().join('\n');
  // Records that share a value may leave it empty in their own way: no conflict with those that name it.
  const known = (column: HeadColumn): HeadColumn => ({
    ...column,
    slot: `${column.slot ?? column.name}\n${slot}`,
    read: (record) => {
      const text = column.read(record);
      return texts.has(text) ? '' : text;
    },
  });
  return (binding) => {
    let head: HeadColumn | undefined;
    const headSlot = (column: HeadColumn): number => binding.headSlot(known((head = column)));
    const read = bind({ ...binding, adapt: known, headSlot });
    return (run) => {
      const text = read(run);
      if (text === '' && head !== undefined && run.trace !== undefined) showWritten(run, head);
      if (!texts.has(text)) return text;
      if (run.trace !== undefined) noteStep(run, '$empty', text, '');
      return '';
    };
  };
}

/** Somebody asks where the value comes from: the cell is shown as it stands in the file. */
function showWritten(run: Run, { part, read }: HeadColumn): void {
  const record = run.parts[part]?.find((own) => read(own) !== '');
  const sources = run.trace?.current?.sources ?? [];
  const shown = sources.at(-1);
  if (record === undefined || shown === undefined) return;
  const text = read(record);
  sources[sources.length - 1] = { ...shown, line: record.line, text };
  noteStep(run, '$empty', text, '');
}
