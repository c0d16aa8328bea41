import { Failure } from '../../core/failure.ts';
import { createTextWriter } from './encodings.ts';
import type { TextWriting } from './options.ts';

/**
 * Turns the text of a file into its bytes.
 * @throws Failure bad-config for a character that the encoding cannot hold when no replacement is declared.
 */
export function createEncoder({ encoding, replacement }: TextWriting): (text: string) => Uint8Array {
  const write = createTextWriter(encoding);
  return (text) =>
    write(text, (character) => {
      if (replacement === undefined || character === '\ufeff') throw unmappable(character, encoding);
      return replacement;
    });
}

function unmappable(character: string, encoding: string): Failure {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return new Failure(
    'bad-config',
    `the character U+${code} cannot be written in ${encoding}; choose utf-8, translate it in the mapping, or set replacement: "?"`,
  );
}
