/** Files that stay where they are after they were taken, so that each is taken once. */
export const sourceMigration = `
  CREATE TABLE remembered_files (
    folder TEXT NOT NULL,
    directory TEXT NOT NULL,
    path TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    hash TEXT NOT NULL,
    is_sure INTEGER NOT NULL,
    read_at INTEGER NOT NULL,
    gone_at INTEGER,
    marker TEXT,
    PRIMARY KEY (folder, directory, path)
  ) STRICT, WITHOUT ROWID;
  `;
