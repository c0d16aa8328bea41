import type { Bytes } from '../../core/format.ts';
import type { Drop, DropFile, FileContent } from '../../core/ledger.ts';
import { baseName, freeName, splitName, type InboundFlow, type InboundParts } from '../flow.ts';
import { isFirst } from './report-outcomes.ts';

const SUFFIXES = { received: '.received', result: '.result', rejects: '.rejected' } as const;

/** What an answer is made of. */
export interface Answer {
  readonly kind: keyof typeof SUFFIXES;
  readonly extension: string;
  readonly bytes: Bytes;
  /** Asked when all bytes are there. */
  readonly rows: () => number;
}

/** An answer that lies in the spool. */
export type KeptAnswer<Kind extends Answer['kind'] = 'result' | 'rejects'> = FileContent & { readonly kind: Kind };

/** Keeps the bytes of an answer to a file of a drop, with the name it will have. */
export async function keepAnswer<A extends Answer>(
  drop: Drop,
  file: DropFile,
  { kind, extension, bytes, rows }: A,
  flow: InboundFlow,
  parts: InboundParts,
): Promise<KeptAnswer<A['kind']>> {
  const { spool, hash, size } = await parts.spool.keep(bytes);
  const folder = flow.resultsFolder ?? flow.folder;
  // A name is never used twice, even when its first file was taken away long ago.
  const isFree = async (path: string): Promise<boolean> =>
    !(await parts.ledger.isNameUsed(folder.name, path)) && (await folder.stat(path)) === undefined;
  const { stem } = splitName(baseName(file.path));
  const path = await freeName(flow.results, `${stem}.${extension}`, drop.id, isFree, SUFFIXES[kind]);
  // An earlier report may not be out yet.
  const mark = isFirst(drop) ? '' : `.${(drop.reports ?? 0) + 1}`;
  const temporaryPath = `${flow.results}/.dray-${drop.id}${mark}-${kind}${file.part === '' ? '' : `-${file.part}`}.tmp`;
  return { kind, folder: folder.name, path, temporaryPath, spool, hash, size, rows: rows() };
}
