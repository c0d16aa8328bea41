import type { IncomingMessage } from 'node:http';

/** Whether the header fields already say that a body is longer than allowed. */
export function announcesTooMuch({ headers }: IncomingMessage, longest: number): boolean {
  return Number(headers['content-length'] ?? 0) > longest;
}

/** The bytes of a body as they came; undefined when there are more than `longest`. Rejects when the sender goes away. */
export function readBytes(request: IncomingMessage, longest: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > longest) {
        // The rest stays unread: whoever sends without end waits, and holds no memory of ours.
        request.pause();
        resolve(undefined);
      } else chunks.push(chunk);
    });
    request.on('end', () => resolve(Buffer.concat(chunks, size)));
    request.on('error', reject);
    request.on('close', () => reject(new Error('the sender went away')));
  });
}
