/** The name of a column without what people do to names: case, spaces, a byte order mark. */
export function forgivingName(name: string): string {
  return name
    .normalize('NFC')
    .replaceAll(/[\s\ufeff]+/g, '')
    .toLowerCase();
}
