/**
 * A text that a database returns exactly as it got it. NUL and lone surrogates do not survive in TEXT columns, so the
 * few texts that hold them are stored as JSON strings; a leading quote marks those.
 */
export function storable(text: string): string {
  return text.isWellFormed() && !text.includes('\0') && !text.startsWith('"') ? text : JSON.stringify(text);
}

/** Undoes {@link storable}. */
export function restored(text: string): string {
  return text.startsWith('"') ? (JSON.parse(text) as string) : text;
}

const decoder = new TextDecoder();

/** Bodies are kept as bytes: TEXT would stop at a NUL. */
export function toBytes(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}

export function fromBytes(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
