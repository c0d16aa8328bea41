import module from 'node:module';
import process from 'node:process';
import v8 from 'node:v8';

// Records live for a moment: a young generation that stays small and an old one that grows slowly halve the memory of a
// large drop (1 000 000 orders: 425 to 207 MB) at no cost in time.
v8.setFlagsFromString('--semi-space-growth-factor=1');
v8.setFlagsFromString('--heap-growing-percent=20');
// Strips and compiles each file once per change rather than at every start.
module.enableCompileCache();
// A nightly batch starts often: what a command does not need is not loaded.
const { runCommand } = await import('./cli/index.ts');

// A pager that was closed or a full log partition must not end the work.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const code = await runCommand(process.argv.slice(2));
// What was written to a pipe may still wait for its reader.
const flushed = [process.stdout, process.stderr].map(
  (stream) => new Promise<void>((resolve) => stream.write('', () => resolve())),
);
await Promise.all(flushed);
process.exit(code);
