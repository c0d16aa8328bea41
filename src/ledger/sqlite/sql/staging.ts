/** Statements about what is staged for a drop and not yet visible. */
export const stagingSql = {
  insertSubmission: `
    INSERT INTO submissions (drop_id, provider, operation, key, document_key, hash, place, state)
    VALUES (?, ?, ?, ?, ?, ?, ?, 'staged')`,
  insertRequest: `
    INSERT INTO requests (submission_id, method, path, headers, body, is_prepared) VALUES (?, ?, ?, ?, ?, ?)`,
  insertDocument: `
    INSERT INTO documents (drop_id, group_key, key, type, line, records, record_count, issues, submission_id)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (drop_id, group_key) DO NOTHING`,
  insertRecord: `
    INSERT INTO staged_records (drop_id, part, is_companion, seq, line, group_key, body) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  // A record is the first of its group when the group's index begins with it.
  groupHeads: `
    SELECT r.is_companion, r.part, r.seq, r.group_key FROM staged_records r
    WHERE r.drop_id = ?1 AND (r.is_companion, r.part, r.seq, r.group_key) > (?2, ?3, ?4, ?5)
      AND r.id = (
        SELECT f.id FROM staged_records f WHERE f.drop_id = ?1 AND f.group_key = r.group_key
        ORDER BY f.is_companion, f.part, f.seq LIMIT 1)
    ORDER BY r.is_companion, r.part, r.seq, r.group_key LIMIT ?6`,
  group: `
    SELECT part, seq, line, group_key, body FROM staged_records WHERE drop_id = ? AND group_key = ?
    ORDER BY is_companion, part, seq`,
  deleteRecords: `DELETE FROM staged_records WHERE id IN (SELECT id FROM staged_records WHERE drop_id = ? LIMIT ?)`,
  deleteDocuments: `DELETE FROM documents WHERE id IN (SELECT id FROM documents WHERE drop_id = ? LIMIT ?)`,
  /** Where the next so many submissions of a drop end. */
  submissionsUpTo: `
    SELECT max(id) AS id FROM (SELECT id FROM submissions WHERE drop_id = ? AND id > ? ORDER BY id LIMIT ?)`,
  deleteRequests: `
    DELETE FROM requests WHERE submission_id IN (
      SELECT id FROM submissions WHERE drop_id = ? AND state = 'staged' AND id > ? AND id <= ?)`,
  deleteSubmissions: `DELETE FROM submissions WHERE drop_id = ? AND state = 'staged' AND id > ? AND id <= ?`,
};
