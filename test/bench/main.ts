import process from 'node:process';
import { benchCsv } from './csv.ts';
import { benchIntake } from './intake.ts';
import { benchInventory } from './inventory.ts';
import { benchLedger } from './ledger.ts';
import { benchMapping } from './mapping.ts';
import { benchSftp } from './sftp.ts';
import { benchTake } from './take.ts';
import { benchWebhooks } from './webhooks.ts';

const suites = {
  csv: benchCsv,
  mapping: benchMapping,
  ledger: benchLedger,
  intake: benchIntake,
  sftp: benchSftp,
  take: benchTake,
  inventory: benchInventory,
  webhooks: benchWebhooks,
};

// `npm run bench -- csv mapping` runs some of them.
const asked = process.argv.slice(2);
for (const [name, run] of Object.entries(suites)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  for (const figure of await run()) {
    process.stdout.write(`${figure.name.padEnd(60)} ${figure.value.toFixed(2).padStart(14)} ${figure.unit}\n`);
  }
}
