import type { Clock } from '../../core/clock.ts';
import type { Drop, Ledger, Told } from '../../core/ledger.ts';
import { storable } from '../text.ts';
import type { Connection } from './connection.ts';
import { issuesText, toDrop, toIssues, writeFiles, type DropRow } from './rows.ts';
import type { Sources } from './sources.ts';
import { dropSql } from './sql/drops.ts';
import { clearStaged } from './staging.ts';

type DropMethods = Pick<
  Ledger,
  | 'beginDrop'
  | 'holdDrop'
  | 'forgetDrop'
  | 'beginSettling'
  | 'settleDrop'
  | 'unsettledDrops'
  | 'isHeld'
  | 'dropsToReport'
>;

/** The journey of a drop, except for the transaction that makes it `received`. */
export function dropMethods(connection: Connection, clock: Clock, sources: Sources): DropMethods {
  return {
    async beginDrop(flow, folder, files) {
      const path = storable((files.find(({ part }) => part === '') ?? files[0])?.path ?? '');
      return connection.write(() => {
        const open = connection.first<{ id: number }>(dropSql.reopen, flow, folder, path);
        const id = open?.id ?? connection.insert(dropSql.insert, flow, folder, path, clock.now());
        if (open !== undefined) clearStaged(connection, id);
        writeFiles(connection, id, files);
        return readDrop(connection, id);
      });
    },
    async holdDrop(dropId, issue) {
      connection.write(() => {
        if (isReading(connection, dropId)) clearStaged(connection, dropId);
        const changed = connection.run(dropSql.hold, JSON.stringify(issue), dropId);
        requireOne(changed, `drop ${dropId} cannot be held`);
      });
    },
    async forgetDrop(dropId) {
      connection.write(() => {
        if (!isReading(connection, dropId)) return;
        clearStaged(connection, dropId);
        connection.run(dropSql.forget, dropId);
      });
    },
    async beginSettling(dropId, targets) {
      connection.write(() => {
        requireOne(connection.run(dropSql.beginSettling, dropId), `drop ${dropId} is not received`);
        for (const [part, target] of targets) connection.run(dropSql.setTarget, storable(target), dropId, part);
      });
    },
    async settleDrop(dropId, issues, remembered = []) {
      const noteRemembered = connection.write(() => {
        const { folder = '', issues: known = '[]' } = connection.first<DropRow>(dropSql.byId, dropId) ?? {};
        const all = issuesText([...toIssues(known), ...issues]);
        requireOne(connection.run(dropSql.settle, all, clock.now(), dropId), `drop ${dropId} is not received`);
        return sources.remember(folder, remembered);
      });
      noteRemembered();
    },
    async unsettledDrops() {
      return connection.all<DropRow>(dropSql.unsettled).map((row) => toDrop(connection, row));
    },
    async isHeld(folder, path, fingerprint) {
      return connection.first(dropSql.isHeld, folder, storable(path), fingerprint) !== undefined;
    },
    async dropsToReport(limit) {
      return connection.all<DropRow>(dropSql.toReport, limit).map((row) => toDrop(connection, row));
    },
  };
}

function isReading(connection: Connection, dropId: number): boolean {
  return connection.first<{ state: string }>(dropSql.state, dropId)?.state === 'reading';
}

/** Inside the transaction that completes a report. */
export function noteTold(connection: Connection, dropId: number, { held, ended }: Told): void {
  for (const id of ended) connection.run(dropSql.noteTold, 0, id, dropId);
  for (const id of held) connection.run(dropSql.noteTold, 1, id, dropId);
  if (held.length > 0) connection.run(dropSql.noteOvertaken, dropId);
  connection.run(dropSql.reportAgain, dropId);
}

/** Inside the transaction that decides about a held submission: reports that called it held have more to tell. */
export function noteDecided(connection: Connection, submissionId: number): void {
  const told = connection.all<{ drop_id: number }>(dropSql.noteDecided, submissionId);
  for (const dropId of new Set(told.map(({ drop_id }) => drop_id))) connection.run(dropSql.reportAgain, dropId);
}

/** Turns a change that met no row into an error: the caller's picture of the ledger is wrong. */
export function requireOne(changed: number, problem: string): void {
  if (changed !== 1) throw new Error(problem);
}

/** @throws Error when there is no such drop. */
export function readDrop(connection: Connection, id: number): Drop {
  const row = connection.first<DropRow>(dropSql.byId, id);
  if (row === undefined) throw new Error(`drop ${id} does not exist`);
  return toDrop(connection, row);
}
