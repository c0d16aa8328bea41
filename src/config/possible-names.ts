/** One character of a name, or any number of such. */
interface Step {
  readonly isMany: boolean;
  readonly fits: (character: string) => boolean;
}

/** Names that something can have, as alternatives. Where that cannot be told, they are more rather than fewer. */
export type PossibleNames = readonly (readonly Step[])[];

const any = (): boolean => true;
const isDigit = (character: string): boolean => /^\d$/.test(character);
const ONE: Step = { isMany: false, fits: any };
const ANYTHING: Step = { isMany: true, fits: any };
const DIGITS: readonly Step[] = [
  { isMany: false, fits: isDigit },
  { isMany: true, fits: isDigit },
];

const PLACE = /\{([a-z-]+)(?::([^{}]*))?\}/;

/** Names that a template gives: `S_{date:yyyyMMdd}_{seq:6}.csv`. A place that `known` does not tell can be anything. */
export function namesOfTemplate(template: string, known: Readonly<Record<string, string>>): PossibleNames {
  const place = PLACE.exec(template);
  if (place === null) return [literal(template)];
  const [whole, name = '', format = ''] = place;
  const [rest = []] = namesOfTemplate(template.slice(place.index + whole.length), known);
  return [[...literal(template.slice(0, place.index)), ...stepsOfPlace(name, format, known), ...rest]];
}

function stepsOfPlace(name: string, format: string, known: Readonly<Record<string, string>>): readonly Step[] {
  if (name === 'seq') return DIGITS;
  const value = Object.hasOwn(known, name) ? known[name] : undefined;
  if (value !== undefined) return literal(value);
  const date = format.replace(/@.*$/, '');
  // Months with names, words and zones can be anything.
  if (!['date', 'as-of'].includes(name) || /[^yMdHhmsS\d\W_]|MMM|'/.test(date)) return [ANYTHING];
  return [...date.matchAll(/[a-z]+|[^a-z]/gi)].flatMap(([part]) => (/[a-z]/i.test(part) ? DIGITS : literal(part)));
}

/** Names that a glob fits, in upper and lower case. */
export function namesOfGlob(glob: string): PossibleNames {
  const [whole, choice] = /(?<!\\)\{([^{}]*,[^{}]*)\}/.exec(glob) ?? [];
  if (whole !== undefined && choice !== undefined)
    return choice.split(',').flatMap((one) => namesOfGlob(glob.replace(whole, () => one)));
  // What a glob excludes or counts is not looked into.
  if (/^!|[!?*+@]\(|\{/.test(glob)) return [[ANYTHING]];
  return [[...glob.matchAll(/\\?\[[^\]]+\]|\\?[^]/g)].map(([part]) => stepOfGlob(part))];
}

function stepOfGlob(part: string): Step {
  if (part === '*') return ANYTHING;
  if (part === '?' || part.startsWith('[')) return ONE;
  return sameLetter(part.slice(-1));
}

function literal(text: string): readonly Step[] {
  return [...text.matchAll(/[^]/g)].map(([letter]) => sameLetter(letter));
}

function sameLetter(letter: string): Step {
  const lower = letter.toLowerCase();
  return { isMany: false, fits: (character) => character.toLowerCase() === lower };
}

/** Whether a name can be one of both. */
export function canBeSame(some: PossibleNames, others: PossibleNames, letters: string): boolean {
  // The letters of both stand for all there are: no step tells any others apart.
  const alphabet = [...new Set(`${letters}0`)];
  const meet = (one: Step, other: Step): boolean => alphabet.some((letter) => one.fits(letter) && other.fits(letter));
  return some.some((one) => others.some((other) => canMeet(one, other, meet)));
}

/** Walks both at once, over all pairs of steps that some beginning of a name can lead to. */
function canMeet(one: readonly Step[], other: readonly Step[], meet: (a: Step, b: Step) => boolean): boolean {
  const pairs: [number, number][] = [[0, 0]];
  const seen = new Set<string>();
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [at, beside] = pair;
    if (at === one.length && beside === other.length) return true;
    if (seen.has(pair.join())) continue;
    seen.add(pair.join());
    const [here, there] = [one[at], other[beside]];
    if (here?.isMany === true) pairs.push([at + 1, beside]);
    if (there?.isMany === true) pairs.push([at, beside + 1]);
    if (here === undefined || there === undefined || !meet(here, there)) continue;
    pairs.push([here.isMany ? at : at + 1, there.isMany ? beside : beside + 1]);
  }
  return false;
}
