import { createTextReader } from '../../../src/formats/text/encodings.ts';
import { isJsonObject } from '../../../src/core/json.ts';
import type { Mistake } from './mistakes.ts';
import type { RanExample } from './run-example.ts';

/**
 * An example as the page shows it: the mapping with the tests of what is right, what is told about what is not, and the
 * file that it writes if that is text.
 */
export function exampleBlocks(example: RanExample): string {
  const { name, mistakes } = example;
  const alone = mistakes.filter(({ isAlone }) => isAlone);
  const shown = alone.reduce((text, mistake) => withoutTest(text, mistake.name), example.text);
  const blocks = [fenced(`yaml ${name}.yaml`, shown)];
  const told = mistakes.filter((mistake) => mistake.told.length > 0);
  if (told.length > 0) blocks.push(told.flatMap(mistakeLines).join('\n'));
  const file = writtenText(example);
  if (file !== undefined) blocks.push(fenced('text', file));
  return blocks.join('\n\n');
}

/** The text of a mapping without one of its tests. */
function withoutTest(text: string, name: string): string {
  const items = text.split(/^(?= {2}- name: )/m);
  const left = items.filter((item) => item.split('\n', 1)[0]?.replace(/^ {2}- name: /, '') !== name);
  if (left.length !== items.length - 1) throw new Error(`no test, or several, called "${name}"`);
  return left.join('');
}

function mistakeLines({ name, told }: Mistake): readonly string[] {
  const lines = told.map(
    ({ code, place, finding }) => `\`${place === '' ? '' : `${place}: `}${finding}\` (\`${code}\`)`,
  );
  return lines.length === 1
    ? [`- _${name}:_ ${lines[0] ?? ''}`]
    : [`- _${name}:_`, ...lines.map((line) => `  - ${line}`)];
}

function writtenText({ mapping, written }: RanExample): string | undefined {
  const options = isJsonObject(mapping) && isJsonObject(mapping['write']) ? mapping['write'] : {};
  if (written === undefined || options['format'] === 'xlsx') return undefined;
  const encoding = options['encoding'];
  const file = createTextReader(typeof encoding === 'string' ? encoding : 'utf-8').decode(written);
  return file.replaceAll('\r\n', '\n');
}

function fenced(info: string, text: string): string {
  return `\`\`\`${info}\n${text.replace(/\n*$/, '\n')}\`\`\``;
}
