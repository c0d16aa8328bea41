/** Statements about submissions and their attempts. `open` submissions are ready, sending or unknown. */

// Documents with one key go one at a time, in the order in which their drops were received. One that is held may still be
// sent: a cancellation must not overtake its order.
const NO_OLDER_OPEN = `
  NOT EXISTS (
    SELECT 1 FROM submissions o
    WHERE o.provider = s.provider AND o.document_key = s.document_key 
      AND o.state IN ('ready', 'sending', 'unknown', 'held') AND (o.turn, o.id) < (s.turn, s.id))`;

// Word for word the condition of the partial index: otherwise SQLite does not use it.
const CLAIMABLE = `s.provider = ?1 AND s.state IN ('ready', 'unknown') AND s.in_flight = 0`;

export const submissionSql = {
  claim: `
    SELECT s.id, s.state, s.operation, s.key, s.attempts FROM submissions s INDEXED BY submissions_due
    WHERE ${CLAIMABLE} AND s.due_at <= ?2 AND ${NO_OLDER_OPEN}
    ORDER BY s.due_at, s.turn, s.id LIMIT ?3`,
  // What is due, whether or not something older of its key is open.
  due: `
    SELECT s.id, s.state, s.operation, s.key, s.attempts FROM submissions s INDEXED BY submissions_due
    WHERE ${CLAIMABLE} AND s.due_at <= ?2
    ORDER BY s.due_at, s.turn, s.id LIMIT ?3`,
  isFirstOfKey: `SELECT 1 AS found FROM submissions s WHERE s.id = ? AND ${NO_OLDER_OPEN}`,
  nextDue: `
    SELECT s.due_at FROM submissions s INDEXED BY submissions_due
    WHERE ${CLAIMABLE} AND ${NO_OLDER_OPEN}
    ORDER BY s.due_at, s.turn, s.id LIMIT 1`,
  request: `SELECT method, path, headers, body, is_prepared FROM requests WHERE submission_id = ?`,
  prepare: `
    UPDATE requests SET method = ?, path = ?, headers = ?, body = ?, is_prepared = 1
    WHERE submission_id = ? AND is_prepared = 0`,
  file: `
    SELECT f.spool, f.size FROM submissions s JOIN drop_files f ON f.drop_id = s.drop_id AND f.part = ''
    WHERE s.id = ? AND f.spool <> ''`,
  firstAttempt: `SELECT started_at FROM attempts WHERE submission_id = ? AND attempt = 1`,
  mayArrive: `UPDATE attempts SET may_have_arrived = 1 WHERE submission_id = ? AND attempt = ? AND ended_at IS NULL`,
  mayHaveArrived: `SELECT 1 AS found FROM attempts WHERE submission_id = ? AND may_have_arrived = 1 LIMIT 1`,
  lastSend: `
    SELECT s.outcome, (
      SELECT count(*) FROM attempts l
      WHERE l.submission_id = s.submission_id AND l.attempt > s.attempt AND l.outcome = 'NOT_FOUND') AS unseen,
      (SELECT issues FROM submissions WHERE id = s.submission_id) AS issues
    FROM attempts s WHERE s.submission_id = ? AND s.purpose = 'send' ORDER BY s.attempt DESC LIMIT 1`,
  startSending: `UPDATE submissions SET state = 'sending', attempts = ? WHERE id = ?`,
  startLookUp: `UPDATE submissions SET in_flight = 1, attempts = ? WHERE id = ?`,
  insertAttempt: `
    INSERT INTO attempts (submission_id, attempt, purpose, may_have_arrived, started_at) VALUES (?, ?, ?, ?, ?)`,
  // A submission that is under way in this very attempt: a late answer of an older one changes nothing.
  underWay: `
    SELECT provider FROM submissions WHERE id = ? AND attempts = ? AND (state = 'sending' OR (state = 'unknown' AND in_flight = 1))`,
  // While a request is not complete, only reads were sent.
  endAttempt: `
    UPDATE attempts SET ended_at = ?, outcome = ?, http_status = ?, detail = ?, answer = ?,
      may_have_arrived = CASE
        WHEN purpose = 'send' AND EXISTS (
          SELECT 1 FROM requests r WHERE r.submission_id = attempts.submission_id AND r.is_prepared = 1) THEN ?
        ELSE 0 END
    WHERE submission_id = ? AND attempt = ? AND ended_at IS NULL`,
  endSubmission: `
    UPDATE submissions SET state = ?, in_flight = 0, due_at = ?, issues = ?, reference = coalesce(?, reference) WHERE id = ?`,
  affectedDrops: `
    SELECT drop_id, count(*) AS documents, sum(record_count) AS records FROM documents
    WHERE submission_id = ? GROUP BY drop_id`,
  recoverUnprepared: `
    UPDATE submissions SET state = 'ready', due_at = ? WHERE state = 'sending' AND EXISTS (
      SELECT 1 FROM requests r WHERE r.submission_id = submissions.id AND r.is_prepared = 0)`,
  recoverSending: `UPDATE submissions SET state = 'unknown', due_at = ? WHERE state = 'sending'`,
  recoverLookUps: `UPDATE submissions SET in_flight = 0, due_at = ? WHERE state = 'unknown' AND in_flight = 1`,
  clampDue: `UPDATE submissions SET due_at = ?1 WHERE state IN ('ready', 'unknown') AND due_at > ?2`,
  byId: `SELECT state, provider, issues FROM submissions WHERE id = ?`,
  giveUp: `UPDATE submissions SET state = 'rejected', in_flight = 0, issues = ? WHERE id = ? AND state = 'held'`,
  release: `UPDATE submissions SET state = ?, in_flight = 0, due_at = ? WHERE id = ? AND state = 'held'`,
  addOpen: `
    INSERT INTO lanes (provider, open) VALUES (?1, ?2)
    ON CONFLICT (provider) DO UPDATE SET open = open + ?2`,
  open: `SELECT open FROM lanes WHERE provider = ?`,
};
