/** Sequences, expected arrivals and incidents of inbound flows. */
export const controlMigration = `
  CREATE TABLE sequences (
    flow TEXT PRIMARY KEY,
    cycle INTEGER NOT NULL,
    number INTEGER NOT NULL,
    waiting_since INTEGER
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE sequence_numbers (
    flow TEXT NOT NULL,
    cycle INTEGER NOT NULL,
    number INTEGER NOT NULL,
    drop_id INTEGER NOT NULL REFERENCES drops ON DELETE CASCADE,
    PRIMARY KEY (flow, cycle, number)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX sequence_numbers_drop ON sequence_numbers (drop_id);

  CREATE TABLE expectations (
    flow TEXT PRIMARY KEY,
    judged_until INTEGER NOT NULL,
    is_met INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE arrivals (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    flow TEXT NOT NULL,
    drop_id INTEGER NOT NULL REFERENCES drops ON DELETE CASCADE,
    arrived_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX arrivals_flow ON arrivals (flow, id);
  CREATE INDEX arrivals_drop ON arrivals (drop_id);

  CREATE TABLE incidents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    flow TEXT NOT NULL,
    code TEXT NOT NULL CHECK (code IN ('file-overdue', 'sequence-gap')),
    subject TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    closed_at INTEGER
  ) STRICT;
  CREATE UNIQUE INDEX incidents_open ON incidents (flow, code, subject) WHERE closed_at IS NULL;
  CREATE INDEX incidents_open_newest ON incidents (id) WHERE closed_at IS NULL;
  `;
