import process from 'node:process';
import { benchCsv } from './csv.ts';
import { benchIntake } from './intake.ts';
import { benchLedger } from './ledger.ts';
import { benchMapping } from './mapping.ts';

const suites = { csv: benchCsv, mapping: benchMapping, ledger: benchLedger, intake: benchIntake };

// `npm run bench -- csv mapping` runs some of them.
const asked = process.argv.slice(2);
for (const [name, run] of Object.entries(suites)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  for (const figure of await run()) {
    process.stdout.write(`${figure.name.padEnd(60)} ${figure.value.toFixed(2).padStart(14)} ${figure.unit}\n`);
  }
}
