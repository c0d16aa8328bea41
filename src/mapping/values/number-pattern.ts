/** How a file writes numbers, taken apart. The symbols are in `pattern-reference.ts`. */
export interface NumberPattern {
  readonly text: string;
  readonly digits: DigitPattern;
  /** What stands before and after the digits, in their order. */
  readonly before: readonly Affix[];
  readonly after: readonly Affix[];
  readonly isPercent: boolean;
}

export interface DigitPattern {
  /** `s`: which digit also carries the sign. */
  readonly overpunch: 'first' | 'last' | undefined;
  /** Digits in front of the mark that are always written. */
  readonly wholeDigits: number;
  /** The mark between groups; empty when there are none. */
  readonly groupMark: string;
  /** Digits of the last group, and of those before it: 3 and 3, in India 3 and 2. */
  readonly groupSizes: readonly [last: number, others: number];
  /** `v` for a mark that is not written; empty for whole numbers. */
  readonly decimalMark: string;
  /** Decimals that are always written. */
  readonly decimals: number;
  /** `#` at the end: further decimals as they come. */
  readonly isOpen: boolean;
  /** `e`: a power of ten may follow. */
  readonly hasExponent: boolean;
}

/** `sign`: written by its first text when positive, by its second when negative. */
export type Affix =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'space' }
  | { readonly kind: 'sign'; readonly positive: string; readonly negative: string; readonly isOptional: boolean };

export interface PatternProblem {
  readonly problem: string;
  readonly hint?: string;
}

const DIGITS = /s?[0#](?:[0#]|[.,'\u2019 \u00a0\u202fv](?=[0#]))*e?s?/y;
const TOKEN = /'((?:[^']|'')+)'|(\p{L}*)\/(\p{L}*)|([\s\u00a0\u202f]+)|([-+()%])|(\p{Sc})/uy;

/** Reads a pattern such as `0.000,00-`. Answers the problem when it is none, or could be read in two ways. */
export function parseNumberPattern(text: string): NumberPattern | PatternProblem {
  const found: Found = { before: [], after: [], marks: [], digits: undefined };
  for (let at = 0; at < text.length;) {
    const end = readDigits(text, at, found) ?? readAffix(text, at, found);
    if (typeof end !== 'number') return end;
    at = end;
  }
  if (found.digits === undefined) return { problem: 'nothing stands for the digits', hint: 'Write 0 for them.' };
  const digits = parseDigits(found.digits);
  if ('problem' in digits) return digits;
  const complaint = signProblem(found, digits);
  if (complaint !== undefined) return { problem: complaint };
  const { before, after, marks } = found;
  return { text, digits, before, after, isPercent: marks.includes('%') };
}

interface Found {
  readonly before: Affix[];
  readonly after: Affix[];
  /** Signs and the percent sign, as they stand in the pattern. */
  readonly marks: string[];
  digits: string | undefined;
}

function readDigits(text: string, at: number, found: Found): number | undefined {
  if (found.digits !== undefined) return undefined;
  DIGITS.lastIndex = at;
  const [digits] = DIGITS.exec(text) ?? [];
  if (digits === undefined) return undefined;
  found.digits = digits;
  return at + digits.length;
}

function readAffix(text: string, at: number, found: Found): number | PatternProblem {
  TOKEN.lastIndex = at;
  const match = TOKEN.exec(text);
  if (match === null) return unknownSymbol(text, at, found);
  const [piece, quoted, positive, negative, space, mark] = match;
  const side = found.digits === undefined ? found.before : found.after;
  if (positive !== undefined && negative !== undefined) {
    if (positive.toLowerCase() === negative.toLowerCase())
      return { problem: `"${piece}" does not tell positive from negative` };
    found.marks.push(piece);
    side.push({ kind: 'sign', positive, negative, isOptional: false });
  } else if (mark !== undefined) {
    found.marks.push(mark);
    side.push(markAffix(mark));
  } else if (space === undefined) side.push({ kind: 'text', text: quoted?.replaceAll("''", "'") ?? piece });
  else side.push({ kind: 'space' });
  return at + piece.length;
}

function markAffix(mark: string): Affix {
  if (mark === '%') return { kind: 'text', text: mark };
  if (mark === '+') return { kind: 'sign', positive: '+', negative: '-', isOptional: true };
  return { kind: 'sign', positive: '', negative: mark, isOptional: false };
}

