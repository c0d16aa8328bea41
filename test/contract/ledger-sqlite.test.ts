import { join } from 'node:path';
import { describe } from 'vitest';
import type { Ledger } from '../../src/core/ledger.ts';
import { openLedger } from '../../src/ledger/index.ts';
import { ackContract } from './support-ledger-acks.ts';
import { booksContract } from './support-ledger-books.ts';
import { changeContract } from './support-ledger-changes.ts';
import { controlContract } from './support-ledger-controls.ts';
import { dropContract } from './support-ledger-drops.ts';
import { outboundContract } from './support-ledger-outbound.ts';
import { receiveContract } from './support-ledger-receive.ts';
import { recoveryContract } from './support-ledger-recovery.ts';
import { sourceContract } from './support-ledger-sources.ts';
import { submissionContract } from './support-ledger-submissions.ts';
import { createTestClock, createTestLog, temporaryDirectory, type LedgerFixture } from './support-ledger.ts';

describe('the SQLite ledger', () => {
  dropContract(createFixture);
  receiveContract(createFixture);
  submissionContract(createFixture);
  changeContract(createFixture);
  recoveryContract(createFixture);
  outboundContract(createFixture);
  booksContract(createFixture);
  controlContract(createFixture);
  ackContract(createFixture);
  sourceContract(createFixture);
});

async function createFixture(): Promise<LedgerFixture> {
  const directory = await temporaryDirectory();
  const options = { path: join(directory.path, 'dray.db'), clock: createTestClock(), log: createTestLog() };
  let ledger: Ledger = await openLedger(options);
  return {
    clock: options.clock,
    get ledger() {
      return ledger;
    },
    async reopen() {
      await ledger.close();
      ledger = await openLedger(options);
      return ledger;
    },
    async dispose() {
      await ledger.close();
      await directory.dispose();
    },
  };
}
