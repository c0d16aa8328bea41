/** Statements of the transaction that makes a drop `received`. */

// The same drop twice: the same files, byte for byte, in the same places.
const SAME_DROP = `
  e.id <> d.id AND e.folder = d.folder
  AND (SELECT count(*) FROM drop_files WHERE drop_id = e.id) = (SELECT count(*) FROM drop_files WHERE drop_id = d.id)
  AND NOT EXISTS (
    SELECT part, path, hash FROM drop_files WHERE drop_id = d.id
    EXCEPT SELECT part, path, hash FROM drop_files WHERE drop_id = e.id)`;

// A request `c` about what `o` created, received after it and before its repetition `s`. Requests about one thing share the
// first word of their operation: an order and a purchase order may have the same number.
const AFTER_CREATION = `
  o.operation GLOB '*.create' AND c.provider = o.provider AND c.operation <> o.operation
  AND substr(c.operation, 1, length(o.operation) - 6) = substr(o.operation, 1, length(o.operation) - 6)
  AND c.state NOT IN ('staged', 'rejected') AND (c.turn, c.id) > (o.turn, o.id) AND (c.drop_id <> s.drop_id OR c.id < s.id)`;

// A document stands for its key: its index finds what came for it, whatever the operation.
const IS_OVERTAKEN = `
  EXISTS (
    SELECT 1 FROM documents k JOIN submissions c ON c.id = k.submission_id AND k.is_joined = 0
    WHERE k.key = s.document_key AND ${AFTER_CREATION})
  AND NOT EXISTS (
    SELECT 1 FROM documents own
    JOIN documents b ON b.submission_id = o.id AND b.group_key = own.group_key
    JOIN drops e ON e.id = b.drop_id JOIN drops d ON d.id = own.drop_id
    WHERE own.submission_id = s.id AND own.is_joined = 0 AND ${SAME_DROP})`;

