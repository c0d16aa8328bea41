/**
 * The EBCDIC code pages of mainframes and midrange machines. Both hold the same 256 characters, some of them in other
 * places: 037 is North America, Brazil, Portugal, Netherlands; 500 is Western Europe and what many gateways send.
 * `-nel`: not for mappings to choose; how a file is written back whose lines end in 0x15 rather than in 0x25.
 */
export const ebcdicEncodings = ['ebcdic-037', 'ebcdic-500'] as const;

/** NEL, the line end of mainframe text; files that came through other machines end their lines with {@link LF}. */
const NEL = 0x15;
const LF = 0x25;

const CONTROLS = [
  '\u0000\u0001\u0002\u0003\u009c\u0009\u0086\u007f\u0097\u008d\u008e\u000b\u000c\u000d\u000e\u000f',
  '\u0010\u0011\u0012\u0013\u009d\u000a\u0008\u0087\u0018\u0019\u0092\u008f\u001c\u001d\u001e\u001f',
  '\u0080\u0081\u0082\u0083\u0084\u000a\u0017\u001b\u0088\u0089\u008a\u008b\u008c\u0005\u0006\u0007',
  '\u0090\u0091\u0016\u0093\u0094\u0095\u0096\u0004\u0098\u0099\u009a\u009b\u0014\u0015\u009e\u001a',
].join('');
const LETTERS = [
  '{ABCDEFGHI\u00adôöòóõ',
  '}JKLMNOPQR¹ûüùúÿ',
  String.raw`\÷STUVWXYZ²ÔÖÒÓÕ`,
  '0123456789³ÛÜÙÚ\u009f',
].join('');

const tables: Readonly<Record<string, string>> = {
  'ebcdic-037': [
    CONTROLS,
    ' \u00a0âäàáãåçñ¢.<(+|',
    '&éêëèíîïìß!$*);¬',
    '-/ÂÄÀÁÃÅÇÑ¦,%_>?',
    'øÉÊËÈÍÎÏÌ`:#@\'="',
    'Øabcdefghi«»ðýþ±',
    '°jklmnopqrªºæ¸Æ¤',
    'µ~stuvwxyz¡¿ÐÝÞ®',
    '^£¥·©§¶¼½¾[]¯¨´×',
    LETTERS,
  ].join(''),
  'ebcdic-500': [
    CONTROLS,
    ' \u00a0âäàáãåçñ[.<(+!',
    '&éêëèíîïìß]$*);^',
    '-/ÂÄÀÁÃÅÇÑ¦,%_>?',
    'øÉÊËÈÍÎÏÌ`:#@\'="',
    'Øabcdefghi«»ðýþ±',
    '°jklmnopqrªºæ¸Æ¤',
    'µ~stuvwxyz¡¿ÐÝÞ®',
    '¢£¥·©§¶¼½¾¬|¯¨´×',
    LETTERS,
  ].join(''),
};

const NEL_VARIANT = /-nel$/;

/** The 256 characters of a code page by their bytes, both line ends as LF; undefined when the encoding is no EBCDIC. */
export function ebcdicTable(encoding: string): string | undefined {
  return tables[encoding.replace(NEL_VARIANT, '')];
}

/** The byte that a LF is written as. */
export function ebcdicLineEnd(encoding: string): number {
  return NEL_VARIANT.test(encoding) ? NEL : LF;
}

/** The encoding under which a file is written back with the line end it has; its first one decides. */
export function ebcdicVariant(encoding: string, head: Uint8Array): string {
  const nel = head.indexOf(NEL);
  const lf = head.indexOf(LF);
  return nel !== -1 && (lf === -1 || nel < lf) ? `${encoding}-nel` : encoding;
}

/** A decoder of a code page: every byte is text. */
export function createEbcdicReader(table: string): (bytes: Uint8Array) => string {
  const codes = Uint16Array.from(table, (character) => character.charCodeAt(0));
  return (bytes) => {
    const units = new Uint16Array(bytes.length);
    for (let index = 0; index < bytes.length; index++) units[index] = codes[bytes[index] ?? 0] ?? 0;
    return Buffer.from(units.buffer).toString('utf16le');
  };
}
