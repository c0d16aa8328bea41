const DECIMAL = /^\d+$/;
const WIDTH = 20;

/**
 * A form of a decimal index whose text order is its numeric order. Indexes pass 2^53, where INTEGER columns can no longer be
 * read as numbers; 20 digits hold every unsigned 64-bit value.
 */
export function sortableIndex(index: string): string {
  return DECIMAL.test(index) ? index.replace(/^0+(?=\d)/, '').padStart(WIDTH, '0') : index;
}

/** Whether a cursor would move back. Opaque cursors have no order: they always move on. */
export function isBehind(next: string, current: string): boolean {
  if (!DECIMAL.test(next) || !DECIMAL.test(current)) return false;
  const [a, b] = [sortableIndex(next), sortableIndex(current)];
  return a.length === b.length ? a < b : a.length < b.length;
}
