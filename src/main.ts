import module from 'node:module';
import process from 'node:process';

// Strips and compiles each file once per change rather than at every start.
module.enableCompileCache();
// A nightly batch starts often: what a command does not need is not loaded.
const { runCommand } = await import('./cli/index.ts');

// A pager that was closed or a full log partition must not end the work.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

process.exit(await runCommand(process.argv.slice(2)));
