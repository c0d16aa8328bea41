import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { knownTexts } from '../../../src/core/known-texts.ts';
import { placesOf } from '../../../src/core/text.ts';
import { repository } from '../../support/dray.ts';
import { templatesIn, templatesOfSource } from '../../support/templates.ts';

describe('the list of all texts', () => {
  test('is what the source says now, and the schema that editors read', async () => {
    const head = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'dray texts',
      description:
        'Translations by English text. {0}, {1} … stand for values; what is left out or empty stays English.',
      type: 'object',
      additionalProperties: { type: ['string', 'null'], description: 'A text of a provider definition.' },
    };
    const properties = templatesOfSource().map((text) => `    ${JSON.stringify(text)}: { "type": ["string", "null"] }`);
    const schema = `${JSON.stringify(head, undefined, 2).slice(0, -2)},\n  "properties": {\n${properties.join(',\n')}\n  }\n}\n`;
    await expect(schema).toMatchFileSnapshot(join(repository, 'src/core/texts.schema.json'));
  });

  test('holds templates whose places are numbered from 0 without a gap', () => {
    const odd = [...knownTexts].filter((text) => placesOf(text).some((place, index) => place !== index));
    expect(odd).toEqual([]);
  });
});

test('a phrase is found in the source with its values numbered, whatever braces and quotes are in them', () => {
  const source = [
    'const a = say`lines ${first.line} and ${cells.map(({ line }) => `${line}`).join("`}")} disagree`;',
    String.raw`const b = say${'`'}written \\n, ${'$'}{isOne ? say${'`'}one${'`'} : say${'`'}many${'`'}}${'`'};`,
    String.raw`say${'`'}stand as \ufffd${'`'}; essay${'`'}nothing${'`'}`,
  ].join('\n');
  expect(templatesIn(source)).toEqual([
    'lines {0} and {1} disagree',
    String.raw`written \n, {0}`,
    'one',
    'many',
    'stand as \ufffd',
  ]);
});
