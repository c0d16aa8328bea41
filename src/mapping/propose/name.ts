import { concepts } from './concepts.ts';
import { fillers, roles, vocabulary } from './vocabulary.ts';

/** What a name says, in words of {@link vocabulary}. */
export interface NameMeaning {
  /** Meanings of its words, in their order; words that are not known stand as they are. */
  readonly meanings: readonly string[];
  /** Whose it is: `ship`, `bill`. */
  readonly role: string | undefined;
  readonly concept: string | undefined;
  /** How plainly it says so, from 0 to 1. */
  readonly weight: number;
}

const meaningOf: ReadonlyMap<string, string> = new Map(
  Object.entries(vocabulary)
    .flatMap(([meaning, words]) => words.map((word) => [word, meaning] as const))
    .toReversed(),
);
const LONGEST_WORD = Math.max(...[...meaningOf.keys()].map((word) => word.length));
/** Short words inside others are chance. */
const SHORTEST_PART = 2;

/** Cuts a name into words: at signs, at changes of case and of kind, without accents and umlauts. */
function wordsOf(name: string): readonly string[] {
  return name
    .normalize('NFC')
    .replaceAll(/[äÄ]/g, 'ae')
    .replaceAll(/[öÖ]/g, 'oe')
    .replaceAll(/[üÜ]/g, 'ue')
    .replaceAll('ß', 'ss')
    .replaceAll('#', ' no ')
    .replaceAll(/e-?mail/gi, 'email')
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .replaceAll(/(\p{L})(\p{N})/gu, '$1 $2')
    .replaceAll(/(\p{N})(\p{L})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '' && !fillers.has(word));
}

/** Meanings of a name, compound words taken apart: `Lieferplz`, `POSTALCODE`. */
function meanings(name: string): readonly string[] {
  return wordsOf(name).flatMap((word) => {
    const known = meaningOf.get(word);
    if (known !== undefined) return [known];
    return partsOf(word)?.map((part) => meaningOf.get(part) ?? part) ?? [word];
  });
}

/** A word as known words one after another, as few as possible; undefined when it is no such compound. */
function partsOf(word: string): readonly string[] | undefined {
  const best: (readonly string[] | undefined)[] = [[]];
  for (let end = 1; end <= word.length; end++) {
    for (let start = Math.max(0, end - LONGEST_WORD); start <= end - SHORTEST_PART; start++) {
      const before = best[start];
      const part = word.slice(start, end);
      if (before === undefined || !meaningOf.has(part)) continue;
      const current = best[end];
      if (current === undefined || before.length + 1 < current.length) best[end] = [...before, part];
    }
  }
  const found = best[word.length];
  return found !== undefined && found.some((part) => part.length > 2) ? found : undefined;
}

/** Every way of naming a concept, as a sorted text of its meanings. */
const conceptOf: ReadonlyMap<string, { concept: string; weight: number }> = new Map(
  Object.entries(concepts)
    .flatMap(([concept, ways]) =>
      ways.map((way, index) => [sorted(way.split(' ')), { concept, weight: Math.max(0.8, 1 - index * 0.02) }] as const),
    )
    .toReversed(),
);

function sorted(words: readonly string[]): string {
  return [...new Set(words)].sort().join(' ');
}

/** What a name means. `outer`: names around it, which may say whose it is. */
export function understandName(name: string, outer: readonly string[] = []): NameMeaning {
  const own = meanings(name);
  const around = outer.flatMap((each) => meanings(each));
  const role = [...own, ...around.toReversed()].map((meaning) => roles[meaning]).find((each) => each !== undefined);
  const bare = own.filter((meaning) => roles[meaning] === undefined && meaning !== 'to');
  // Some concepts have the role in their name, such as `ship by`: what is left without it comes second.
  const found = conceptOf.get(sorted(own)) ?? conceptOf.get(sorted(bare)) ?? nearest(bare);
  return { meanings: bare, role, concept: found?.concept, weight: found?.weight ?? 0 };
}

/** The concept most of whose meanings are among those of the name; a word too many costs. */
function nearest(bare: readonly string[]): { concept: string; weight: number } | undefined {
  let best: { concept: string; weight: number } | undefined;
  for (let drop = 0; drop < bare.length && bare.length > 1; drop++) {
    const rest = sorted(bare.filter((_meaning, index) => index !== drop));
    const found = conceptOf.get(rest);
    if (found === undefined) continue;
    const weight = found.weight * 0.75;
    if (best === undefined || weight > best.weight) best = { concept: found.concept, weight };
  }
  return best;
}

/** Words that many names end in: what they have in common by these alone is nothing. */
const generic = new Set(['number', 'code', 'name', 'type', 'title', 'date', 'amount']);

/** How alike two lists of meanings are, from 0 to 1. */
export function similarity(a: readonly string[], b: readonly string[]): number {
  const [one, other] = [new Set(a), new Set(b)];
  const both = one.intersection(other);
  const isTelling = [...both].some((meaning) => !generic.has(meaning));
  return isTelling ? both.size / one.union(other).size : 0;
}
