import type { KeyPath } from '../../core/positioned-yaml.ts';
import { eitherOf, say } from '../../core/text.ts';
import type { Compiler } from '../compile/compiler.ts';
import { problem } from '../compile/compiler.ts';
import type { Step } from './date-step.ts';
import { report } from '../run.ts';

/** How a file writes true and false: `Y/N`. */
interface BooleanFormat {
  readonly yes: string;
  /** Empty: false is an empty cell. */
  readonly no: string;
}

/** Compiles `$format` of a boolean: words that are read inbound, written outbound. */
export function compileBooleanStep(
  texts: readonly string[],
  hasDefault: boolean,
  path: KeyPath,
  compiler: Compiler,
): Step | undefined {
  const place = [...path, '$format'];
  const formats: BooleanFormat[] = [];
  for (const text of texts) {
    const format = parseBooleanFormat(text);
    if (format === undefined) {
      return problem(compiler, 'wrong-value', place, {
        what: 'the words for true and false cannot be used',
        expected: 'the word for true, a slash, and the word for false: Y/N',
        got: text,
      });
    }
    formats.push(format);
  }
  const [first, second] = formats;
  if (compiler.direction === 'outbound' && second !== undefined)
    return problem(compiler, 'wrong-value', place, { what: 'a file is written in one format, not in several' });
  if (compiler.direction === 'outbound') return first === undefined ? undefined : writeBoolean(first);
  if (formats.some(({ no }) => no === '') && !hasDefault) {
    return problem(compiler, 'missing-key', path, {
      what: 'an empty cell says nothing, and nothing says what it means here',
      hint: 'Add $default: false.',
    });
  }
  return first === undefined ? undefined : readBoolean(formats, place, compiler);
}

function parseBooleanFormat(text: string): BooleanFormat | undefined {
  const [yes = '', no = '', ...others] = text.split('/').map((word) => word.trim());
  const isUsable = text.includes('/') && others.length === 0 && yes !== '' && yes.toLowerCase() !== no.toLowerCase();
  return isUsable ? { yes, no } : undefined;
}

function readBoolean(formats: readonly BooleanFormat[], path: KeyPath, compiler: Compiler): Step | undefined {
  const words = new Map<string, string>();
  for (const { yes, no } of formats) {
    for (const [word, value] of [[yes, 'true'] as const, [no, 'false'] as const]) {
      const known = words.get(word.toLowerCase());
      if (known !== undefined && known !== value)
        return problem(compiler, 'wrong-value', path, { what: `"${word}" would be both true and false` });
      words.set(word.toLowerCase(), value);
    }
  }
  const expected = eitherOf(formats.flatMap(({ yes, no }) => [yes, no]).filter((word) => word !== ''));
  return (run, text) => {
    const value = words.get(text.toLowerCase());
    if (value !== undefined) return value;
    report(run, 'not-a-boolean', { expected, got: text, hint: say`Write ${expected}.` });
    return '';
  };
}

function writeBoolean({ yes, no }: BooleanFormat): Step {
  return (run, text) => {
    const word = text.toLowerCase();
    if (word === 'true' || word === 'false') return word === 'true' ? yes : no;
    report(run, 'not-a-boolean', { got: text, hint: say`Look into what the provider sent.` });
    return '';
  };
}
