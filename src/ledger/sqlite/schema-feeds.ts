/**
 * Migration 4: records of accepted submissions that are read one by one, and counts of which only the growth is written.
 * `accepted` numbers submissions in the order in which they were accepted, which is not that of their ids: who follows
 * them remembers one number. `building_counts` become `counts` with the file they belong to.
 */
export const feedMigration = `
  CREATE TABLE accepted (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    provider TEXT NOT NULL,
    operation TEXT NOT NULL,
    submission_id INTEGER NOT NULL REFERENCES submissions ON DELETE CASCADE
  ) STRICT;
  CREATE INDEX accepted_provider ON accepted (provider, id);
  CREATE INDEX accepted_submission ON accepted (submission_id);
  CREATE TRIGGER submissions_accepted AFTER UPDATE OF state ON submissions
  WHEN NEW.state = 'accepted' AND OLD.state <> 'accepted'
  BEGIN
    INSERT INTO accepted (provider, operation, submission_id) VALUES (NEW.provider, NEW.operation, NEW.id);
  END;
  INSERT INTO accepted (provider, operation, submission_id)
    SELECT provider, operation, id FROM submissions WHERE state = 'accepted' ORDER BY id;

  CREATE TABLE tracked (
    feed_id INTEGER NOT NULL REFERENCES feeds,
    submission_id INTEGER NOT NULL REFERENCES submissions ON DELETE CASCADE,
    due_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    is_open INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (feed_id, submission_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX tracked_due ON tracked (feed_id, due_at, submission_id) WHERE is_open = 1;
  CREATE INDEX tracked_ends ON tracked (feed_id, ends_at) WHERE is_open = 1;
  CREATE INDEX tracked_submission ON tracked (submission_id);

  CREATE TABLE counts (
    flow TEXT NOT NULL,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    count TEXT NOT NULL,
    told TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (flow, key, name)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE building_counts (
    file_id INTEGER NOT NULL REFERENCES outbound_files ON DELETE CASCADE,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    count TEXT NOT NULL,
    told TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (file_id, key, name)
  ) STRICT, WITHOUT ROWID;
  `;
