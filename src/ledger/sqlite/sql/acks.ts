/** Statements about receipts of drops, and about what became of files that went out. */

// Word for word the condition of the partial indexes: otherwise SQLite does not use them.
const LYING = `kind = 'feed' AND state = 'published' AND left_at IS NULL`;
const UNANSWERED = `kind = 'feed' AND state = 'published' AND answered_at IS NULL`;
// What is being written again went out before.
const WENT_OUT = `(state IN ('written', 'published') OR rewrites > 0)`;

export const ackSql = {
  wantReceipt: `UPDATE drops SET receipt = 1 WHERE id = ?`,
  toAcknowledge: `
    SELECT d.*,
      (SELECT count(*) FROM documents o WHERE o.drop_id = d.id) AS documents,
      (SELECT count(*) FROM documents o WHERE o.drop_id = d.id AND o.submission_id IS NULL) AS refused
    FROM drops d INDEXED BY drops_receipt WHERE d.receipt = 1 ORDER BY d.id LIMIT ?`,
  noteReceipt: `UPDATE drops SET receipt = 0 WHERE id = ? AND receipt = 1 RETURNING flow`,
  insertReceipt: `
    INSERT INTO outbound_files
      (flow, kind, is_receipt, state, sequence, drop_id, folder, path, temporary_path, hash, size, rows, spool)
    VALUES (?, 'result', 1, 'built', 0, ?, ?, ?, ?, ?, ?, ?, ?)`,

  begin: `INSERT INTO awaited (flow, code, since) VALUES (?, ?, ?) ON CONFLICT (flow, code) DO NOTHING`,
  since: `SELECT since FROM awaited WHERE flow = ? AND code = ?`,
  // One row for each flow of the configuration and each thing it awaits.
  awaited: `SELECT flow, code FROM awaited ORDER BY flow, code`,
  retire: `DELETE FROM awaited WHERE flow = ? AND code = ?`,
  lying: `
    SELECT id, folder, path, published_at FROM outbound_files
    WHERE flow = ? AND ${LYING} AND published_at >= ? ORDER BY published_at, id LIMIT ?`,
  leave: `UPDATE outbound_files SET left_at = ? WHERE id = ? AND left_at IS NULL`,
  lyingCount: `
    SELECT count(*) AS count FROM outbound_files WHERE flow = ? AND ${LYING} AND published_at BETWEEN ? AND ?`,
  lyingOldest: `
    SELECT path, published_at FROM outbound_files
    WHERE flow = ? AND ${LYING} AND published_at BETWEEN ? AND ? ORDER BY published_at, id LIMIT 1`,
  unansweredCount: `
    SELECT count(*) AS count FROM outbound_files WHERE flow = ? AND ${UNANSWERED} AND published_at BETWEEN ? AND ?`,
  unansweredOldest: `
    SELECT path, published_at FROM outbound_files
    WHERE flow = ? AND ${UNANSWERED} AND published_at BETWEEN ? AND ? ORDER BY published_at, id LIMIT 1`,
  declinedCount: `SELECT count(*) AS count FROM acknowledgements WHERE flow = ? AND is_accepted = 0 AND is_closed = 0`,
  declinedOldest: `
    SELECT f.path, a.message FROM acknowledgements a JOIN outbound_files f ON f.id = a.file_id
    WHERE a.flow = ? AND a.is_accepted = 0 AND a.is_closed = 0 ORDER BY a.file_id LIMIT 1`,

  byName: `
    SELECT * FROM outbound_files
    WHERE flow = ? AND name = ? AND kind = 'feed' AND ${WENT_OUT} AND coalesce(built_at, 0) <= ? ORDER BY id DESC LIMIT 1`,
  bySequence: `
    SELECT * FROM outbound_files
    WHERE flow = ? AND sequence = ? AND kind = 'feed' AND ${WENT_OUT} AND coalesce(built_at, 0) <= ?
    ORDER BY id DESC LIMIT 1`,
  // What was said earlier comes too late to change what was said since.
  acknowledge: `
    INSERT INTO acknowledgements (file_id, flow, is_accepted, message, said_at) VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT (file_id) DO UPDATE SET is_accepted = ?3, message = ?4, said_at = ?5,
      is_closed = CASE WHEN is_accepted = ?3 AND message = ?4 THEN is_closed ELSE 0 END
    WHERE ?5 >= said_at`,
  answer: `UPDATE outbound_files SET answered_at = coalesce(answered_at, ?) WHERE id = ?`,

  openOf: `SELECT id, subject, up_to FROM incidents WHERE flow = ? AND code = ? AND closed_at IS NULL ORDER BY id LIMIT 1`,
  open: `INSERT INTO incidents (flow, code, subject, opened_at, up_to) VALUES (?, ?, ?, ?, ?)`,
  change: `UPDATE incidents SET subject = ?, up_to = ? WHERE id = ?`,
  openById: `SELECT flow, code, up_to FROM incidents WHERE id = ? AND closed_at IS NULL`,
  leaveAll: `UPDATE outbound_files SET left_at = ? WHERE flow = ? AND ${LYING} AND published_at <= ?`,
  answerAll: `UPDATE outbound_files SET answered_at = ? WHERE flow = ? AND ${UNANSWERED} AND published_at <= ?`,
  closeDeclined: `UPDATE acknowledgements SET is_closed = 1 WHERE flow = ? AND is_accepted = 0 AND is_closed = 0`,

  filesAbout: `
    SELECT DISTINCT o.* FROM feeds f
    JOIN items i ON i.feed_id = f.id AND i.snapshot_id = 0 AND i.document_key = ?
    JOIN facts t ON t.item_id = i.id
    JOIN outbound_files o ON o.id = t.file_id
    WHERE f.provider = ? AND o.state <> 'building' ORDER BY o.id LIMIT 1000`,
};
