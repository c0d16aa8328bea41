import type { IssueDetails } from '../../core/issue.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import { selectAll, type JsonPath, type PathStep } from '../../core/path.ts';
import { say } from '../../core/text.ts';
import { report, type Read, type Run } from '../run.ts';
import { isComposite, treeText } from '../testing/tree-text.ts';
import type { Bind } from './compiler.ts';

// A name in braces where a value is compared: `Lines[Sku={Sku}].LineNo`.
const KEY = /^\{([^{}]+)\}$/;
const LOOK_UP = /\[[^\][={}]+=\{[^{}]+\}\]/g;

/** Whether a path looks for elements by a value of the row. */
export function isLookUp({ steps }: JsonPath): boolean {
  return steps.some((step) => keyOf(step) !== undefined);
}

/** The text without its look-ups: what is left of braces in it is a template. */
export function withoutLookUps(name: string): string {
  return name.replaceAll(LOOK_UP, '');
}

function keyOf(step: PathStep): string | undefined {
  return step.kind === 'where' ? KEY.exec(step.equals)?.[1]?.trim() : undefined;
}

/** One search: the way to the list, the member that is compared, and what it is compared with. */
interface Stage {
  readonly way: JsonPath;
  readonly member: string;
  readonly key: Bind<Read>;
  /** Which of the elements that fit; undefined: all, and they must agree. */
  readonly only: number | undefined;
}

/**
 * Compiles a path with look-ups, from the elements that `rootsOf` gives. Lists are indexed once, so that many rows may look
 * into a long one. `compileKey` compiles a name in braces; `compositeDetails` says that a value is none.
 */
export function compileLookUp(
  path: JsonPath,
  rootsOf: (run: Run) => readonly Json[],
  compileKey: (name: string) => Bind<Read>,
  compositeDetails: (value: Json, path: string) => IssueDetails,
): Bind<Read> {
  const { stages, rest } = stagesOf(path, compileKey);
  return (binding) => {
    const searches = stages.map((stage) => ({ ...stage, key: stage.key(binding), find: createFinder(stage.member) }));
    return (run) => {
      let nodes = rootsOf(run);
      for (const { way, key, find, only } of searches) {
        const text = key(run);
        if (text === '') return '';
        const found = nodes.flatMap((node) => selectAll(node, way)).flatMap((list) => find(list, text));
        nodes = only === undefined ? found : found.slice(only, only + 1);
      }
      const values = nodes.flatMap((node) => selectAll(node, rest)).filter((value) => value !== null);
      const texts = new Set(values.map((value) => treeText(value)).filter((text) => text !== ''));
      const [first = ''] = texts;
      const composite = first === '' ? values.find(isComposite) : undefined;
      if (composite !== undefined) report(run, 'not-a-value', compositeDetails(composite, path.text));
      if (texts.size <= 1) return first;
      report(run, 'ambiguous-entry', {
        what: say`several elements fit ${path.text}, and they say different things`,
        hint: say`Put [0] behind the brackets to take the first.`,
        got: [...texts].slice(0, 3).join(', '),
      });
      return '';
    };
  };
}

function stagesOf(path: JsonPath, compileKey: (name: string) => Bind<Read>): { stages: Stage[]; rest: JsonPath } {
  const stages: Stage[] = [];
  let steps: PathStep[] = [];
  for (let index = 0; index < path.steps.length; index++) {
    const step = path.steps[index];
    const name = step === undefined ? undefined : keyOf(step);
    if (step === undefined) continue;
    if (step.kind !== 'where' || name === undefined) {
      steps.push(step);
      continue;
    }
    const next = path.steps[index + 1];
    const only = next?.kind === 'index' ? next.index : undefined;
    if (only !== undefined) index++;
    stages.push({ way: { text: path.text, steps }, member: step.name, key: compileKey(name), only });
    steps = [];
  }
  return { stages, rest: { text: path.text, steps } };
}

/** Finds elements of lists by a member. A list is gone through once, however often it is asked. */
function createFinder(member: string): (list: Json, text: string) => readonly Json[] {
  const known = new WeakMap<object, ReadonlyMap<string, readonly Json[]>>();
  return (list, text) => {
    if (!isList(list)) return [];
    let index = known.get(list);
    if (index === undefined) {
      index = Map.groupBy(list, (element) => (isJsonObject(element) ? treeText(element[member]) : ''));
      known.set(list, index);
    }
    return index.get(text) ?? [];
  };
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
