import type { Json } from '../../core/json.ts';
import type { KeyPath } from '../../core/positioned-yaml.ts';
import { say } from '../../core/text.ts';
import type { Bind, Compiler, Scope } from './compiler.ts';
import { problem } from './compiler.ts';
import { compileExpression } from './expression.ts';
import { report, type Evaluate, type Run } from '../run.ts';
import { PICKED_PART } from '../types.ts';

/**
 * Compiles `$expr`. Its answers come as promises, everything else is immediate: a document is evaluated, what it asks is
 * awaited, and it is evaluated again with the answers at hand.
 */
export function compileExpressionSource(
  text: string,
  scope: Scope,
  path: KeyPath,
  compiler: Compiler,
): Bind<Evaluate> | undefined {
  const expression = compileExpression(text);
  if ('problem' in expression)
    return problem(compiler, 'bad-expression', path, { what: expression.problem, got: text });
  const number = compiler.expressions++;
  const part = compiler.parts[scope.levels.at(-1)?.part ?? 0]?.name ?? PICKED_PART;
  const depth = scope.levels.length;
  return ({ names }) => {
    const columns = names(part);
    const input =
      compiler.shape === 'table' ? tableInput(columns, depth, compiler.empty) : (run: Run) => treeInput(run, depth);
    return (run) => {
      const key = `${number}|${run.positions.slice(0, depth).join('.')}`;
      const found = run.answers.get(key);
      if (found === undefined) {
        // Evaluated when awaited: by then the run stands elsewhere, so its input is taken now.
        const record = input(run);
        const document = { key: run.key };
        run.asks.push({ key, answer: () => expression.answer(record, document) });
        return undefined;
      }
      run.trace?.current?.steps.push('$expr');
      if ('value' in found) return found.value;
      return report(run, 'expression-failed', { what: say`the expression of the mapping failed: ${found.problem}` });
    };
  };
}

/** The record by column name. Outside `$each`, the first record of the document. */
function tableInput(columns: readonly string[], depth: number, empty: ReadonlySet<string>): (run: Run) => Json {
  return (run) => {
    const cells = depth > 0 ? run.cells : (run.parts[0]?.[0]?.cells ?? []);
    const record = Object.create(null) as Record<string, Json>;
    for (const [index, name] of columns.entries()) {
      const text = cells[index]?.trim() ?? '';
      if (text !== '' && !empty.has(text)) record[name.replace(/^\ufeff/, '').trim()] = text;
    }
    return record;
  };
}

function treeInput(run: Run, depth: number): Json | undefined {
  return depth > 0 ? run.nodes[depth] : (run.nodes[0] ?? run.parts[0]?.[0]?.tree);
}
