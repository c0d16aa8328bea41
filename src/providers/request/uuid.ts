import { createHash } from 'node:crypto';

// Ours alone, so that no other program's names collide with these. RFC 9562 §5.5.
const NAMESPACE = Buffer.from('6f0c1d5e7a3b5c9e8d21a4b60f9e3c77', 'hex');

/** UUID version 5 of a key of ours: the same on every attempt, in every process. */
export function uuidOf(provider: string, operation: string, key: string): string {
  const name = JSON.stringify([provider, operation, key]);
  const bytes = createHash('sha1').update(NAMESPACE).update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
