const MOST_CHARACTERS = 24;
const LONGEST_RUN = 12;

/**
 * What a value looks like, without the value: `AAA-999` for `CAP-750`. Capitals are A, other letters a, digits 9; long runs
 * and long values are shortened. Nobody can be recognised by it.
 */
export function shapeOf(value: string): string {
  const shape = value
    .slice(0, 4 * MOST_CHARACTERS)
    .replaceAll(/\p{L}|\p{N}|\p{C}/gu, kindOf)
    .replaceAll(/(.)\1+/gu, (run: string, character: string) =>
      run.length > LONGEST_RUN && /[Aa9]/.test(character) ? `${character.repeat(LONGEST_RUN - 1)}…` : run,
    );
  const characters = Array.from(shape);
  return characters.length <= MOST_CHARACTERS ? shape : `${characters.slice(0, MOST_CHARACTERS - 1).join('')}…`;
}

function kindOf(character: string): string {
  if (/\p{L}/u.test(character)) return /\p{Lu}/u.test(character) ? 'A' : 'a';
  return /\p{N}/u.test(character) ? '9' : '?';
}
