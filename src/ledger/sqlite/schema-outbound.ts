/**
 * Migration 5: several files of one run, files that replace one another, markers beside them, bytes that are kept for a
 * while, rows as they were last delivered, and what people ask of files. A run's files become `built` together, so there
 * may be several that are `building`.
 */
export const outboundMigration = `
  ALTER TABLE snapshots ADD COLUMN begun_at INTEGER;

  ALTER TABLE outbound_files ADD COLUMN document TEXT NOT NULL DEFAULT '';
  ALTER TABLE outbound_files ADD COLUMN replaces TEXT NOT NULL DEFAULT '';
  ALTER TABLE outbound_files ADD COLUMN archive_path TEXT NOT NULL DEFAULT '';
  ALTER TABLE outbound_files ADD COLUMN repeats_from TEXT NOT NULL DEFAULT '';
  ALTER TABLE outbound_files ADD COLUMN keep_ms INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE outbound_files ADD COLUMN kept_until INTEGER;
  ALTER TABLE outbound_files ADD COLUMN built_at INTEGER;
  ALTER TABLE outbound_files ADD COLUMN published_at INTEGER;
  ALTER TABLE outbound_files ADD COLUMN rewrites INTEGER NOT NULL DEFAULT 0;
  DROP INDEX outbound_files_building;
  CREATE INDEX outbound_files_building ON outbound_files (flow, sequence) WHERE state = 'building';
  CREATE INDEX outbound_files_kept ON outbound_files (kept_until) WHERE kept_until IS NOT NULL;

  CREATE INDEX items_document ON items (feed_id, snapshot_id, document_key, id);

  CREATE TABLE markers (
    file_id INTEGER PRIMARY KEY REFERENCES outbound_files ON DELETE CASCADE,
    path TEXT NOT NULL,
    temporary_path TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('built', 'written', 'published'))
  ) STRICT;
  CREATE INDEX markers_unpublished ON markers (file_id) WHERE state <> 'published';

  CREATE TABLE delivered_rows (
    flow TEXT NOT NULL,
    fact TEXT NOT NULL,
    cells TEXT NOT NULL,
    PRIMARY KEY (flow, fact)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE building_rows (
    file_id INTEGER NOT NULL REFERENCES outbound_files ON DELETE CASCADE,
    fact TEXT NOT NULL,
    cells TEXT NOT NULL,
    PRIMARY KEY (file_id, fact)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE recollections (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    flow TEXT NOT NULL,
    from_cursor TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    done_at INTEGER
  ) STRICT;
  CREATE INDEX recollections_open ON recollections (flow, id) WHERE done_at IS NULL;

  CREATE TABLE voids (
    flow TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    path TEXT NOT NULL,
    voided_at INTEGER NOT NULL,
    PRIMARY KEY (flow, sequence)
  ) STRICT, WITHOUT ROWID;
  `;
