import type { Connection } from './connection.ts';
import { stagingSql } from './sql/staging.ts';

// What SQLite keeps in memory for one statement, the rows it is about to change, must not grow with the drop.
const ROWS = 20_000;

/** Goes over the submissions of a drop in ranges of their ids: above `from`, up to and with `to`. */
export function forSubmissions(connection: Connection, dropId: number, work: (from: number, to: number) => void): void {
  let from = 0;
  for (;;) {
    const to = connection.first<{ id: number | null }>(stagingSql.submissionsUpTo, dropId, from, ROWS)?.id ?? null;
    if (to === null) return;
    work(from, to);
    from = to;
  }
}

/** Deletes all rows a statement finds, some at a time; its parameters are the drop and how many. */
export function deleteAll(connection: Connection, sql: string, dropId: number): void {
  while (connection.run(sql, dropId, ROWS) > 0);
}