function unknownSymbol(text: string, at: number, { digits }: Found): PatternProblem {
  const [character = ''] = text.slice(at);
  const excel = /^#([.,' ])##0(.*)$/.exec(text);
  if (excel !== null) return excelHint(excel);
  if (character === "'") return { problem: 'a quote is never closed' };
  if (digits !== undefined && /[0#s.,v]/.test(character))
    return { problem: `"${digits}" cannot be followed by "${character}"` };
  const hint = 'Put plain text in single quotes; words for the sign go in pairs, the positive first: DR/CR.';
  return { problem: `"${character}" stands for nothing`, hint };
}

function excelHint([, mark = '', rest = '']: RegExpExecArray): PatternProblem {
  const group = `0${mark}000`;
  return {
    problem: 'groups of digits are written with 0',
    hint: `Write ${rest === '' ? `${group}${mark}000` : group + rest}.`,
  };
}

function parseDigits(text: string): DigitPattern | PatternProblem {
  const overpunch = text.startsWith('s') ? 'first' : text.endsWith('s') ? 'last' : undefined;
  if (text.startsWith('s') && text.endsWith('s')) return { problem: 'only one digit carries the sign' };
  const hasExponent = text.includes('e');
  if (hasExponent && overpunch !== undefined) return { problem: 'e and s do not go together' };
  const core = text.replaceAll(/[se]/g, '');
  const unclear = unclearDigits(core);
  if (unclear !== undefined) return unclear;
  const runs = core.split(/[^0#]/);
  const marks = core.match(/[^0#]/g) ?? [];
  const last = marks.at(-1) ?? '';
  const hasDecimals = last === 'v' || (/^[.,]$/.test(last) && (marks.length === 1 || last !== marks[0]));
  const groups = hasDecimals ? runs.slice(0, -1) : runs;
  const groupMarks = new Set(hasDecimals ? marks.slice(0, -1) : marks);
  const decimals = hasDecimals ? (runs.at(-1) ?? '') : '';
  const complaint = runProblem(groups, groupMarks, decimals, last);
  if (complaint !== undefined) return complaint;
  const [groupMark = ''] = groupMarks;
  return {
    overpunch,
    wholeDigits: groups.length > 1 ? 1 : (groups[0] ?? '').replace('#', '').length,
    groupMark,
    groupSizes: groups.length > 1 ? [3, groups.length > 2 ? (groups[1] ?? '').length : 3] : [0, 0],
    decimalMark: hasDecimals ? last : '',
    decimals: decimals.replace('#', '').length,
    isOpen: decimals.endsWith('#'),
    hasExponent,
  };
}

/** What other programs write so, or what could be meant in two ways. */
function unclearDigits(core: string): PatternProblem | undefined {
  const excel = /^#([.,' ])##0(.*)$/.exec(core);
  if (excel !== null) return excelHint(excel);
  const mark = /^0([.,])000$/.exec(core)?.[1];
  if (mark === undefined) return undefined;
  return {
    problem: `"${core}" may mean three decimals or thousands`,
    hint: `Write 0${mark}000${mark}000 for thousands, #0${mark}000 for three decimals.`,
  };
}

function runProblem(
  groups: readonly string[],
  groupMarks: ReadonlySet<string>,
  decimals: string,
  decimalMark: string,
): PatternProblem | undefined {
  const [first = '', ...others] = groups;
  const last = others.pop();
  if (groupMarks.size > 1) return { problem: 'there are several thousands marks' };
  if (!/^#?0*$/.test(first)) return { problem: `"${first}" cannot stand for the digits before the mark` };
  if (!/^0*#?$/.test(decimals)) return { problem: `"${decimals}" cannot stand for decimals` };
  if (decimalMark === 'v' && (last !== undefined || decimals.endsWith('#')))
    return { problem: 'v needs plain zeros around it: 0v00' };
  if (last === undefined) return undefined;
  const isEven = others.every((group) => group === others[0] && /^(?:00|000)$/.test(group));
  if (first === '0' && last === '000' && isEven) return undefined;
  return { problem: 'groups have three digits, in India two before the last three: 0,00,000' };
}

function signProblem({ before, after, marks }: Found, digits: DigitPattern): string | undefined {
  const { overpunch } = digits;
  const signs = [...before, ...after].filter((affix) => affix.kind === 'sign').map(({ negative }) => negative);
  const isPair = signs.join('') === '()' && before.some(isSign) && after.some(isSign);
  if (!isPair && signs.some((sign) => /[()]/.test(sign)))
    return 'parentheses go around the digits and are the only sign';
  if (!isPair && signs.length + (overpunch === undefined ? 0 : 1) > 1) return 'the sign is written in two ways';
  if (overpunch !== undefined && before.length + after.length > 0) return 's needs the digits alone';
  if (!isAlwaysThere(digits)) return 's needs a digit that is always there: write 0 beside it';
  return marks.filter((mark) => mark === '%').length > 1 ? 'the percent sign stands twice' : undefined;
}

function isAlwaysThere({ overpunch, wholeDigits, decimals, decimalMark, isOpen }: DigitPattern): boolean {
  if (overpunch === 'last') return !isOpen || decimals > 0;
  return overpunch === undefined || wholeDigits > 0 || (decimalMark === 'v' && decimals > 0);
}

function isSign({ kind }: Affix): boolean {
  return kind === 'sign';
}
