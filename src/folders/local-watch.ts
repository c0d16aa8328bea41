import { watch } from 'chokidar';

/**
 * Wakes when something may have changed. No more than a hint: events are lost on overflow, under mounts and on network
 * drives, so a full listing decides. Trouble with watching is itself a reason to look, and nothing else.
 */
export async function watchDirectories(
  directories: readonly string[],
  wake: () => void,
): Promise<{ close(): Promise<void> }> {
  const watcher = watch([...directories], {
    ignoreInitial: true,
    followSymlinks: false,
    atomic: false,
    ignorePermissionErrors: true,
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  watcher.on('all', wake);
  watcher.on('error', wake);
  watcher.once('ready', resolve);
  watcher.once('error', () => resolve());
  await promise;
  return { close: () => watcher.close() };
}
