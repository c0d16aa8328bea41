import { Failure } from '../core/failure.ts';

/** Before each byte of a name that is not UTF-8; a plain `\` of a name, which must stay apart from it, is doubled. */
const MARK = '\\';

/**
 * The text of a file name given as bytes. Bytes that are no valid UTF-8 become `\xE9`, and a backslash `\\`, so that
 * {@link nameBytes} finds the same file again.
 */
export function nameText(bytes: Buffer): string {
  let text = '';
  let from = 0;
  while (from < bytes.length) {
    const length = validLength(bytes, from);
    if (length === 0) {
      text += `${MARK}x${(bytes[from] ?? 0).toString(16).toUpperCase().padStart(2, '0')}`;
      from++;
      continue;
    }
    const character = bytes.toString('utf8', from, from + length);
    text += character === MARK ? MARK + MARK : character;
    from += length;
  }
  return text;
}

/** The bytes of a name that {@link nameText} made. */
export function nameBytes(text: string): Buffer {
  if (!text.includes(MARK)) return Buffer.from(text);
  const parts = text.split(/(\\x[0-9A-F]{2}|\\\\)/);
  return Buffer.concat(
    parts.map((part) => {
      if (part === MARK + MARK) return Buffer.from(MARK);
      return /^\\x[0-9A-F]{2}$/.test(part) ? Buffer.from([Number.parseInt(part.slice(2), 16)]) : Buffer.from(part);
    }),
  );
}

/** How many bytes the character at an offset takes; 0 when there is no valid one. */
function validLength(bytes: Buffer, from: number): number {
  const lead = bytes[from] ?? 0;
  if (lead < 0x80) return 1;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 0;
  if (length === 0 || from + length > bytes.length) return 0;
  const part = bytes.subarray(from, from + length);
  return Buffer.from(part.toString('utf8')).equals(part) ? length : 0;
}

/**
 * Checks a path inside a folder: relative, `/` between names, no way out. An empty path is the folder itself.
 * @throws Failure bad-usage.
 */
export function checkPath(path: string): string {
  const names = path === '' ? [] : path.split('/');
  const isSafe = names.every((name) => name !== '' && name !== '.' && name !== '..' && !name.includes('\0'));
  if (!isSafe) throw new Failure('bad-usage', 'a path must stay inside its folder');
  return path;
}

/** Everything before the last `/`; empty for a name at the top. */
export function parentPath(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}
