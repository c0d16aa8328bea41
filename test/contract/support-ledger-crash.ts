/** Works with a ledger and is killed in the middle: `node support-ledger-crash.ts PATH`. */
import { openLedger } from '../../src/ledger/index.ts';
import { createTestClock, createTestLog, document, dropFile, receive } from './support-ledger.ts';

const [path = ''] = process.argv.slice(2);
const ledger = await openLedger({ path, clock: createTestClock(), log: createTestLog() });

await receive(ledger, 'received.csv', [document('A'), document('B')]);
await ledger.claimSubmissions('ctl', 1, 2_000_000);

const reading = await ledger.beginDrop('orders', 'erp', [dropFile('reading.csv')]);
await ledger.stageDocuments(reading.id, [document('C')]);
await ledger.stageRecords(reading.id, [{ part: '', seq: 0, line: 2, group: 'C', body: '{}' }]);

await ledger.storePage({ provider: 'ctl', feed: 'shipments', items: [{ identity: '1', body: '{}' }], cursor: '1' });
const snapshot = await ledger.beginSnapshot('ctl', 'inventory');
await ledger.storeSnapshotPage(snapshot, [{ identity: 'p', body: '{}' }]);
const { fileId } = await ledger.beginFile('confirmations');
await ledger.assignFacts(fileId, ['1']);

process.kill(process.pid, 'SIGKILL');
