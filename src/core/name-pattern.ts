/** A file name with places in braces: `SalesOrders{rest}.csv`, `{OrderNo}_{Type}.pdf`. Each place is one or more letters. */
const PLACE = /\{([A-Za-z]+)\}/g;

/** Names between braces, in their order. */
export function namePlaces(pattern: string): string[] {
  return [...pattern.matchAll(PLACE)].map(([, name = '']) => name);
}

/** What stands at each place of a name; undefined when it does not fit. Of several ways to fit, the first places are short. */
export function captureName(pattern: string, fileName: string): Map<string, string> | undefined {
  const literal = pattern.split(/\{[A-Za-z]+\}/).map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const match = new RegExp(`^${literal.join('([^/]*?)')}$`).exec(fileName);
  return match === null ? undefined : new Map(namePlaces(pattern).map((name, index) => [name, match[index + 1] ?? '']));
}

/** The pattern with its places filled; `absent` stands where there is nothing to fill one with. */
export function fillName(pattern: string, captured: ReadonlyMap<string, string>, absent = ''): string {
  return pattern.replace(PLACE, (_all, name: string) => captured.get(name) ?? absent);
}

/** A name without what reject sheets have in theirs: `BOL-17.rejected.pdf` and `BOL-17.4-1.rejected.pdf` as `BOL-17.pdf`. */
export function withoutRejectMark(fileName: string): string {
  return fileName.replace(/(\.\d+(-\d+)?)?\.rejected(?=(\.[^.]*)?$)/, '');
}
