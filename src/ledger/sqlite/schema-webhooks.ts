/**
 * Events that providers posted, what was counted of them, and the feeds and records that were woken by them.
 * `is_done` 0: its feeds are still to be woken.
 */
export const webhookMigration = `
  CREATE TABLE webhook_events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    provider TEXT NOT NULL,
    identity TEXT NOT NULL,
    type TEXT NOT NULL,
    document_key TEXT NOT NULL,
    happened_at INTEGER,
    received_at INTEGER NOT NULL,
    is_done INTEGER NOT NULL DEFAULT 0,
    body BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX webhook_events_identity ON webhook_events (provider, identity);
  CREATE INDEX webhook_events_open ON webhook_events (id) WHERE is_done = 0;
  CREATE INDEX webhook_events_old ON webhook_events (received_at) WHERE is_done = 1;

  CREATE TABLE webhook_counts (
    provider TEXT PRIMARY KEY,
    last_at INTEGER NOT NULL,
    stored INTEGER NOT NULL DEFAULT 0,
    repeated INTEGER NOT NULL DEFAULT 0,
    woken INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE woken_feeds (
    provider TEXT NOT NULL,
    feed TEXT NOT NULL,
    woken_at INTEGER NOT NULL,
    PRIMARY KEY (provider, feed)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE woken_records (
    provider TEXT NOT NULL,
    feed TEXT NOT NULL,
    operation TEXT NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY (provider, feed, operation, key)
  ) STRICT, WITHOUT ROWID;
  `;
