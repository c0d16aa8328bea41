import { createTextReader } from '../../../src/formats/text/encodings.ts';
import { isJsonObject } from '../../../src/core/json.ts';
import type { RanExample } from './run-example.ts';

/** An example as the page shows it: the mapping, and what it writes if that is text. */
export function exampleBlocks({ name, text, mapping, written }: RanExample): string {
  const block = fenced(`yaml ${name}.yaml`, text);
  const options = isJsonObject(mapping) && isJsonObject(mapping['write']) ? mapping['write'] : {};
  if (written === undefined || options['format'] === 'xlsx') return block;
  const encoding = options['encoding'];
  const file = createTextReader(typeof encoding === 'string' ? encoding : 'utf-8').decode(written);
  return `${block}\n\n${fenced('text', file.replaceAll('\r\n', '\n'))}`;
}

function fenced(info: string, text: string): string {
  return `\`\`\`${info}\n${text.replace(/\n*$/, '\n')}\`\`\``;
}
