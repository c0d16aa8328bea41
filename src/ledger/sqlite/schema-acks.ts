/**
 * Receipts of drops, and what becomes of files after they went out: gone from their name (`left_at`), answered by their reader
 * (`answered_at`), and what that answer is. `up_to` of an incident: files published up to then are counted in it. Nothing
 * refers to incidents, so their table is made anew for its codes.
 */
export const acknowledgementMigration = `
  ALTER TABLE drops ADD COLUMN receipt INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX drops_receipt ON drops (id) WHERE receipt = 1;

  ALTER TABLE outbound_files ADD COLUMN is_receipt INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE outbound_files ADD COLUMN left_at INTEGER;
  ALTER TABLE outbound_files ADD COLUMN answered_at INTEGER;
  ALTER TABLE outbound_files ADD COLUMN name TEXT
    GENERATED ALWAYS AS (substr(path, length(rtrim(path, replace(path, '/', ''))) + 1)) VIRTUAL;
  CREATE INDEX outbound_files_name ON outbound_files (flow, name, id) WHERE kind = 'feed';
  CREATE INDEX outbound_files_sequence ON outbound_files (flow, sequence, id) WHERE kind = 'feed';
  CREATE INDEX outbound_files_lying ON outbound_files (flow, published_at, id)
    WHERE kind = 'feed' AND state = 'published' AND left_at IS NULL;
  CREATE INDEX outbound_files_unanswered ON outbound_files (flow, published_at, id)
    WHERE kind = 'feed' AND state = 'published' AND answered_at IS NULL;

  CREATE TABLE awaited (
    flow TEXT NOT NULL,
    code TEXT NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (flow, code)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE acknowledgements (
    file_id INTEGER PRIMARY KEY REFERENCES outbound_files ON DELETE CASCADE,
    flow TEXT NOT NULL,
    is_accepted INTEGER NOT NULL,
    is_closed INTEGER NOT NULL DEFAULT 0,
    message TEXT NOT NULL,
    said_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX acknowledgements_declined ON acknowledgements (flow, file_id) WHERE is_accepted = 0 AND is_closed = 0;

  CREATE TABLE incidents_anew (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    flow TEXT NOT NULL,
    code TEXT NOT NULL
      CHECK (code IN (
        'file-overdue', 'sequence-gap', 'file-uncollected', 'file-unacknowledged', 'file-declined', 'records-unread')),
    subject TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    closed_at INTEGER,
    up_to INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  INSERT INTO incidents_anew (id, flow, code, subject, opened_at, closed_at)
    SELECT id, flow, code, subject, opened_at, closed_at FROM incidents ORDER BY id;
  DROP TABLE incidents;
  ALTER TABLE incidents_anew RENAME TO incidents;
  CREATE UNIQUE INDEX incidents_open ON incidents (flow, code, subject) WHERE closed_at IS NULL;
  CREATE INDEX incidents_open_newest ON incidents (id) WHERE closed_at IS NULL;
  `;
