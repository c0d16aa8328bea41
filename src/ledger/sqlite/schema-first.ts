/** The books of drops, submissions, feeds and outbound files. Narrow rows that change often are kept apart from the wide ones. */
export const firstMigration = `
  CREATE TABLE ledger_state (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE drops (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    flow TEXT NOT NULL,
    folder TEXT NOT NULL,
    path TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('reading', 'received', 'settling', 'settled', 'held')),
    tries INTEGER NOT NULL,
    is_refused INTEGER NOT NULL DEFAULT 0,
    is_reported INTEGER NOT NULL DEFAULT 0,
    issues TEXT NOT NULL DEFAULT '[]',
    records INTEGER NOT NULL DEFAULT 0,
    ignored INTEGER NOT NULL DEFAULT 0,
    accepted INTEGER NOT NULL DEFAULT 0,
    rejected INTEGER NOT NULL DEFAULT 0,
    held INTEGER NOT NULL DEFAULT 0,
    waiting INTEGER NOT NULL DEFAULT 0,
    open_documents INTEGER NOT NULL DEFAULT 0,
    first_seen_at INTEGER NOT NULL,
    received_at INTEGER,
    settled_at INTEGER
  ) STRICT;
  CREATE UNIQUE INDEX drops_reading ON drops (flow, folder, path) WHERE state = 'reading';
  CREATE INDEX drops_held ON drops (folder) WHERE state = 'held';
  CREATE INDEX drops_unsettled ON drops (id) WHERE state IN ('reading', 'received', 'settling');
  CREATE INDEX drops_to_report ON drops (id) WHERE received_at IS NOT NULL AND open_documents = 0 AND is_reported = 0;
  CREATE INDEX drops_unfinished ON drops (id) WHERE state <> 'settled' OR is_reported = 0;

  CREATE TABLE drop_files (
    drop_id INTEGER NOT NULL REFERENCES drops ON DELETE CASCADE,
    position INTEGER NOT NULL,
    part TEXT NOT NULL,
    path TEXT NOT NULL,
    size INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    hash TEXT NOT NULL,
    spool TEXT NOT NULL,
    target TEXT NOT NULL,
    PRIMARY KEY (drop_id, position)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE staged_records (
    id INTEGER PRIMARY KEY,
    drop_id INTEGER NOT NULL REFERENCES drops ON DELETE CASCADE,
    part TEXT NOT NULL,
    is_companion INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    line INTEGER NOT NULL,
    group_key TEXT NOT NULL,
    body BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX staged_records_order ON staged_records (drop_id, is_companion, part, seq, group_key);
  CREATE INDEX staged_records_group ON staged_records (drop_id, group_key, is_companion, part, seq);

  CREATE TABLE submissions (
    id INTEGER PRIMARY KEY,
    drop_id INTEGER NOT NULL REFERENCES drops,
    turn INTEGER NOT NULL DEFAULT 0,
    provider TEXT NOT NULL,
    operation TEXT NOT NULL,
    key TEXT NOT NULL,
    document_key TEXT NOT NULL,
    revision INTEGER NOT NULL DEFAULT 1,
    hash TEXT NOT NULL,
    state TEXT NOT NULL
      CHECK (state IN ('staged', 'ready', 'sending', 'accepted', 'rejected', 'unknown', 'held')),
    in_flight INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    reference TEXT NOT NULL DEFAULT '',
    issues TEXT NOT NULL DEFAULT '[]'
  ) STRICT;
  CREATE UNIQUE INDEX submissions_key ON submissions (provider, operation, key) WHERE state NOT IN ('staged', 'rejected');
  CREATE INDEX submissions_rejected ON submissions (provider, operation, key) WHERE state = 'rejected';
  CREATE INDEX submissions_due ON submissions (provider, due_at, turn, id)
    WHERE state IN ('ready', 'unknown') AND in_flight = 0;
  CREATE INDEX submissions_open ON submissions (provider, document_key, turn, id)
    WHERE state IN ('ready', 'sending', 'unknown');
  CREATE INDEX submissions_state ON submissions (state);
  CREATE INDEX submissions_drop ON submissions (drop_id);

  CREATE TABLE requests (
    submission_id INTEGER PRIMARY KEY REFERENCES submissions ON DELETE CASCADE,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    headers TEXT NOT NULL,
    body BLOB NOT NULL
  ) STRICT;

  CREATE TABLE documents (
    id INTEGER PRIMARY KEY,
    drop_id INTEGER NOT NULL REFERENCES drops ON DELETE CASCADE,
    group_key TEXT NOT NULL,
    key TEXT NOT NULL,
    type TEXT NOT NULL,
    line INTEGER NOT NULL,
    records TEXT NOT NULL,
    record_count INTEGER NOT NULL,
    issues TEXT NOT NULL,
    submission_id INTEGER REFERENCES submissions,
    is_joined INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE UNIQUE INDEX documents_group ON documents (drop_id, group_key);
  CREATE INDEX documents_drop ON documents (drop_id);
  CREATE INDEX documents_key ON documents (key);
  CREATE INDEX documents_submission ON documents (submission_id, is_joined) WHERE submission_id IS NOT NULL;

  CREATE TABLE attempts (
    id INTEGER PRIMARY KEY,
    submission_id INTEGER NOT NULL REFERENCES submissions,
    attempt INTEGER NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose IN ('send', 'look-up')),
    may_have_arrived INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    outcome TEXT NOT NULL DEFAULT '',
    http_status INTEGER,
    detail TEXT NOT NULL DEFAULT '',
    answer BLOB
  ) STRICT;
  CREATE UNIQUE INDEX attempts_submission ON attempts (submission_id, attempt);

  CREATE TABLE lanes (
    provider TEXT PRIMARY KEY,
    open INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE feeds (
    id INTEGER PRIMARY KEY,
    provider TEXT NOT NULL,
    feed TEXT NOT NULL,
    cursor TEXT,
    UNIQUE (provider, feed)
  ) STRICT;

  CREATE TABLE snapshots (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    feed_id INTEGER NOT NULL REFERENCES feeds,
    is_finished INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX snapshots_feed ON snapshots (feed_id, is_finished);

  CREATE TABLE items (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    feed_id INTEGER NOT NULL REFERENCES feeds,
    snapshot_id INTEGER NOT NULL,
    identity TEXT NOT NULL,
    item_index TEXT NOT NULL,
    document_key TEXT NOT NULL,
    body BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX items_identity ON items (feed_id, snapshot_id, identity);
  CREATE INDEX items_order ON items (feed_id, snapshot_id, id);

  CREATE TABLE gaps (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    feed_id INTEGER NOT NULL REFERENCES feeds,
    low TEXT NOT NULL,
    high TEXT NOT NULL,
    low_order TEXT NOT NULL,
    checks INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,
    UNIQUE (feed_id, low, high)
  ) STRICT;
  CREATE INDEX gaps_due ON gaps (feed_id, due_at);

  CREATE TABLE flows (
    flow TEXT PRIMARY KEY,
    sequence INTEGER NOT NULL DEFAULT 0,
    position INTEGER NOT NULL DEFAULT 0,
    last_run_at INTEGER
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE outbound_files (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    flow TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('feed', 'result', 'rejects')),
    state TEXT NOT NULL CHECK (state IN ('building', 'built', 'written', 'published')),
    sequence INTEGER NOT NULL,
    drop_id INTEGER REFERENCES drops,
    folder TEXT NOT NULL DEFAULT '',
    path TEXT NOT NULL DEFAULT '',
    temporary_path TEXT NOT NULL DEFAULT '',
    hash TEXT NOT NULL DEFAULT '',
    size INTEGER NOT NULL DEFAULT 0,
    rows INTEGER NOT NULL DEFAULT 0,
    spool TEXT NOT NULL DEFAULT ''
  ) STRICT;
  CREATE UNIQUE INDEX outbound_files_building ON outbound_files (flow) WHERE state = 'building';
  CREATE INDEX outbound_files_unpublished ON outbound_files (id) WHERE state IN ('built', 'written');
  CREATE INDEX outbound_files_flow ON outbound_files (flow);
  CREATE INDEX outbound_files_path ON outbound_files (path, folder);
  CREATE INDEX outbound_files_state ON outbound_files (state);
  CREATE INDEX outbound_files_drop ON outbound_files (drop_id) WHERE drop_id IS NOT NULL;

  CREATE TABLE folders (
    name TEXT NOT NULL,
    location TEXT NOT NULL,
    PRIMARY KEY (name, location)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE deferred_items (
    flow TEXT NOT NULL,
    item_id INTEGER NOT NULL REFERENCES items ON DELETE CASCADE,
    PRIMARY KEY (flow, item_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX deferred_items_item ON deferred_items (item_id);

  CREATE TABLE facts (
    fact TEXT NOT NULL,
    flow TEXT NOT NULL,
    file_id INTEGER NOT NULL REFERENCES outbound_files ON DELETE CASCADE,
    item_id INTEGER,
    PRIMARY KEY (flow, fact)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX facts_file ON facts (file_id);
  CREATE INDEX facts_item ON facts (item_id) WHERE item_id IS NOT NULL;
  `;
