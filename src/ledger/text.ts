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

// A byte order mark at the start of a body belongs to it.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Bodies are kept as bytes: TEXT would stop at a NUL. */
export function toBytes(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}

export function fromBytes(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
