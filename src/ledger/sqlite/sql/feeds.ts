/** Statements about what was read from providers. A stream's items have snapshot 0. */
export const feedSql = {
  ensure: `INSERT INTO feeds (provider, feed) VALUES (?, ?) ON CONFLICT (provider, feed) DO NOTHING`,
  find: `SELECT id, cursor FROM feeds WHERE provider = ? AND feed = ?`,
  setCursor: `UPDATE feeds SET cursor = ? WHERE id = ?`,
  insertItem: `
    INSERT INTO items (feed_id, snapshot_id, identity, item_index, document_key, body) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (feed_id, snapshot_id, identity) DO NOTHING`,
  insertGap: `
    INSERT INTO gaps (feed_id, low, high, low_order, due_at) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (feed_id, low, high) DO NOTHING`,
  dueGaps: `
    SELECT id, low, high, checks FROM gaps WHERE feed_id = ? AND due_at <= ? ORDER BY due_at, low_order`,
  postponeGap: `UPDATE gaps SET checks = checks + 1, due_at = ? WHERE id = ? AND feed_id = ?`,
  closeGap: `DELETE FROM gaps WHERE id = ? AND feed_id = ?`,
  beginSnapshot: `INSERT INTO snapshots (feed_id) VALUES (?)`,
  unfinishedSnapshots: `SELECT id FROM snapshots WHERE feed_id = ? AND is_finished = 0`,
  olderSnapshots: `SELECT id FROM snapshots WHERE feed_id = ? AND id < ?`,
  snapshotFeed: `SELECT feed_id FROM snapshots WHERE id = ? AND is_finished = 0`,
  finishSnapshot: `UPDATE snapshots SET is_finished = 1 WHERE id = ?`,
  deleteSnapshotItems: `DELETE FROM items WHERE feed_id = ? AND snapshot_id = ?`,
  deleteSnapshot: `DELETE FROM snapshots WHERE id = ?`,
  itemsAfter: `
    SELECT id, document_key, body FROM items
    WHERE feed_id = ?1 AND id > ?2
      AND snapshot_id = coalesce((SELECT max(n.id) FROM snapshots n WHERE n.feed_id = ?1 AND n.is_finished = 1), 0)
    ORDER BY id LIMIT ?3`,
};
