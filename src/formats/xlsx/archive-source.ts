import { RandomAccessReader } from 'yauzl';
import type { RandomAccess } from '../../core/format.ts';
import { say, type Phrase } from '../../core/text.ts';
import { damaged } from './refusal.ts';

/** What yauzl reads an archive from, and a guard around each thing it is asked to do. */
export interface Source {
  readonly reader: RandomAccessReader;
  /**
   * Runs a step of yauzl: what the access threw is thrown as it is, whatever else is a damaged workbook. yauzl calls back from
   * deep inside and may throw there for a crafted archive; no such error gets past this.
   */
  guard<T>(step: () => Promise<T>, otherwise: Phrase): Promise<T>;
}

/** The type of yauzl leaves out the second argument that it needs. */
type Callback = (error: Error | null, read: number) => void;

export function createSource(access: RandomAccess): Source {
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => undefined);
  let trouble: { readonly error: unknown } | undefined;
  const find = async (position: number, length: number): Promise<Uint8Array> => {
    const isInside = position >= 0 && position + length <= access.size;
    try {
      return isInside ? await access.read(position, length) : new Uint8Array();
    } catch (error) {
      trouble = { error };
      return new Uint8Array();
    }
  };
  const serve = async (find: Promise<Uint8Array>, take: (bytes: Uint8Array) => void): Promise<void> => {
    try {
      take(await find);
    } catch (error) {
      broken.reject(error);
    }
  };
  const read: RandomAccessReader['read'] = (buffer, offset, length, position, callback) => {
    void serve(find(position, length), (bytes) => {
      buffer.set(bytes, offset);
      (callback as Callback)(null, bytes.length);
    });
  };
  return {
    reader: createReader(read),
    async guard(step, otherwise) {
      try {
        return await Promise.race([step(), broken.promise]);
      } catch (error) {
        if (trouble !== undefined) throw trouble.error;
        throw damaged(sayWhy(error) ?? otherwise);
      }
    },
  };
}

function createReader(read: RandomAccessReader['read']): RandomAccessReader {
  class Reader extends RandomAccessReader {
    override read = read;
    // Whoever opened the access closes it.
    override close(callback: (error: Error | null) => void): void {
      callback(null);
    }
  }
  return new Reader();
}

/** The texts of yauzl quote names of the archive: only these two are told apart. */
function sayWhy(error: unknown): Phrase | undefined {
  const text = error instanceof Error ? error.message : '';
  if (/^(invalid relative path|absolute path|invalid characters)/.test(text)) return say`it names files outside itself`;
  return text.includes('encrypt') ? say`it is encrypted` : undefined;
}
