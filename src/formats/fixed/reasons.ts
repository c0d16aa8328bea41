import { issueCatalogue } from '../../core/issue-catalogue.ts';

const MARK = '#dray ';
const REASONS = /#dray ([a-z-]+)\s*(?:\|([^|]*)|$)/y;

/** The reasons that a reject sheet put behind a record. */
export interface Reasons {
  /** Where they begin in the line, the blank before them included. */
  readonly at: number;
  readonly code: string;
  readonly column: string;
}

/** Only one of our codes makes a mark; it may have been moved, since records are mended by hand. */
export function reasonsOf(text: string): Reasons | undefined {
  for (let at = text.indexOf(MARK); at !== -1; at = text.indexOf(MARK, at + 1)) {
    REASONS.lastIndex = at;
    const [, code = '', column = ''] = REASONS.exec(text) ?? [];
    if (Object.hasOwn(issueCatalogue, code)) return { at: text[at - 1] === ' ' ? at - 1 : at, code, column };
  }
  return undefined;
}

/** The record as it came before a reject sheet added its reasons. */
export function withoutReasons(text: string): string {
  return text.slice(0, reasonsOf(text)?.at);
}

/** Reasons as they stand behind a record. */
export function reasonsText(reasons: readonly string[]): string {
  const last = reasons.length - 1;
  const parts = reasons.map((reason, index) => {
    const line = reason.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ');
    return index === last ? line : line.replaceAll('|', '/');
  });
  return ` ${MARK}${parts.join('|')}`;
}
