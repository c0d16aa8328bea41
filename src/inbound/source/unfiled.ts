import { isFailure } from '../../core/failure.ts';
import type { Folder } from '../../core/folder.ts';
import type { Drop, DropFile } from '../../core/ledger.ts';
import { claimedPath } from './claimed-path.ts';
import type { Picked } from './intake.ts';

/** Originals of received drops that could not be filed and still lie under their names, by path. */
export type Unfiled = ReadonlyMap<string, readonly UnfiledFile[]>;

export interface UnfiledFile {
  readonly drop: number;
  readonly fingerprint: string;
  readonly hash: string;
}

/** What files are to drops whose originals could not be filed. */
export type Standing =
  /** A drop of their own. */
  | 'new'
  /** What was received as this drop; nobody waits for it. */
  | { readonly drop: number; readonly why?: undefined }
  /** Some of them belong to that drop and some came after it. */
  | { readonly drop: number; readonly why: string };

/**
 * Notes the files of a drop. One that dray has under a name of its own in the `folder` is none of them: what has its name
 * came later.
 */
export async function noteUnfiled(
  found: Map<string, UnfiledFile[]>,
  { id, state, files }: Pick<Drop, 'id' | 'state' | 'files'>,
  folder: Folder | undefined,
): Promise<void> {
  for (const file of files) {
    if (folder !== undefined && state === 'settling' && (await isClaimed(id, file, folder))) continue;
    const { path, fingerprint, hash } = file;
    found.set(path, [...(found.get(path) ?? []), { drop: id, fingerprint, hash }]);
  }
}

async function isClaimed(id: number, file: DropFile, folder: Folder): Promise<boolean> {
  try {
    return (await folder.stat(claimedPath(id, file))) !== undefined;
  } catch (error) {
    if (isFailure(error)) return false;
    throw error;
  }
}

/** `touched`: fingerprints of files that were found to hold the bytes of a drop that is not filed. */
export function standingOf(picked: Picked, unfiled: Unfiled, touched?: ReadonlyMap<string, string>): Standing {
  let drop: number | undefined;
  let isAnyNew = false;
  for (const { path, fingerprint } of picked.values()) {
    const known = unfiled.get(path) ?? [];
    const isTouched = touched?.get(path) === fingerprint;
    const same = known.find((file) => isTouched || file.fingerprint === fingerprint);
    if (same === undefined) isAnyNew = true;
    else drop ??= same.drop;
  }
  if (drop === undefined) return 'new';
  return isAnyNew ? { drop, why: `waits until drop ${drop} is filed, some of whose files are still there` } : { drop };
}

/** Whether files hold the bytes of originals that could not be filed: only something about them has changed. */
export function isUnfiled(files: readonly DropFile[], unfiled: Unfiled): boolean {
  return files.every(({ path, hash }) => unfiled.get(path)?.some((file) => file.hash === hash) === true);
}
