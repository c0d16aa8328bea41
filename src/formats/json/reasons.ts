import { isJsonObject, type Json } from '../../core/json.ts';
import { isReasonName } from './faults.ts';
import { defineMember } from './values.ts';

/** Under this name stands a refused value that has no members for the reasons to be put among. */
export const VALUE_NAME = 'dray_value';

export interface Mended {
  readonly tree: Json;
  /** Whether the value was wrapped for its reasons. */
  readonly wasWrapped: boolean;
}

/** A value without the reasons of a reject sheet. */
export function withoutReasons(tree: Json): Mended {
  if (!isJsonObject(tree)) return { tree, wasWrapped: false };
  const names = Object.keys(tree);
  if (!names.some(isReasonName)) return { tree, wasWrapped: false };
  const own = names.filter((name) => !isReasonName(name));
  const value = Object.hasOwn(tree, VALUE_NAME) ? tree[VALUE_NAME] : undefined;
  if (own.length === 0 && value !== undefined) return { tree: value, wasWrapped: true };
  const mended: Record<string, Json> = {};
  for (const name of own) defineMember(mended, name, tree[name] ?? null);
  return { tree: mended, wasWrapped: false };
}

// Reasons are put first, as texts.
const OLD_REASON = /\s*"(dray_[^"\\]*)"\s*:\s*"(?:[^"\\]|\\.)*"\s*(,|(?=\}))/iy;

/** The text of a refused value with the reasons as its first members, and those of an earlier sheet taken out. */
export function addReasons(text: string, names: readonly string[], reasons: readonly string[]): string {
  const members = names.map((name, index) => `${JSON.stringify(name)}: ${JSON.stringify(reasons[index] ?? '')}`);
  if (!text.startsWith('{')) return `{${[...members, `"${VALUE_NAME}": ${text}`].join(', ')}}`;
  const rest = text.slice(endOfReasons(text));
  const [blanks = ''] = /^[ \t\r\n]*/.exec(rest) ?? [];
  // An object over several lines gets a line for each reason.
  const between = /[\r\n]/.test(blanks) ? `,${blanks}` : `, `;
  const lead = /[\r\n]/.test(blanks) ? blanks : '';
  const isEmpty = rest.startsWith('}', blanks.length);
  return `{${lead}${members.join(between)}${isEmpty ? rest : between + rest.slice(blanks.length)}`;
}

/** Offset behind the reasons an object begins with. */
function endOfReasons(text: string): number {
  let end = 1;
  for (;;) {
    OLD_REASON.lastIndex = end;
    const found = OLD_REASON.exec(text);
    if (found === null || found[1]?.toLowerCase() === VALUE_NAME) return end;
    end = OLD_REASON.lastIndex;
  }
}
