import type { Clock } from '../../core/clock.ts';
import type {
  ControlLedger,
  ControlReader,
  ExpectationState,
  Incident,
  IncidentCode,
  Receipt,
  SequenceState,
} from '../../core/ledger.ts';
import { restored, storable } from '../text.ts';
import { noteClosed } from './acks.ts';
import type { Connection } from './connection.ts';
import { readDrop } from './drops.ts';
import { controlSql } from './sql/controls.ts';

const NEWEST = Number.MAX_SAFE_INTEGER;

interface SequenceRow {
  readonly flow: string;
  readonly cycle: number;
  readonly number: number;
  readonly waiting_since: number | null;
}

interface ExpectationRow {
  readonly flow: string;
  readonly judged_until: number;
  readonly is_met: number;
}

interface IncidentRow {
  readonly id: number;
  readonly flow: string;
  readonly code: IncidentCode;
  readonly subject: string;
  readonly opened_at: number;
  readonly closed_at: number | null;
}

/** Files that should come: sequence numbers, deadlines, and incidents about those that did not. */
export function controlMethods(connection: Connection, clock: Clock): ControlLedger {
  return {
    ...sequenceMethods(connection, clock),
    async openIncident(flow, code, subject) {
      return connection.write(() => openIncident(connection, flow, code, subject, clock.now()));
    },
    async closeIncident(id) {
      return connection.write(() => {
        noteClosed(connection, id, clock.now());
        return connection.run(controlSql.closeIncident, clock.now(), id) === 1;
      });
    },
    async beginExpectation(flow, from) {
      const known = connection.first<ExpectationRow>(controlSql.expectation, flow);
      if (known !== undefined) return toExpectation(connection, known);
      connection.write(() => void connection.run(controlSql.beginExpectation, flow, from));
      return { flow, judgedUntil: from, isMet: false, arrivals: [] };
    },
    async judgeExpectation(flow, { judgedUntil, isMet, countedUntil, opened, closed }) {
      const now = clock.now();
      connection.write(() => {
        connection.run(controlSql.judge, judgedUntil, isMet ? 1 : 0, flow);
        connection.run(controlSql.deleteArrivals, flow, countedUntil);
        for (const subject of opened) openIncident(connection, flow, 'file-overdue', subject, now);
        for (const id of closed) connection.run(controlSql.closeIncident, now, id);
      });
    },
    async retireControls({ expecting, numbered }) {
      const late = connection
        .all<ExpectationRow>(controlSql.expectations)
        .filter(({ flow }) => !expecting.includes(flow));
      const waiting = connection.all<SequenceRow>(controlSql.sequences).filter(({ flow }) => !numbered.includes(flow));
      if (late.length + waiting.length === 0) return;
      const now = clock.now();
      connection.write(() => {
        for (const { flow } of late) {
          connection.run(controlSql.dropExpectation, flow);
          connection.run(controlSql.dropArrivals, flow);
          connection.run(controlSql.closeOfFlow, now, flow, 'file-overdue');
        }
        for (const { flow } of waiting) {
          connection.run(controlSql.setWait, null, flow);
          connection.run(controlSql.closeGap, now, flow);
        }
      });
    },
  };
}

type SequenceMethods = Pick<ControlLedger, 'sequenceState' | 'numberedDrop' | 'noteSequenceWait' | 'setSequence'>;

function sequenceMethods(connection: Connection, clock: Clock): SequenceMethods {
  return {
    async sequenceState(flow) {
      const row = connection.first<SequenceRow>(controlSql.sequence, flow);
      return row === undefined ? undefined : toSequence(row);
    },
    async numberedDrop(flow, { cycle, number }) {
      const row = connection.first<{ drop_id: number }>(controlSql.numbered, flow, cycle, number);
      return row === undefined ? undefined : readDrop(connection, row.drop_id);
    },
    async noteSequenceWait(flow, since) {
      connection.write(() => {
        connection.run(controlSql.setWait, since ?? null, flow);
        if (since === undefined) connection.run(controlSql.closeGap, clock.now(), flow);
      });
    },
    async setSequence(flow, { cycle, number }) {
      connection.write(() => {
        connection.run(controlSql.setSequence, flow, cycle, number);
        connection.run(controlSql.closeGap, clock.now(), flow);
      });
    },
  };
}

function openIncident(connection: Connection, flow: string, code: IncidentCode, subject: string, at: number): boolean {
  return connection.run(controlSql.openIncident, flow, code, storable(subject), at) === 1;
}

/** Inside the transaction that receives a drop which is not refused. */
export function noteReceived(connection: Connection, dropId: number, receipt: Receipt, now: number): void {
  const { sequence, isReturned = false } = receipt;
  if (!isReturned) connection.run(controlSql.insertArrival, dropId, now);
  if (sequence === undefined) return;
  connection.run(controlSql.insertNumber, dropId, sequence.cycle, sequence.number);
  const advanced = connection.run(controlSql.advance, dropId, sequence.cycle, sequence.number);
  if (advanced > 0) connection.run(controlSql.closeGapOfDrop, now, dropId);
}

/** What both the owner of the ledger and one that looks in may ask. */
export function controlReader(connection: Connection): ControlReader {
  return {
    async incidents({ isOpen = false, limit, before = NEWEST }) {
      const sql = isOpen ? controlSql.openIncidents : controlSql.incidents;
      return connection.all<IncidentRow>(sql, before, limit).map(toIncident);
    },
    async sequences() {
      return connection.all<SequenceRow>(controlSql.sequences).map(toSequence);
    },
    async expectations() {
      return connection.all<ExpectationRow>(controlSql.expectations).map((row) => toExpectation(connection, row));
    },
  };
}

function toSequence({ flow, cycle, number, waiting_since }: SequenceRow): SequenceState {
  return { flow, cycle, number, waitingSince: waiting_since ?? undefined };
}

function toExpectation(connection: Connection, { flow, judged_until, is_met }: ExpectationRow): ExpectationState {
  const rows = connection.all<{ id: number; drop_id: number; arrived_at: number }>(controlSql.arrivals, flow);
  const arrivals = rows.map(({ id, drop_id, arrived_at }) => ({ id, dropId: drop_id, at: arrived_at }));
  return { flow, judgedUntil: judged_until, isMet: is_met === 1, arrivals };
}

function toIncident({ id, flow, code, subject, opened_at, closed_at }: IncidentRow): Incident {
  return { id, flow, code, subject: restored(subject), openedAt: opened_at, closedAt: closed_at ?? undefined };
}
