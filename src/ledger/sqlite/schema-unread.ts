/** Records of ours that are read one by one: since when a record gives nothing, and why. */
export const unreadMigration = `
  ALTER TABLE tracked ADD COLUMN unread_since INTEGER;
  ALTER TABLE tracked ADD COLUMN unread TEXT NOT NULL DEFAULT '';
  CREATE INDEX tracked_unread ON tracked (feed_id, unread_since, submission_id)
    WHERE is_open = 1 AND unread_since IS NOT NULL;
  `;
