/** Statements about drops and their files. */
export const dropSql = {
  insert: `INSERT INTO drops (flow, folder, path, state, tries, first_seen_at) VALUES (?, ?, ?, 'reading', 1, ?)`,
  reopen: `UPDATE drops SET tries = tries + 1 WHERE flow = ? AND folder = ? AND path = ? AND state = 'reading' RETURNING id`,
  byId: `SELECT * FROM drops WHERE id = ?`,
  state: `SELECT state FROM drops WHERE id = ?`,
  files: `SELECT part, path, size, fingerprint, hash, spool, target FROM drop_files WHERE drop_id = ? ORDER BY position`,
  insertFile: `
    INSERT INTO drop_files (drop_id, position, part, path, size, fingerprint, hash, spool, target)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  deleteFiles: `DELETE FROM drop_files WHERE drop_id = ?`,
  setTarget: `UPDATE drop_files SET target = ? WHERE drop_id = ? AND part = ?`,
  hold: `UPDATE drops SET state = 'held', issues = json_insert(issues, '$[#]', json(?)) WHERE id = ? AND state <> 'settled'`,
  forget: `DELETE FROM drops WHERE id = ? AND state = 'reading'`,
  beginSettling: `UPDATE drops SET state = 'settling' WHERE id = ? AND state IN ('received', 'settling')`,
  settle: `UPDATE drops SET state = 'settled', issues = ?, settled_at = ? WHERE id = ? AND received_at IS NOT NULL`,
  receive: `
    UPDATE drops SET state = 'received', is_refused = ?, issues = ?, records = ?, ignored = ?, received_at = ?
    WHERE id = ?`,
  unsettled: `SELECT * FROM drops WHERE state IN ('reading', 'received', 'settling') ORDER BY id`,
  isHeld: `
    SELECT 1 AS found FROM drops d JOIN drop_files f ON f.drop_id = d.id
    WHERE d.state = 'held' AND d.folder = ? AND f.path = ? AND f.fingerprint = ? LIMIT 1`,
  toReport: `
    SELECT * FROM drops INDEXED BY drops_to_report WHERE received_at IS NOT NULL AND open_documents = 0 AND is_reported = 0 AND receipt = 0
    ORDER BY id LIMIT ?`,
  report: `
    UPDATE drops SET is_reported = 1, reports = reports + 1 WHERE id = ? AND received_at IS NOT NULL AND is_reported = 0
    RETURNING flow`,
  noteTold: `UPDATE documents SET held_told = ? WHERE id = ? AND drop_id = ?`,
  noteDecided: `UPDATE documents SET held_told = 2 WHERE submission_id = ? AND held_told = 1 RETURNING drop_id`,
  // Decided while the report was built: what it says of them is no longer so.
  noteOvertaken: `
    UPDATE documents SET held_told = 2
    WHERE drop_id = ? AND held_told > 0 AND held_told = 1
      AND (SELECT s.state FROM submissions s WHERE s.id = documents.submission_id) <> 'held'`,
  reportAgain: `
    UPDATE drops SET is_reported = 0
    WHERE id = ?1 AND EXISTS (SELECT 1 FROM documents WHERE drop_id = ?1 AND held_told > 0 AND held_told = 2)`,
  spool: `
    SELECT f.spool FROM drops d INDEXED BY drops_unfinished CROSS JOIN drop_files f ON f.drop_id = d.id
    WHERE (d.state <> 'settled' OR d.is_reported = 0 OR d.held > 0) AND f.spool <> ''`,
  setBooks: `UPDATE drops SET accepted = ?, rejected = ?, held = ?, waiting = ?, open_documents = ? WHERE id = ?`,
  moveBooks: `
    UPDATE drops SET accepted = accepted + ?, rejected = rejected + ?, held = held + ?, waiting = waiting + ?,
      open_documents = open_documents + ?
    WHERE id = ?`,
  nextTurn: `
    INSERT INTO ledger_state (name, value) VALUES ('turn', 1)
    ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value`,
};
