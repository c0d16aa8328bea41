/** Statements about outbound files and the facts in them. */
export const outboundSql = {
  flow: `SELECT position, sequence, last_run_at FROM flows WHERE flow = ?`,
  recordRun: `
    INSERT INTO flows (flow, last_run_at) VALUES (?1, ?2) ON CONFLICT (flow) DO UPDATE SET last_run_at = ?2`,
  ensureFlow: `INSERT INTO flows (flow) VALUES (?) ON CONFLICT (flow) DO NOTHING`,
  deleteBuilding: `DELETE FROM outbound_files WHERE flow = ? AND state = 'building'`,
  begin: `
    INSERT INTO outbound_files (flow, kind, state, sequence)
    SELECT flow, 'feed', 'building', sequence + 1 FROM flows WHERE flow = ?`,
  beginNext: `
    INSERT INTO outbound_files (flow, kind, state, sequence)
    SELECT flow, 'feed', 'building', max(sequence) + 1 FROM outbound_files WHERE flow = ? AND state = 'building'`,
  building: `SELECT flow, sequence FROM outbound_files WHERE id = ? AND state = 'building'`,
  assignFact: `INSERT INTO facts (flow, fact, file_id, item_id) VALUES (?, ?, ?, ?) ON CONFLICT (flow, fact) DO NOTHING`,
  writtenCounts: `
    SELECT c.name, c.count, c.told, c.item FROM counts c WHERE c.flow = ?1 AND c.key = ?2
      AND NOT EXISTS (SELECT 1 FROM building_counts b WHERE b.file_id = ?3 AND b.key = c.key AND b.name = c.name)
    UNION ALL SELECT b.name, b.count, b.told, b.item FROM building_counts b WHERE b.file_id = ?3 AND b.key = ?2`,
  noteCount: `
    INSERT INTO building_counts (file_id, key, name, count, told, item) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
    ON CONFLICT (file_id, key, name) DO UPDATE SET count = ?4, told = ?5, item = ?6`,
  settleCounts: `
    INSERT INTO counts (flow, key, name, count, told, item)
    SELECT ?1, b.key, b.name, b.count, b.told, b.item FROM building_counts b WHERE b.file_id = ?2
    ON CONFLICT (flow, key, name) DO UPDATE SET count = excluded.count, told = excluded.told, item = excluded.item`,
  clearBuildingCounts: `DELETE FROM building_counts WHERE file_id = ?`,
  complete: `
    UPDATE outbound_files SET state = 'built', folder = ?, path = ?, temporary_path = ?, hash = ?, size = ?, rows = ?, spool = ?,
      document = ?, replaces = ?, archive_path = ?, repeats_from = ?, keep_ms = ?, built_at = ?
    WHERE id = ? AND state = 'building'`,
  insertMarker: `INSERT INTO markers (file_id, path, temporary_path, state) VALUES (?, ?, ?, 'built')`,
  unpublishedMarkers: `
    SELECT m.file_id, m.path, m.temporary_path, m.state, f.flow, f.folder
    FROM markers m INDEXED BY markers_unpublished JOIN outbound_files f ON f.id = m.file_id
    WHERE m.state <> 'published' AND f.state = 'published' ORDER BY m.file_id`,
  markMarker: `UPDATE markers SET state = ? WHERE file_id = ?`,
  reopenMarker: `UPDATE markers SET state = 'built' WHERE file_id = ?`,
  clearDelivered: `DELETE FROM delivered_rows WHERE flow = ?`,
  settleRows: `
    INSERT INTO delivered_rows (flow, fact, cells)
    SELECT ?1, b.fact, b.cells FROM building_rows b WHERE b.file_id = ?2
    ON CONFLICT (flow, fact) DO UPDATE SET cells = excluded.cells`,
  clearBuildingRows: `DELETE FROM building_rows WHERE file_id = ?`,
  deliveredRow: `SELECT cells FROM delivered_rows WHERE flow = ? AND fact = ?`,
  noteRow: `
    INSERT INTO building_rows (file_id, fact, cells) VALUES (?, ?, ?) ON CONFLICT (file_id, fact) DO NOTHING`,
  goneRows: `
    SELECT d.fact, d.cells FROM delivered_rows d
    WHERE d.flow = ?1 AND d.fact > ?3
      AND NOT EXISTS (SELECT 1 FROM building_rows b WHERE b.file_id = ?2 AND b.fact = d.fact)
    ORDER BY d.fact LIMIT ?4`,
  fileBefore: `
    SELECT p.* FROM outbound_files f JOIN outbound_files p ON p.path = f.path AND p.folder = f.folder
    WHERE f.id = ? AND p.id < f.id AND p.state = 'published' ORDER BY p.id DESC LIMIT 1`,
  overdueKept: `SELECT id, spool FROM outbound_files WHERE kept_until <= ? AND state = 'published' ORDER BY kept_until LIMIT ?`,
  releaseKept: `UPDATE outbound_files SET kept_until = NULL, spool = '' WHERE id = ?`,
  rewrite: `
    UPDATE outbound_files SET state = 'built', rewrites = rewrites + 1, kept_until = NULL, left_at = NULL,
      answered_at = CASE WHEN EXISTS (
        SELECT 1 FROM acknowledgements a WHERE a.file_id = outbound_files.id AND a.is_accepted = 1) THEN answered_at END
    WHERE id = ? AND state = 'published' AND kept_until IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM outbound_files n INDEXED BY outbound_files_path
      WHERE n.path = outbound_files.path AND n.folder = outbound_files.folder AND n.id > outbound_files.id)`,
  askRecollection: `INSERT INTO recollections (flow, from_cursor, asked_at) VALUES (?, ?, ?)`,
  openRecollection: `SELECT id, from_cursor FROM recollections WHERE flow = ? AND done_at IS NULL ORDER BY id LIMIT 1`,
  closeRecollection: `UPDATE recollections SET done_at = ? WHERE id = ?`,
  oldFact: `
    SELECT 1 AS found FROM outbound_files o JOIN facts f ON f.file_id = o.id WHERE o.flow = ? AND o.id < ? LIMIT 1`,
  forgetFacts: `
    DELETE FROM facts WHERE (flow, fact) IN (
      SELECT f.flow, f.fact FROM outbound_files o JOIN facts f ON f.file_id = o.id WHERE o.flow = ? AND o.id < ? LIMIT ?)`,
  unpublishedFile: `SELECT flow, sequence, path FROM outbound_files WHERE id = ? AND kind = 'feed' AND state IN ('built', 'written') AND rewrites = 0`,
  anyCount: `SELECT 1 AS found FROM counts WHERE flow = ? LIMIT 1`,
  insertVoid: `INSERT INTO voids (flow, sequence, path, voided_at) VALUES (?, ?, ?, ?)`,
  deferItemsOf: `
    INSERT INTO deferred_items (flow, item_id)
    SELECT DISTINCT f.flow, f.item_id FROM facts f JOIN items i ON i.id = f.item_id WHERE f.file_id = ?
    ON CONFLICT (flow, item_id) DO NOTHING`,
  deferredCount: `SELECT count(*) AS count FROM deferred_items WHERE flow = ?`,
  unpublishedCount: `
    SELECT count(*) AS count FROM outbound_files INDEXED BY outbound_files_unpublished
    WHERE state IN ('built', 'written') AND flow = ?`,
  voidCount: `SELECT count(*) AS count FROM voids WHERE flow = ?`,
  lastFile: `SELECT * FROM outbound_files WHERE flow = ? AND state <> 'building' ORDER BY id DESC LIMIT 1`,
  advance: `UPDATE flows SET sequence = ?, position = ? WHERE flow = ?`,
  setPosition: `UPDATE flows SET position = ? WHERE flow = ?`,
  folder: `SELECT 1 AS found FROM folders WHERE name = ? AND location = ?`,
  rememberFolder: `INSERT INTO folders (name, location) VALUES (?, ?) ON CONFLICT (name, location) DO NOTHING`,
  clearDeferred: `DELETE FROM deferred_items WHERE flow = ?`,
  defer: `INSERT INTO deferred_items (flow, item_id) VALUES (?, ?)`,
  deferred: `
    SELECT items.id, items.document_key, items.body, items.identity FROM deferred_items JOIN items ON items.id = deferred_items.item_id
    WHERE deferred_items.flow = ? ORDER BY deferred_items.item_id`,
  delete: `DELETE FROM outbound_files WHERE id = ?`,
  insertBuilt: `
    INSERT INTO outbound_files (flow, kind, state, sequence, drop_id, folder, path, temporary_path, hash, size, rows, spool)
    VALUES (?, ?, 'built', 0, ?, ?, ?, ?, ?, ?, ?, ?)`,
  unpublished: `
    SELECT f.*, m.path AS marker_path FROM outbound_files f LEFT JOIN markers m ON m.file_id = f.id
    WHERE f.state IN ('built', 'written') ORDER BY f.id`,
  byPath: `SELECT 1 AS found FROM outbound_files WHERE path = ? AND folder = ? LIMIT 1`,
  markWritten: `UPDATE outbound_files SET state = 'written' WHERE id = ? AND state IN ('built', 'written')`,
  markPublished: `
    UPDATE outbound_files SET state = 'published', published_at = ?1,
      kept_until = CASE WHEN keep_ms > 0 AND ?1 IS NOT NULL THEN ?1 + keep_ms END
    WHERE id = ?2 AND state IN ('written', 'published')`,
  // The files before that one were given up when it came.
  giveUpBefore: `
    UPDATE outbound_files SET answered_at = coalesce(answered_at, ?1)
    WHERE kind = 'feed' AND id = (
      SELECT p.id FROM outbound_files f JOIN outbound_files p ON p.path = f.path AND p.folder = f.folder
      WHERE f.id = ?2 AND p.id < f.id AND p.state = 'published' ORDER BY p.id DESC LIMIT 1)`,
  spool: `
    SELECT spool FROM outbound_files WHERE state IN ('built', 'written') AND spool <> ''
    UNION ALL SELECT spool FROM outbound_files WHERE kept_until IS NOT NULL`,
};
