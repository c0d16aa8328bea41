/**
 * Records of ours that are read one by one: since when a record gives nothing, and why. Counts of which the growth is
 * written: the item that the last one stood in.
 */
export const unreadMigration = `
  ALTER TABLE tracked ADD COLUMN unread_since INTEGER;
  ALTER TABLE tracked ADD COLUMN unread TEXT NOT NULL DEFAULT '';
  CREATE INDEX tracked_unread ON tracked (feed_id, unread_since, submission_id)
    WHERE is_open = 1 AND unread_since IS NOT NULL;

  ALTER TABLE counts ADD COLUMN item INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE building_counts ADD COLUMN item INTEGER NOT NULL DEFAULT 0;
  `;
