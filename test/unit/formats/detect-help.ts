import type { Detection } from '../../../src/formats/detect/index.ts';
import { detectFile } from '../../../src/formats/detect/index.ts';

/** What is found out about some bytes, however they come. */
export function detect(content: string | Uint8Array, name = 'orders.csv', size = 64 * 1024): Promise<Detection> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return detectFile(
    {
      async *[Symbol.asyncIterator]() {
        for (let from = 0; from < bytes.length; from += size) {
          yield await Promise.resolve(bytes.subarray(from, from + size));
        }
      },
    },
    name,
  );
}

/** A detection on one line: the format, what is pinned, and after `?` what a person must look at. */
export function told({ format, options, points, issues }: Detection): string {
  const pinned = Object.entries(options).map(([name, value]) => `${name}=${short(value)}`);
  const unsure = points.filter(({ sureness }) => sureness === 'unsure').map(({ option }) => option);
  const parts = [format ?? '-', ...pinned, ...issues.map(({ code }) => code)];
  return parts.join(' ') + (unsure.length === 0 ? '' : ` ? ${unsure.join(' ')}`);
}

/** Long layouts by the number of their fields. */
function short(value: unknown): string {
  const text = JSON.stringify(value, (name, inner: unknown) => {
    const isLong = name === 'fields' && Object.keys(inner as object).length > 4;
    return isLong ? `${Object.keys(inner as object).length} fields` : inner;
  });
  return text.length > 100 && typeof value === 'object' && value !== null && !text.includes('"is"')
    ? `${Object.keys(value).length} fields`
    : text;
}
