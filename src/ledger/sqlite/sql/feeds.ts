/** Statements about what was read from providers. A stream's items have snapshot 0. */
export const feedSql = {
  ensure: `INSERT INTO feeds (provider, feed) VALUES (?, ?) ON CONFLICT (provider, feed) DO NOTHING`,
  find: `SELECT id, cursor FROM feeds WHERE provider = ? AND feed = ?`,
  setCursor: `UPDATE feeds SET cursor = ? WHERE id = ?`,
  insertItem: `
    INSERT INTO items (feed_id, snapshot_id, identity, item_index, document_key, body) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (feed_id, snapshot_id, identity) DO NOTHING`,
  knownItem: `SELECT 1 AS found FROM items WHERE feed_id = ? AND snapshot_id = 0 AND identity = ?`,
  stagedItem: `SELECT 1 AS found FROM items WHERE feed_id = ? AND snapshot_id = ? AND identity = ?`,
  stagedUpTo: `
    SELECT max(id) AS id FROM (
      SELECT id FROM items WHERE feed_id = ? AND snapshot_id = ? AND id > ? ORDER BY id LIMIT ?)`,
  // What the stream has already stays behind, and goes with the walk.
  adoptItems: `
    UPDATE OR IGNORE items SET snapshot_id = 0
    WHERE feed_id = ? AND snapshot_id = ? AND id > ? AND id <= ?`,
  acceptedAfter: `
    SELECT a.id, a.submission_id, a.operation,
      (SELECT max(t.ended_at) FROM attempts t WHERE t.submission_id = a.submission_id) AS accepted_at
    FROM accepted a WHERE a.provider = ? AND a.id > ? ORDER BY a.id LIMIT ?`,
  track: `
    INSERT INTO tracked (feed_id, submission_id, due_at, ends_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (feed_id, submission_id) DO NOTHING`,
  overdueTrack: `SELECT 1 AS found FROM tracked WHERE feed_id = ? AND is_open = 1 AND ends_at <= ? LIMIT 1`,
  endTracks: `UPDATE tracked SET is_open = 0 WHERE feed_id = ? AND is_open = 1 AND ends_at <= ?`,
  // What is due later than it can be was written by a clock that ran ahead.
  farTrack: `SELECT 1 AS found FROM tracked WHERE feed_id = ? AND is_open = 1 AND due_at > ? LIMIT 1`,
  clampTracks: `UPDATE tracked SET due_at = ?1 WHERE feed_id = ?2 AND is_open = 1 AND due_at > ?3`,
  dueTracks: `
    SELECT t.submission_id, s.operation, s.key, s.document_key, s.reference, t.unread_since FROM tracked t
    JOIN submissions s ON s.id = t.submission_id
    WHERE t.feed_id = ? AND t.is_open = 1 AND t.due_at <= ? ORDER BY t.due_at, t.submission_id LIMIT ?`,
  postponeTrack: `
    UPDATE tracked SET due_at = ?, unread_since = ?, unread = ? WHERE feed_id = ? AND submission_id = ?`,
  unreadCount: `
    SELECT count(*) AS count FROM tracked
    WHERE feed_id = ? AND is_open = 1 AND unread_since IS NOT NULL AND unread_since <= ?`,
  unreadTracks: `
    SELECT s.document_key, s.reference, t.unread FROM tracked t INDEXED BY tracked_unread
    JOIN submissions s ON s.id = t.submission_id
    WHERE t.feed_id = ? AND t.is_open = 1 AND t.unread_since IS NOT NULL AND t.unread_since <= ?
    ORDER BY t.unread_since, t.submission_id LIMIT ?`,
  closeTrack: `UPDATE tracked SET is_open = 0, unread_since = NULL WHERE feed_id = ? AND submission_id = ?`,
  insertGap: `
    INSERT INTO gaps (feed_id, low, high, low_order, due_at) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (feed_id, low, high) DO NOTHING`,
  dueGaps: `
    SELECT id, low, high, checks FROM gaps WHERE feed_id = ? AND due_at <= ? ORDER BY due_at, low_order`,
  postponeGap: `UPDATE gaps SET checks = checks + 1, due_at = ? WHERE id = ? AND feed_id = ?`,
  closeGap: `DELETE FROM gaps WHERE id = ? AND feed_id = ?`,
  beginSnapshot: `INSERT INTO snapshots (feed_id, begun_at) VALUES (?, ?)`,
  unfinishedSnapshots: `SELECT id FROM snapshots WHERE feed_id = ? AND is_finished = 0`,
  olderSnapshots: `SELECT id FROM snapshots WHERE feed_id = ? AND id < ?`,
  snapshotFeed: `SELECT feed_id FROM snapshots WHERE id = ? AND is_finished = 0`,
  finishSnapshot: `UPDATE snapshots SET is_finished = 1 WHERE id = ?`,
  deleteSnapshotItems: `DELETE FROM items WHERE feed_id = ? AND snapshot_id = ?`,
  deleteSnapshot: `DELETE FROM snapshots WHERE id = ?`,
  itemsAfter: `
    SELECT id, document_key, body, identity FROM items
    WHERE feed_id = ?1 AND id > ?2
      AND snapshot_id = coalesce((SELECT max(n.id) FROM snapshots n WHERE n.feed_id = ?1 AND n.is_finished = 1), 0)
    ORDER BY id LIMIT ?3`,
  itemCount: `
    SELECT count(*) AS items FROM items
    WHERE feed_id = ?1 AND id > ?2
      AND snapshot_id = coalesce((SELECT max(n.id) FROM snapshots n WHERE n.feed_id = ?1 AND n.is_finished = 1), 0)`,
  lastItem: `
    SELECT max(id) AS id FROM items
    WHERE feed_id = ?1
      AND snapshot_id = coalesce((SELECT max(n.id) FROM snapshots n WHERE n.feed_id = ?1 AND n.is_finished = 1), 0)`,
  // Through the order of the items: an index by document would have to pass over all that is old.
  documentsAfter: `
    SELECT document_key FROM items INDEXED BY items_order
    WHERE feed_id = ?1 AND id > ?2 AND id <= ?3
      AND snapshot_id = coalesce((SELECT max(n.id) FROM snapshots n WHERE n.feed_id = ?1 AND n.is_finished = 1), 0)
    GROUP BY document_key ORDER BY min(id)`,
  itemsOfDocument: `
    SELECT id, document_key, body, identity FROM items
    WHERE feed_id = ?1 AND document_key = ?2 AND id > ?3 AND id <= ?4
      AND snapshot_id = coalesce((SELECT max(n.id) FROM snapshots n WHERE n.feed_id = ?1 AND n.is_finished = 1), 0)
    ORDER BY id LIMIT ?5`,
  snapshotTime: `
    SELECT begun_at FROM snapshots
    WHERE id = (SELECT max(n.id) FROM snapshots n WHERE n.feed_id = ? AND n.is_finished = 1)`,
};
