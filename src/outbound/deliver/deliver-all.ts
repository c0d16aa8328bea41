import type { Failure } from '../../core/failure.ts';
import type { Folder } from '../../core/folder.ts';
import type { OutboundFile } from '../../core/ledger.ts';
import { deliverFile, deliverMarker, type DeliveryParts } from './deliver.ts';

/** Does some work under a name; answers the failure that was met. What the work answers is trouble for people. */
export type Guarded = (name: string, work: () => Promise<string | undefined>) => Promise<Failure | undefined>;

const RELEASED_AT_ONCE = 100;

/** Files of a flow that cannot go out before their reader has taken the one that has the name of the first. */
export interface NameWait {
  readonly flow: string;
  readonly path: string;
  readonly files: number;
}

/**
 * Delivers everything that is built, markers behind their files. The files of a feed go out in their order: behind one
 * that cannot, or whose name is waited for, the others of its flow wait. Answers whose names are waited for.
 */
export async function deliverAll(
  folders: ReadonlyMap<string, Folder>,
  parts: DeliveryParts,
  guarded: Guarded,
  published: (file: OutboundFile) => void,
): Promise<readonly NameWait[]> {
  const blocked = new Set<string>();
  const waits = new Map<string, NameWait>();
  const inFolder = async (
    { flow, folder: name, path }: { flow: string; folder: string; path: string },
    work: (folder: Folder) => Promise<boolean>,
  ): Promise<void> => {
    let isDone = false;
    await guarded(`${name} ${path}`, async () => {
      const folder = folders.get(name);
      if (folder === undefined) return `the folder ${name} is no longer configured`;
      isDone = await work(folder);
      return undefined;
    });
    if (!isDone) blocked.add(flow);
  };
  await deliverMarkers(parts, blocked, inFolder);
  for (const file of await parts.ledger.unpublishedFiles()) {
    const { flow, path } = file;
    if (file.kind === 'feed' && blocked.has(flow)) {
      const wait = waits.get(flow);
      if (wait !== undefined) waits.set(flow, { ...wait, files: wait.files + 1 });
      continue;
    }
    await inFolder(file, async (folder) => {
      if ((await deliverFile(file, folder, parts)) === 'waiting') {
        waits.set(flow, { flow, path, files: 1 });
        return false;
      }
      published(file);
      return true;
    });
    if (file.markerPath !== undefined) await deliverMarkers(parts, blocked, inFolder);
  }
  for (const spool of await parts.ledger.releaseKept(parts.clock.now(), RELEASED_AT_ONCE))
    await parts.spool.remove(spool);
  return [...waits.values()];
}

type InFolder = (
  target: { flow: string; folder: string; path: string },
  work: (folder: Folder) => Promise<boolean>,
) => Promise<void>;

async function deliverMarkers(parts: DeliveryParts, blocked: ReadonlySet<string>, inFolder: InFolder): Promise<void> {
  for (const marker of await parts.ledger.unpublishedMarkers()) {
    if (blocked.has(marker.flow)) continue;
    await inFolder(marker, async (folder) => {
      await deliverMarker(marker, folder, parts);
      return true;
    });
  }
}
