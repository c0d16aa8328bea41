/** A kind of file that can be told by its bytes. */
interface Kind {
  readonly mediaType: string;
  /** Alternatives of what its first bytes are. */
  readonly starts: readonly (readonly number[])[];
  /** What names of such files end with. */
  readonly extensions: readonly string[];
}

const ascii = (text: string): readonly number[] => [...Buffer.from(text, 'latin1')];

const KINDS: readonly Kind[] = [
  { mediaType: 'application/pdf', starts: [ascii('%PDF-')], extensions: ['pdf'] },
  { mediaType: 'image/png', starts: [[0x89, ...ascii('PNG\r\n\u001a\n')]], extensions: ['png'] },
  { mediaType: 'image/jpeg', starts: [[0xff, 0xd8, 0xff]], extensions: ['jpg', 'jpeg'] },
  { mediaType: 'image/gif', starts: [ascii('GIF87a'), ascii('GIF89a')], extensions: ['gif'] },
  {
    mediaType: 'image/tiff',
    starts: [
      [0x49, 0x49, 0x2a, 0],
      [0x4d, 0x4d, 0, 0x2a],
    ],
    extensions: ['tif', 'tiff'],
  },
  {
    mediaType: 'application/zip',
    starts: [ascii('PK\u0003\u0004'), ascii('PK\u0005\u0006')],
    extensions: ['zip', 'xlsx', 'docx'],
  },
  { mediaType: 'application/gzip', starts: [[0x1f, 0x8b]], extensions: ['gz'] },
  { mediaType: 'application/msword', starts: [[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]], extensions: ['doc'] },
];

const TEXT = 'text/plain';
export const UNKNOWN = 'application/octet-stream';

/** What a file is, by its first bytes. */
export function mediaTypeOf(head: Uint8Array): string {
  const kind = KINDS.find(({ starts }) => starts.some((start) => start.every((byte, at) => head[at] === byte)));
  if (kind !== undefined) return kind.mediaType;
  return head.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte === 0x1b) ? TEXT : UNKNOWN;
}

/** What a file is said to be by the end of its name; undefined for ends that say nothing we could check. */
export function saidMediaType(fileName: string): string | undefined {
  const [, extension = ''] = /\.([^.]+)$/.exec(fileName) ?? [];
  return KINDS.find(({ extensions }) => extensions.includes(extension.toLowerCase()))?.mediaType;
}
