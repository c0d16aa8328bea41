/** Statements about files that should come: sequence numbers, deadlines, incidents. */
export const controlSql = {
  sequence: `SELECT flow, cycle, number, waiting_since FROM sequences WHERE flow = ?`,
  numbered: `SELECT drop_id FROM sequence_numbers WHERE flow = ? AND cycle = ? AND number = ?`,
  insertNumber: `
    INSERT INTO sequence_numbers (flow, cycle, number, drop_id) SELECT flow, ?2, ?3, id FROM drops WHERE id = ?1
    ON CONFLICT (flow, cycle, number) DO NOTHING`,
  // A file that comes late must not turn the sequence back.
  advance: `
    INSERT INTO sequences (flow, cycle, number) SELECT flow, ?2, ?3 FROM drops WHERE id = ?1
    ON CONFLICT (flow) DO UPDATE SET cycle = excluded.cycle, number = excluded.number, waiting_since = NULL
    WHERE (excluded.cycle, excluded.number) > (sequences.cycle, sequences.number)`,
  closeGapOfDrop: `
    UPDATE incidents SET closed_at = ?1
    WHERE flow = (SELECT flow FROM drops WHERE id = ?2) AND code = 'sequence-gap' AND closed_at IS NULL`,
  closeGap: `UPDATE incidents SET closed_at = ?1 WHERE flow = ?2 AND code = 'sequence-gap' AND closed_at IS NULL`,
  setWait: `UPDATE sequences SET waiting_since = ?1 WHERE flow = ?2`,
  setSequence: `
    INSERT INTO sequences (flow, cycle, number) VALUES (?1, ?2, ?3)
    ON CONFLICT (flow) DO UPDATE SET cycle = excluded.cycle, number = excluded.number, waiting_since = NULL`,
  openIncident: `
    INSERT INTO incidents (flow, code, subject, opened_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (flow, code, subject) WHERE closed_at IS NULL DO NOTHING`,
  closeIncident: `UPDATE incidents SET closed_at = ? WHERE id = ? AND closed_at IS NULL`,
  beginExpectation: `
    INSERT INTO expectations (flow, judged_until) VALUES (?, ?) ON CONFLICT (flow) DO NOTHING`,
  expectation: `SELECT flow, judged_until, is_met FROM expectations WHERE flow = ?`,
  judge: `UPDATE expectations SET judged_until = ?, is_met = ? WHERE flow = ?`,
  arrivals: `SELECT id, drop_id, arrived_at FROM arrivals WHERE flow = ? ORDER BY id`,
  insertArrival: `
    INSERT INTO arrivals (flow, drop_id, arrived_at)
    SELECT d.flow, d.id, ?2 FROM drops d JOIN expectations e ON e.flow = d.flow WHERE d.id = ?1`,
  deleteArrivals: `DELETE FROM arrivals WHERE flow = ? AND id <= ?`,
  incidents: `SELECT * FROM incidents WHERE id < ? ORDER BY id DESC LIMIT ?`,
  openIncidents: `SELECT * FROM incidents WHERE closed_at IS NULL AND id < ? ORDER BY id DESC LIMIT ?`,
  // One row for each flow of the configuration.
  sequences: `SELECT flow, cycle, number, waiting_since FROM sequences ORDER BY flow`,
  expectations: `SELECT flow, judged_until, is_met FROM expectations ORDER BY flow`,
  dropExpectation: `DELETE FROM expectations WHERE flow = ?`,
  dropArrivals: `DELETE FROM arrivals WHERE flow = ?`,
  closeOfFlow: `UPDATE incidents SET closed_at = ? WHERE flow = ? AND code = ? AND closed_at IS NULL`,
};
