import type { DropFile } from '../../core/ledger.ts';
import { directoryOf } from '../flow.ts';

/** The name an original has while it is filed: only dray uses it. */
export function claimedPath(id: number, { path, part }: Pick<DropFile, 'path' | 'part'>): string {
  return `${directoryOf(path)}.dray-${id}${part === '' ? '' : `-${part}`}.claim`;
}
