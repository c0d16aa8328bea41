/** Statements about files that stay where they are. */
export const sourceSql = {
  remembered: `
    SELECT path, fingerprint, hash, is_sure, read_at, gone_at, marker FROM remembered_files WHERE folder = ? AND directory = ?`,
  remember: `
    INSERT INTO remembered_files (folder, directory, path, fingerprint, hash, is_sure, read_at, gone_at, marker)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (folder, directory, path) DO UPDATE SET fingerprint = excluded.fingerprint, hash = excluded.hash,
      is_sure = excluded.is_sure, read_at = excluded.read_at, gone_at = excluded.gone_at, marker = excluded.marker`,
  forget: `DELETE FROM remembered_files WHERE folder = ? AND directory = ? AND path = ?`,
};
