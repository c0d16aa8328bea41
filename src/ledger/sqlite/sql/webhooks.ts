/** Statements about events that providers posted. */
export const webhookSql = {
  insert: `
    INSERT INTO webhook_events (provider, identity, type, document_key, happened_at, received_at, body)
    VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (provider, identity) DO NOTHING`,
  count: `
    INSERT INTO webhook_counts (provider, last_at, stored, repeated) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT (provider) DO UPDATE SET last_at = ?2, stored = stored + ?3, repeated = repeated + ?4`,
  open: `SELECT id, provider, body FROM webhook_events WHERE is_done = 0 AND id > ? ORDER BY id LIMIT ?`,
  done: `UPDATE webhook_events SET is_done = 1 WHERE id = ? AND is_done = 0 RETURNING provider`,
  countWoken: `UPDATE webhook_counts SET woken = woken + ? WHERE provider = ?`,
  wake: `
    INSERT INTO woken_feeds (provider, feed, woken_at) VALUES (?1, ?2, ?3)
    ON CONFLICT (provider, feed) DO UPDATE SET woken_at = ?3`,
  wakeRecord: `
    INSERT INTO woken_records (provider, feed, operation, key) VALUES (?, ?, ?, ?)
    ON CONFLICT (provider, feed, operation, key) DO NOTHING`,
  wokenRecord: `SELECT 1 AS found FROM woken_records WHERE provider = ? AND feed = ? LIMIT 1`,
  // 0 comes before everything that is due by the clock.
  hurryRecords: `
    UPDATE tracked SET due_at = 0
    WHERE is_open = 1 AND feed_id = (SELECT f.id FROM feeds f WHERE f.provider = ?1 AND f.feed = ?2)
      AND submission_id IN (
        SELECT s.id FROM woken_records w
        JOIN submissions s ON s.provider = w.provider AND s.operation = w.operation AND s.key = w.key
        WHERE w.provider = ?1 AND w.feed = ?2 AND s.state NOT IN ('staged', 'rejected'))`,
  forgetRecords: `DELETE FROM woken_records WHERE provider = ? AND feed = ?`,
  woken: `SELECT provider, feed, woken_at FROM woken_feeds`,
  old: `DELETE FROM webhook_events WHERE id IN (
    SELECT o.id FROM webhook_events o WHERE o.is_done = 1 AND o.received_at < ? ORDER BY o.received_at LIMIT ?)`,
  counts: `SELECT provider, last_at, stored, repeated, woken FROM webhook_counts ORDER BY provider`,
};
