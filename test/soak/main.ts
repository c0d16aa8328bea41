import process from 'node:process';
import { parseArgs } from 'node:util';
import { runBig } from './big.ts';
import { runFiles } from './files.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string' },
    files: { type: 'string', default: '10000' },
    format: { type: 'string' },
    path: { type: 'string' },
    size: { type: 'string' },
    only: { type: 'string' },
  },
});

// `npm run soak`: generated files. `npm run soak -- big`: files of gigabytes.
const isWell = positionals[0] === 'big' ? await runBig(values.size, values.only) : await runFiles(values);
process.exitCode = isWell ? 0 : 1;
