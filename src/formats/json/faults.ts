import type { IssueCode } from '../../core/issue-catalogue.ts';
import type { IssueDetails } from '../../core/issue.ts';
import { say, type Phrase } from '../../core/text.ts';

/** Levels of objects and arrays that one record may have. */
export const MOST_DEEP = 64;

/** Something wrong in a JSON text. */
export interface Fault {
  readonly kind: FaultKind;
  /** Offset in the text. */
  readonly at: number;
  /** JSON pointer of the value it is in, from the value the text holds. */
  readonly pointer: string;
  readonly got?: string;
}

interface Words extends IssueDetails {
  readonly what: Phrase;
  /** Left out: the text is not JSON. */
  readonly code?: IssueCode;
}

const QUOTES_HINT = say`Put texts and names in straight double quotes: "Qty".`;

const words = {
  'trailing-comma': { what: say`a comma before a closing bracket`, hint: say`Remove the comma.` },
  'no-value': {
    what: say`a value is missing`,
    expected: say`a text in double quotes, a number, true, false, null, { or [`,
  },
  'no-comma': { what: say`a comma or a closing bracket is missing` },
  'no-colon': { what: say`a name without a colon behind it`, hint: say`Write "Qty": 1.` },
  'no-name': { what: say`a name in double quotes is missing`, hint: say`Write "Qty": 1.` },
  'wrong-bracket': { what: say`the wrong bracket closes`, hint: say`{ is closed by }, and [ by ].` },
  'single-quote': { what: say`a single quote`, hint: QUOTES_HINT },
  'curly-quote': { what: say`a typographic quote`, hint: QUOTES_HINT },
  comment: { what: say`a comment`, hint: say`Remove it: JSON has no comments.` },
  'odd-blank': { what: say`an invisible character`, hint: say`Put a space in its place.` },
  'bad-word': {
    what: say`not a JSON value`,
    expected: say`a text in double quotes, a number, true, false or null`,
  },
  'bad-number': {
    what: say`not a JSON number`,
    expected: say`digits without a sign +, and a digit on both sides of a point`,
  },
  'line-break': {
    what: say`a line break inside a text`,
    hint: say`Is a quote missing before it? A line break that is meant is written \\n.`,
  },
  control: { what: say`a control character inside a text` },
  'bad-escape': {
    what: say`a backslash that means nothing here`,
    hint: say`Write a backslash that is meant as two: \\\\.`,
  },
  'open-text': { what: say`a text begins here and does not end`, hint: say`Is a quote missing?` },
  end: { what: say`ends too early` },
  more: { what: say`something follows the value` },
  'duplicate-key': { what: say`a name stands twice in one object`, code: 'duplicate-key' },
  'lone-surrogate': { what: say`half of a character`, code: 'lone-surrogate' },
  'text-too-long': { what: say`the value is longer than the limit`, code: 'field-too-long' },
  'too-deep': {
    what: say`nested deeper than the limit`,
    expected: say`at most ${MOST_DEEP} levels`,
    code: 'too-deep',
  },
} as const satisfies Record<string, Words>;

export type FaultKind = keyof typeof words;

/** Faults of the text itself: where a quote is missing, it is these that show it first. */
const QUOTE_FAULTS: ReadonlySet<FaultKind> = new Set<FaultKind>(['line-break', 'bad-escape']);

/** The fault to tell when the text stopped to make sense: the one before it, when that is the likely cause. */
export function causeOf(fatal: Fault, faults: readonly Fault[]): Fault {
  const last = faults.at(-1);
  return last !== undefined && QUOTE_FAULTS.has(last.kind) && fatal.kind !== 'too-deep' ? last : fatal;
}

/** The code of a fault that has one of its own. */
export function ownCode({ kind }: Fault): IssueCode | undefined {
  const { code }: Words = words[kind];
  return code;
}

/** What they found is in their words, or cannot be seen. */
const UNSHOWN: ReadonlySet<FaultKind> = new Set<FaultKind>(['control', 'line-break', 'duplicate-key', 'odd-blank']);

/** A fault in words. `text`: what it was found in. */
export function describeFault(fault: Fault, text: string): IssueDetails & { readonly what: Phrase } {
  const kind = isVague(fault.kind) ? sharper(fault.kind, text, fault.at) : fault.kind;
  const { code: _code, ...details }: Words = words[kind];
  const got = fault.got ?? gotAt(kind, text, fault.at);
  const isShown = got !== '' && !UNSHOWN.has(kind);
  return { ...details, ...(isShown ? { got } : {}), ...special(kind, got) };
}

function isVague(kind: FaultKind): boolean {
  return kind === 'no-value' || kind === 'no-comma' || kind === 'no-colon' || kind === 'no-name' || kind === 'more';
}

/** What stands where something else belongs often says what its writer meant. */
function sharper(kind: FaultKind, text: string, at: number): FaultKind {
  const next = text[at] ?? '';
  if (next === "'" || next === '`') return 'single-quote';
  if (/[‘’“”„«»]/.test(next)) return 'curly-quote';
  if (next === '#' || /^\/[/*]/.test(text.slice(at, at + 2))) return 'comment';
  if (/[\s\u0000-\u001f\u200b\ufeff]/.test(next)) return 'odd-blank';
  if (kind === 'no-comma' && (next === ']' || next === '}')) return 'wrong-bracket';
  return kind;
}

function special(kind: FaultKind, got: string): IssueDetails {
  if (kind === 'duplicate-key') return { what: say`the name "${got}" stands twice in one object` };
  if (kind === 'control') return controlDetails(got);
  if (kind === 'odd-blank') return { what: say`an invisible character (U+${codeOf(got)})` };
  if (kind === 'bad-number' && /^[-+]?0\d/.test(got)) {
    return {
      what: say`a number with leading zeros`,
      expected: say`a number without them, or a text`,
      hint: say`Put it in double quotes if the zeros count: "${got}".`,
    };
  }
  if (kind !== 'bad-word') return {};
  if (/^(?:true|false)$/i.test(got)) return { hint: say`Write true and false in lower case.` };
  return /^(?:-?(?:nan|inf(?:inity)?)|none|nil|null|undefined)$/i.test(got)
    ? { hint: say`Write null, or leave the name out.` }
    : { hint: say`Put texts in double quotes.` };
}

function controlDetails(character: string): IssueDetails {
  if (character === '\t') return { what: say`a tab inside a text`, hint: say`Write it as \\t.` };
  const code = codeOf(character);
  const what = say`a control character (U+${code}) inside a text`;
  return { what, hint: say`Remove it, or write it as ${`\\u${code}`}.` };
}

function codeOf(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
}

const NEXT_WORD = /"[^"\r\n]{1,40}"?|[^\s,:[\]{}"]+|\S/y;

function gotAt(kind: FaultKind, text: string, at: number): string {
  if (kind === 'odd-blank') return text[at] ?? '';
  if (!isVague(kind)) return '';
  NEXT_WORD.lastIndex = at;
  return NEXT_WORD.exec(text)?.[0] ?? '';
}

/** Whether a character ends a number. */
export function isDelimiter(code: number): boolean {
  return Number.isNaN(code) || code === 44 || code === 125 || code === 93 || isBlank(code) || isOther(code);
}

function isBlank(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}

function isOther(code: number): boolean {
  return (
    code === 34 || code === 58 || code === 91 || code === 123 || (code > 127 && /\s/.test(String.fromCharCode(code)))
  );
}

/** Members of a refused record that are ours: they are there to be read by people, and are nobody's data. */
export function isReasonName(name: string): boolean {
  return /^dray_/i.test(name);
}
