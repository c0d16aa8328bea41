import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository } from '../dray.ts';

/** A bug to plant: text of the source, and what takes its place. */
export interface PlantedBug {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** Copies the program and plants a bug in the copy. @throws Error when the source no longer reads as the bug expects. */
export async function plantBug({
  file,
  find,
  replace,
}: PlantedBug): Promise<{ tree: string; remove(): Promise<void> }> {
  const source = await readFile(join(repository, file), 'utf8');
  const places = source.split(find).length - 1;
  if (places !== 1) throw new Error(`${file} holds the text to change ${places} times, not once:\n${find}`);
  const tree = await mkdtemp(join(tmpdir(), 'dray-planted-'));
  await cp(join(repository, 'src'), join(tree, 'src'), { recursive: true });
  await cp(join(repository, 'package.json'), join(tree, 'package.json'));
  for (const name of ['node_modules', 'mappings']) await symlink(join(repository, name), join(tree, name));
  await writeFile(
    join(tree, file),
    source.replace(find, () => replace),
  );
  return { tree, remove: () => rm(tree, { recursive: true, force: true }) };
}

/** The original leaves its place before the transaction that makes its documents safe. */
export const moveBeforeFlip: PlantedBug = {
  file: 'src/inbound/source/intake.ts',
  find: `    await ledger.receiveDrop(drop.id, isReceiptWanted ? { ...receipt, isReceiptWanted } : receipt);\n`,
  replace: `    for (const { path } of files) await flow.folder.claim(path, \`\${flow.directory}/.dray-\${drop.id}.claim\`);
    await ledger.receiveDrop(drop.id, isReceiptWanted ? { ...receipt, isReceiptWanted } : receipt);\n`,
};

/** A file that is not there under its final name is taken for one that was never published. */
export const publishAgain: PlantedBug = {
  file: 'src/outbound/deliver/deliver.ts',
  find: `    if (file.state !== 'written' || !isFailure(error, 'file-gone')) throw error;\n`,
  replace: `    if (file.state !== 'written' || !isFailure(error, 'file-gone')) throw error;
    if ((await folder.stat(file.path)) === undefined) {
      await folder.writeTemporary(file.temporaryPath, parts.spool.read(file.spool));
      await folder.publish(file.temporaryPath, file.path);
    }\n`,
};
