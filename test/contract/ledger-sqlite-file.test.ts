import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connect } from '../../src/ledger/sqlite/connection.ts';
import { migrate } from '../../src/ledger/sqlite/migrate.ts';
import { migrations } from '../../src/ledger/sqlite/schema.ts';
import { openLedger, openLedgerReader } from '../../src/ledger/index.ts';
import {
  claimOne,
  collect,
  createTestClock,
  createTestLog,
  document,
  dropFile,
  receive,
  temporaryDirectory,
} from './support-ledger.ts';

describe('the file of a SQLite ledger', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let path: string;
  let log: ReturnType<typeof createTestLog>;
  beforeEach(async () => {
    directory = await temporaryDirectory();
    path = join(directory.path, 'data', 'dray.db');
    log = createTestLog();
  });
  afterEach(() => directory.dispose());
  const openHere = () => openLedger({ path, clock: createTestClock(), log });

  test('is readable by its owner alone, with its directory and side files', async () => {
    const ledger = await openHere();
    await receive(ledger, 'a.csv', [document('A')]);
    const names = await readdir(join(directory.path, 'data'));
    expect(names.sort()).toEqual(['dray.db', 'dray.db-wal']);
    const modes = await Promise.all(
      names.map(async (name) => (await stat(join(directory.path, 'data', name))).mode & 0o777),
    );
    expect(modes).toEqual([0o600, 0o600]);
    expect((await stat(join(directory.path, 'data'))).mode & 0o777).toBe(0o700);
    await ledger.close();
  });

  test('belongs to one process: a second opener and a reader are told that it is locked', async () => {
    const ledger = await openHere();
    await expect(openHere()).rejects.toMatchObject({ code: 'ledger-locked' });
    await expect(openLedgerReader({ path })).rejects.toMatchObject({ code: 'ledger-locked' });
    await receive(ledger, 'a.csv', [document('A')]);
    await ledger.close();
    await (await openHere()).close();
  });

  test('can be read while no dray works with it, by several readers at once', async () => {
    const ledger = await openHere();
    const drop = await receive(ledger, 'a.csv', [document('A')]);
    await ledger.close();
    const [reader, other] = [await openLedgerReader({ path }), await openLedgerReader({ path })];
    expect((await reader.overview()).books).toMatchObject({ records: 1, waiting: 1 });
    expect((await other.documents({ key: 'A', limit: 5 }))[0]?.dropId).toBe(drop.id);
    expect((await other.drops({ name: 'A.C', limit: 5 })).length).toBe(1);
    expect(await other.drops({ name: 'zzz', limit: 5 })).toEqual([]);
    await reader.close();
    await other.close();
  });

  test('can be read after a kill before dray runs again, without losing what was in its log', async () => {
    await killedInTheMiddle(path);
    const reader = await openLedgerReader({ path });
    expect((await reader.overview()).submissions).toEqual({ sending: 1, ready: 1 });
    await reader.close();
    const ledger = await openHere();
    expect(await ledger.recoverSending()).toBe(1);
    await ledger.close();
  });

  test('is not created by a reader', async () => {
    await expect(openLedgerReader({ path })).rejects.toMatchObject({ code: 'ledger-unreachable' });
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('is refused when a newer dray wrote it, with both versions named', async () => {
    await (await openHere()).close();
    editFile((database) => database.exec('PRAGMA user_version = 99'));
    await expect(openHere()).rejects.toMatchObject({
      code: 'ledger-newer',
      message: expect.stringMatching(new RegExp(`schema 99.* up to ${migrations.length}`)),
    });
    await expect(openLedgerReader({ path })).rejects.toMatchObject({ code: 'ledger-newer' });
  });

  test.each(migrations.map((_sql, index) => index + 1))(
    'of schema %i is brought up to date and keeps what it holds',
    async (version) => {
      await mkdir(join(directory.path, 'data'));
      const earlier = connect({ path, isReadOnly: false, timeoutMs: 0 });
      migrate(earlier, migrations.slice(0, version));
      earlier.execute(`INSERT INTO folders (name, location) VALUES ('erp', '/srv/erp')`);
      earlier.close();
      const ledger = await openHere();
      expect(await ledger.isFolderKnown('erp', '/srv/erp')).toBe(true);
      await receive(ledger, 'a.csv', [document('A')], { sequence: { cycle: 0, number: 1 } });
      expect((await ledger.sequenceState('orders'))?.number).toBe(1);
      await ledger.close();
    },
  );

  test('of schema 2 knows its requests as complete ones, also those that were under way', async () => {
    await mkdir(join(directory.path, 'data'));
    const earlier = connect({ path, isReadOnly: false, timeoutMs: 0 });
    migrate(earlier, migrations.slice(0, 2));
    earlier.execute(`
      INSERT INTO drops (flow, folder, path, state, tries, first_seen_at) VALUES ('orders', 'erp', 'a', 'received', 1, 1);
      INSERT INTO submissions (drop_id, provider, operation, key, document_key, hash, attempts, state)
      VALUES (1, 'ctl', 'order.create', 'A', 'A', 'h', 1, 'sending');
      INSERT INTO requests VALUES (1, 'PUT', '/a', '{}', x'7b7d');
      INSERT INTO attempts (submission_id, attempt, purpose, may_have_arrived, started_at) VALUES (1, 1, 'send', 1, 1)`);
    earlier.close();
    const ledger = await openHere();
    expect(await ledger.recoverSending()).toBe(1);
    const request = { method: 'PUT', path: '/a', headers: {}, body: '{}' };
    expect(await claimOne(ledger)).toMatchObject({
      purpose: 'look-up',
      isPrepared: true,
      mayHaveArrived: true,
      request,
    });
    await ledger.close();
  });

  test('is refused when it is the database of another program', async () => {
    await mkdir(join(directory.path, 'data'));
    editFile((database) => database.exec('CREATE TABLE songs (title TEXT)'));
    await expect(openHere()).rejects.toMatchObject({ code: 'ledger-unreachable' });
    editFile((database) => expect(database.prepare('SELECT name FROM sqlite_schema').all()).toHaveLength(1));
  });

  test('is refused when it is no database, and when it cannot be created', async () => {
    await mkdir(join(directory.path, 'data'));
    await writeFile(path, 'this is not a database, '.repeat(100));
    await expect(openHere()).rejects.toMatchObject({ code: 'ledger-damaged' });
    await expect(
      openLedger({ path: join(path, 'below', 'x.db'), clock: createTestClock(), log }),
    ).rejects.toMatchObject({
      code: 'ledger-unreachable',
    });
  });

  test('is checked after an unclean end only, and refused when it is damaged', async () => {
    await killedInTheMiddle(path);
    await (await openHere()).close();
    expect(log.lines.filter(({ level }) => level === 'warn').length).toBe(1);
    await (await openHere()).close();
    expect(log.lines.filter(({ level }) => level === 'warn').length).toBe(1);
    editFile((database) => database.exec(`UPDATE ledger_state SET value = 0 WHERE name = 'clean'`));
    await damage(path);
    await expect(openHere()).rejects.toMatchObject({ code: 'ledger-damaged' });
  });

  test('after a kill holds all that was committed and nothing half-done', async () => {
    await killedInTheMiddle(path);
    const ledger = await openHere();
    expect((await ledger.overview()).submissions).toEqual({ sending: 1, ready: 1 });
    expect(await ledger.recoverSending()).toBe(1);
    expect(await claimOne(ledger)).toMatchObject({ key: 'A', purpose: 'look-up', mayHaveArrived: true });

    expect((await ledger.unsettledDrops()).map(({ state }) => state)).toEqual(['received', 'reading']);
    const reading = await ledger.beginDrop('orders', 'erp', [dropFile('reading.csv')]);
    expect(reading.tries).toBe(2);
    expect(await collect(ledger.stagedGroups(reading.id))).toEqual([]);
    expect(await ledger.stageDocuments(reading.id, [document('C')])).toBe(true);

    expect(await ledger.feedCursor('ctl', 'shipments')).toBe('1');
    expect(await ledger.itemsAfter('ctl', 'inventory', 0, 9)).toEqual([]);
    const file = await ledger.beginFile('confirmations');
    expect(file.sequence).toBe(1);
    expect(await ledger.assignFacts(file.fileId, ['1'])).toEqual([true]);
    await ledger.close();
  });

  test('stays small beside its log: the log is emptied at the end', async () => {
    const ledger = await openHere();
    await receive(ledger, 'a.csv', [document('A', { body: 'x'.repeat(1_000_000) })]);
    await ledger.close();
    expect(await readdir(join(directory.path, 'data'))).toEqual(['dray.db']);
  });

  function editFile(edit: (database: DatabaseSync) => void): void {
    const database = new DatabaseSync(path);
    edit(database);
    database.close();
  }
});

async function killedInTheMiddle(path: string): Promise<void> {
  const script = fileURLToPath(new URL('./support-ledger-crash.ts', import.meta.url));
  const child = spawn(process.execPath, [script, path], { stdio: ['ignore', 'inherit', 'inherit'] });
  const [, signal] = await once(child, 'exit');
  expect(signal).toBe('SIGKILL');
}

/** Overwrites pages behind the first one, which holds the header. */
async function damage(path: string): Promise<void> {
  const file = await open(path, 'r+');
  const { size } = await file.stat();
  const garbage = Buffer.alloc(4096, 0x5a);
  for (let position = 8192; position < size; position += 8192) await file.write(garbage, 0, garbage.length, position);
  await file.close();
}
