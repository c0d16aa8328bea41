/** Statements about outbound files and the facts in them. */
export const outboundSql = {
  flow: `SELECT position, last_run_at FROM flows WHERE flow = ?`,
  recordRun: `
    INSERT INTO flows (flow, last_run_at) VALUES (?1, ?2) ON CONFLICT (flow) DO UPDATE SET last_run_at = ?2`,
  ensureFlow: `INSERT INTO flows (flow) VALUES (?) ON CONFLICT (flow) DO NOTHING`,
  deleteBuilding: `DELETE FROM outbound_files WHERE flow = ? AND state = 'building'`,
  begin: `
    INSERT INTO outbound_files (flow, kind, state, sequence)
    SELECT flow, 'feed', 'building', sequence + 1 FROM flows WHERE flow = ?`,
  building: `SELECT flow, sequence FROM outbound_files WHERE id = ? AND state = 'building'`,
  assignFact: `INSERT INTO facts (flow, fact, file_id, item_id) VALUES (?, ?, ?, ?) ON CONFLICT (flow, fact) DO NOTHING`,
  writtenCounts: `
    SELECT c.name, c.count, c.told FROM counts c WHERE c.flow = ?1 AND c.key = ?2
      AND NOT EXISTS (SELECT 1 FROM building_counts b WHERE b.file_id = ?3 AND b.key = c.key AND b.name = c.name)
    UNION ALL SELECT b.name, b.count, b.told FROM building_counts b WHERE b.file_id = ?3 AND b.key = ?2`,
  noteCount: `
    INSERT INTO building_counts (file_id, key, name, count, told) VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT (file_id, key, name) DO UPDATE SET count = ?4, told = ?5`,
  settleCounts: `
    INSERT INTO counts (flow, key, name, count, told)
    SELECT ?1, b.key, b.name, b.count, b.told FROM building_counts b WHERE b.file_id = ?2
    ON CONFLICT (flow, key, name) DO UPDATE SET count = excluded.count, told = excluded.told`,
  clearBuildingCounts: `DELETE FROM building_counts WHERE file_id = ?`,
  complete: `
    UPDATE outbound_files SET state = 'built', folder = ?, path = ?, temporary_path = ?, hash = ?, size = ?, rows = ?, spool = ?
    WHERE id = ? AND state = 'building'`,
  advance: `UPDATE flows SET sequence = ?, position = ? WHERE flow = ?`,
  setPosition: `UPDATE flows SET position = ? WHERE flow = ?`,
  folder: `SELECT 1 AS found FROM folders WHERE name = ? AND location = ?`,
  rememberFolder: `INSERT INTO folders (name, location) VALUES (?, ?) ON CONFLICT (name, location) DO NOTHING`,
  clearDeferred: `DELETE FROM deferred_items WHERE flow = ?`,
  defer: `INSERT INTO deferred_items (flow, item_id) VALUES (?, ?)`,
  deferred: `
    SELECT items.id, items.document_key, items.body FROM deferred_items JOIN items ON items.id = deferred_items.item_id
    WHERE deferred_items.flow = ? ORDER BY deferred_items.item_id`,
  delete: `DELETE FROM outbound_files WHERE id = ?`,
  insertBuilt: `
    INSERT INTO outbound_files (flow, kind, state, sequence, drop_id, folder, path, temporary_path, hash, size, rows, spool)
    VALUES (?, ?, 'built', 0, ?, ?, ?, ?, ?, ?, ?, ?)`,
  unpublished: `SELECT * FROM outbound_files WHERE state IN ('built', 'written') ORDER BY id`,
  byPath: `SELECT 1 AS found FROM outbound_files WHERE path = ? AND folder = ? LIMIT 1`,
  markWritten: `UPDATE outbound_files SET state = 'written' WHERE id = ? AND state IN ('built', 'written')`,
  markPublished: `UPDATE outbound_files SET state = 'published' WHERE id = ? AND state IN ('written', 'published')`,
  spool: `SELECT spool FROM outbound_files WHERE state IN ('built', 'written') AND spool <> ''`,
};
