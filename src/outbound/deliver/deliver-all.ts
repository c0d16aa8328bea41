import type { Failure } from '../../core/failure.ts';
import type { Folder } from '../../core/folder.ts';
import type { OutboundFile } from '../../core/ledger.ts';
import { deliverFile, deliverMarker, type DeliveryParts } from './deliver.ts';

/** Does some work under a name; answers the failure that was met. What the work answers is trouble for people. */
export type Guarded = (name: string, work: () => Promise<string | undefined>) => Promise<Failure | undefined>;

const RELEASED_AT_ONCE = 100;

/**
 * Delivers everything that is built, markers behind their files. The files of a feed go out in their order: behind one
 * that cannot, or whose name is waited for, the others of its flow wait.
 */
export async function deliverAll(
  folders: ReadonlyMap<string, Folder>,
  parts: DeliveryParts,
  guarded: Guarded,
  published: (file: OutboundFile) => void,
): Promise<void> {
  const blocked = new Set<string>();
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
    if (file.kind === 'feed' && blocked.has(file.flow)) continue;
    await inFolder(file, async (folder) => {
      if ((await deliverFile(file, folder, parts)) === 'waiting') return false;
      published(file);
      return true;
    });
    if (file.markerPath !== undefined) await deliverMarkers(parts, blocked, inFolder);
  }
  for (const spool of await parts.ledger.releaseKept(parts.clock.now(), RELEASED_AT_ONCE))
    await parts.spool.remove(spool);
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