export const receiveSql = {
  // Only records that lay apart were staged one by one.
  hasScattered: `SELECT 1 AS found FROM staged_records WHERE drop_id = ? LIMIT 1`,
  // Runs of the main file come first: of two of them there is something between.
  gapped: `
    SELECT id, key, records FROM documents
    WHERE drop_id = ? AND id > ? AND instr(records, '],["",') > 0 ORDER BY id LIMIT ?`,
  ofOneKey: `
    SELECT d.id, d.line, d.key, d.issues, d.records, d.submission_id, s.operation
    FROM documents d INDEXED BY documents_key LEFT JOIN submissions s ON s.id = d.submission_id
    WHERE d.key = ? AND d.drop_id = ? AND d.id >= ? ORDER BY d.id LIMIT ?`,
  lineOf: `SELECT line FROM staged_records WHERE drop_id = ? AND is_companion = 0 AND part = '' AND seq = ? LIMIT 1`,
  // The partial unique index decides: of several submissions with one key the first becomes ready, and none does while an
  // earlier one holds the key. What is left `staged` afterwards is exactly what has to be joined or refused.
  release: `
    UPDATE OR IGNORE submissions AS s SET state = 'ready', due_at = ?2, turn = ?3,
      revision = 1 + coalesce((
        SELECT max(o.revision) FROM submissions o
        WHERE o.provider = s.provider AND o.operation = s.operation AND o.key = s.key AND o.state = 'rejected'), 0)
    WHERE s.drop_id = ?1 AND s.state = 'staged' AND s.place = 0 AND s.id > ?4 AND s.id <= ?5`,
  revisions: `
    SELECT id, provider, operation, key, hash, place FROM submissions
    WHERE drop_id = ? AND state = 'staged' AND place < 0 AND id > ? AND id <= ? ORDER BY id`,
  lastChange: `
    SELECT id, drop_id, hash, place FROM submissions
    WHERE provider = ? AND operation = ? AND key = ? AND state NOT IN ('staged', 'rejected') ORDER BY place DESC LIMIT 1`,
  ofSameDrop: `
    SELECT s.id FROM submissions s JOIN drops e ON e.id = s.drop_id JOIN drops d ON d.id = ?5
    WHERE s.provider = ?1 AND s.operation = ?2 AND s.key = ?3 AND s.hash = ?4 AND s.state NOT IN ('staged', 'rejected')
      AND ${SAME_DROP}
    ORDER BY s.place DESC LIMIT 1`,
  joinRevision: `UPDATE documents SET submission_id = ?, is_joined = 1 WHERE submission_id = ?`,
  releaseRevision: `UPDATE submissions SET state = 'ready', due_at = ?, turn = ?, place = ? WHERE id = ?`,
  join: `
    UPDATE documents SET submission_id = t.target, is_joined = 1
    FROM (
      SELECT s.id AS own, o.id AS target FROM submissions s
      JOIN submissions o ON o.provider = s.provider AND o.operation = s.operation AND o.key = s.key
        AND o.place = 0 AND o.state NOT IN ('staged', 'rejected')
      WHERE s.drop_id = ?1 AND s.state = 'staged' AND s.place = 0 AND s.id > ?2 AND s.id <= ?3 AND o.hash = s.hash
        AND NOT (${IS_OVERTAKEN})) AS t
    WHERE documents.submission_id = t.own`,
  reused: `
    SELECT d.id, d.line, d.key, d.issues, d.records, f.path AS first_path, f.id AS first_drop, b.line AS first_line,
      s.hash = o.hash AS is_same, s.id AS own_id, o.id AS first_id
    FROM documents d
    JOIN submissions s ON s.id = d.submission_id AND s.state = 'staged'
    JOIN submissions o ON o.provider = s.provider AND o.operation = s.operation AND o.key = s.key
      AND o.place = 0 AND o.state NOT IN ('staged', 'rejected')
    JOIN drops f ON f.id = o.drop_id
    LEFT JOIN documents b ON b.submission_id = o.id AND b.is_joined = 0
    WHERE d.drop_id = ? AND d.id > ?
    ORDER BY d.id LIMIT ?`,
  overtaking: `
    SELECT c.operation, f.path, f.id AS drop_id, k.line FROM submissions s
    JOIN submissions o ON o.id = ?2
    JOIN documents k ON k.key = s.document_key AND k.is_joined = 0
    JOIN submissions c ON c.id = k.submission_id
    JOIN drops f ON f.id = k.drop_id
    WHERE s.id = ?1 AND ${AFTER_CREATION} ORDER BY c.turn DESC, c.id DESC LIMIT 1`,
  unrefused: `
    SELECT d.id, d.line, d.key, d.issues, d.records FROM documents d
    WHERE d.drop_id = ? AND d.id > ? AND d.submission_id IS NOT NULL ORDER BY d.id LIMIT ?`,
  refuse: `UPDATE documents SET submission_id = NULL, is_joined = 0, issues = ? WHERE id = ?`,
  hasRefused: `SELECT 1 AS found FROM documents WHERE drop_id = ? AND submission_id IS NULL LIMIT 1`,
  // All of them, after a refusal of the whole drop.
  deleteOwnRequests: `
    DELETE FROM requests WHERE submission_id IN (SELECT id FROM submissions WHERE drop_id = ? AND id > ? AND id <= ?)`,
  deleteOwn: `DELETE FROM submissions WHERE drop_id = ? AND id > ? AND id <= ?`,
  books: `
    SELECT
      coalesce(sum(d.record_count) FILTER (WHERE s.state = 'accepted'), 0) AS accepted,
      coalesce(sum(d.record_count) FILTER (WHERE s.state IS NULL OR s.state = 'rejected'), 0) AS rejected,
      coalesce(sum(d.record_count) FILTER (WHERE s.state = 'held'), 0) AS held,
      coalesce(sum(d.record_count) FILTER (WHERE s.state IN ('ready', 'sending', 'unknown')), 0) AS waiting,
      count(*) FILTER (WHERE s.state IN ('ready', 'sending', 'unknown')) AS open_documents
    FROM documents d LEFT JOIN submissions s ON s.id = d.submission_id
    WHERE d.drop_id = ?`,
  newPerProvider: `
    SELECT provider, count(*) AS open FROM submissions
    WHERE drop_id = ? AND state = 'ready' AND id > ? AND id <= ? GROUP BY provider`,
};
