/**
 * Documents that a result file told as held, so that their end can be told in a further one. `held_told`: 1 told, 2 decided by
 * a person since. Bytes of drops with held documents stay: their rows may yet go back.
 */
export const reportMigration = `
  ALTER TABLE drops ADD COLUMN reports INTEGER NOT NULL DEFAULT 0;
  UPDATE drops SET reports = is_reported;
  DROP INDEX drops_unfinished;
  CREATE INDEX drops_unfinished ON drops (id) WHERE state <> 'settled' OR is_reported = 0 OR held > 0;

  ALTER TABLE documents ADD COLUMN held_told INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX documents_held_told ON documents (drop_id, held_told) WHERE held_told > 0;
  `;
