/** Statements for reading the book: pages with the newest first. */

const DOCUMENT = `
  SELECT d.id, d.drop_id, p.flow, p.path AS file, d.line, d.key, d.type, d.records, d.issues, d.is_joined, d.held_told,
    s.id AS submission_id, s.provider, s.operation, s.key AS submission_key, s.state, s.hash, s.reference,
    s.issues AS submission_issues, f.path AS first_path,
    CASE WHEN s.state IN ('ready', 'unknown') THEN (
      SELECT h.operation FROM submissions h
      WHERE h.provider = s.provider AND h.document_key = s.document_key
        AND h.state IN ('ready', 'sending', 'unknown', 'held') AND h.state = 'held' AND (h.turn, h.id) < (s.turn, s.id)
      LIMIT 1) END AS held_before
  FROM documents d
  JOIN drops p ON p.id = d.drop_id
  LEFT JOIN submissions s ON s.id = d.submission_id
  LEFT JOIN drops f ON f.id = s.drop_id`;

export const readingSql = {
  drops: `SELECT * FROM drops WHERE id < ? ORDER BY id DESC LIMIT ?`,
  dropsByName: `
    SELECT * FROM drops d WHERE id < ? AND EXISTS (
      SELECT 1 FROM drop_files f WHERE f.drop_id = d.id AND instr(lower(f.path), lower(?)) > 0)
    ORDER BY id DESC LIMIT ?`,
  // What is staged for a drop that is still being read is nobody's business yet.
  resultRows: `${DOCUMENT} WHERE d.drop_id = ? AND d.id > ? AND p.received_at IS NOT NULL ORDER BY d.id LIMIT ?`,
  documents: `${DOCUMENT} WHERE d.id < ? AND p.received_at IS NOT NULL ORDER BY d.id DESC LIMIT ?`,
  documentsByKey: `
    ${DOCUMENT} WHERE d.key = ? AND d.id < ? AND p.received_at IS NOT NULL ORDER BY d.id DESC LIMIT ?`,
  documentsOfDrop: `
    ${DOCUMENT} WHERE d.drop_id = ? AND d.id < ? AND p.received_at IS NOT NULL ORDER BY d.id DESC LIMIT ?`,
  documentsOfDropByKey: `
    ${DOCUMENT} WHERE d.drop_id = ? AND d.key = ? AND d.id < ? AND p.received_at IS NOT NULL ORDER BY d.id DESC LIMIT ?`,
  attempts: `
    SELECT attempt, purpose, started_at, ended_at, outcome, http_status, detail FROM attempts
    WHERE submission_id = ? ORDER BY attempt`,
  submissions: `
    SELECT id, provider, operation, key, state, hash, reference FROM submissions
    WHERE id < ? AND state <> 'staged' ORDER BY id DESC LIMIT ?`,
  submissionsByState: `
    SELECT id, provider, operation, key, state, hash, reference FROM submissions
    WHERE state = ? AND id < ? ORDER BY id DESC LIMIT ?`,
  outboundFiles: `SELECT * FROM outbound_files WHERE id < ? AND state <> 'building' ORDER BY id DESC LIMIT ?`,
  outboundFilesOfFlow: `
    SELECT * FROM outbound_files WHERE flow = ? AND id < ? AND state <> 'building' ORDER BY id DESC LIMIT ?`,
  feedItems: `
    SELECT i.id, i.item_index, i.document_key, i.body, f.provider, f.feed FROM items i
    JOIN feeds f ON f.id = i.feed_id
    LEFT JOIN snapshots n ON n.id = i.snapshot_id
    WHERE i.id < ? AND (i.snapshot_id = 0 OR n.is_finished = 1) ORDER BY i.id DESC LIMIT ?`,
  facts: `SELECT DISTINCT fact FROM facts WHERE item_id = ? ORDER BY fact LIMIT 1000`,
  dropStates: `SELECT state AS name, count(*) AS count FROM drops GROUP BY state`,
  submissionStates: `SELECT state AS name, count(*) AS count FROM submissions WHERE state <> 'staged' GROUP BY state`,
  outboundStates: `SELECT state AS name, count(*) AS count FROM outbound_files WHERE state <> 'building' GROUP BY state`,
  books: `
    SELECT coalesce(sum(records), 0) AS records, coalesce(sum(accepted), 0) AS accepted,
      coalesce(sum(rejected), 0) AS rejected, coalesce(sum(held), 0) AS held, coalesce(sum(ignored), 0) AS ignored,
      coalesce(sum(waiting), 0) AS waiting
    FROM drops`,
  feeds: `
    SELECT f.provider, f.feed, coalesce(f.cursor, '') AS cursor,
      (SELECT count(*) FROM items i WHERE i.feed_id = f.id AND i.snapshot_id = coalesce(
        (SELECT max(n.id) FROM snapshots n WHERE n.feed_id = f.id AND n.is_finished = 1), 0)) AS items,
      (SELECT count(*) FROM gaps g WHERE g.feed_id = f.id) AS gaps
    FROM feeds f ORDER BY f.provider, f.feed`,
};
