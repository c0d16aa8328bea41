/**
 * Migration 3: requests that are completed before their first send, several changes of one key, and submissions that wait
 * behind a held one. `place` numbers the changes of one key; -1 until their drop is received.
 */
export const preparationMigration = `
  ALTER TABLE requests ADD COLUMN is_prepared INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE submissions ADD COLUMN place INTEGER NOT NULL DEFAULT 0;

  DROP INDEX submissions_key;
  CREATE UNIQUE INDEX submissions_key ON submissions (provider, operation, key, place)
    WHERE state NOT IN ('staged', 'rejected');
  DROP INDEX submissions_open;
  CREATE INDEX submissions_open ON submissions (provider, document_key, turn, id)
    WHERE state IN ('ready', 'sending', 'unknown', 'held');
  `;
