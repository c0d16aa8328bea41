import type { DropFilter, DropView, LedgerReader, Overview } from '../../core/ledger.ts';
import { restored } from '../text.ts';
import { filesAbout } from './acks.ts';
import type { Connection } from './connection.ts';
import { controlReader } from './controls.ts';
import { readDocuments, toSubmissionView, type SubmissionView } from './documents.ts';
import { toItem } from './feeds.ts';
import { viewFlow } from './outbound-decisions.ts';
import { toDrop, toOutboundFile, type DropRow, type OutboundRow } from './rows.ts';
import { findRequest } from './requests.ts';
import { dropSql } from './sql/drops.ts';
import { readingSql } from './sql/reading.ts';
import { readWebhookCounts } from './webhooks.ts';

const NEWEST = Number.MAX_SAFE_INTEGER;

/** Everything that only reads: for the process that owns the ledger and for one that looks in. */
export function createReader(connection: Connection): LedgerReader {
  return {
    ...controlReader(connection),
    async overview() {
      return readOverview(connection);
    },
    async drops(filter) {
      return selectDrops(connection, filter).map((row) => toDropView(connection, row));
    },
    async drop(id) {
      const row = connection.first<DropRow>(dropSql.byId, id);
      return row === undefined ? undefined : toDropView(connection, row);
    },
    async documents(filter) {
      return readDocuments(connection, filter);
    },
    async filesAbout(provider, keys) {
      return filesAbout(connection, provider, keys);
    },
    async outboundFlow(flow) {
      return viewFlow(connection, flow);
    },
    async outboundFiles({ flow, limit, before = NEWEST }) {
      const rows =
        flow === undefined
          ? connection.all<OutboundRow>(readingSql.outboundFiles, before, limit)
          : connection.all<OutboundRow>(readingSql.outboundFilesOfFlow, flow, before, limit);
      return rows.map(toOutboundFile);
    },
    async feedItems({ limit, before = NEWEST }) {
      return connection.all<FeedItemRow>(readingSql.feedItems, before, limit).map((row) => toFeedItem(connection, row));
    },
    async request(submissionId) {
      return findRequest(connection, submissionId);
    },
    async submissions({ state, limit, before = NEWEST }) {
      const rows =
        state === undefined
          ? connection.all<SubmissionView>(readingSql.submissions, before, limit)
          : connection.all<SubmissionView>(readingSql.submissionsByState, state, before, limit);
      return rows.map((row) => toSubmissionView(connection, row));
    },
  };
}

function selectDrops(connection: Connection, { name, limit, before = NEWEST }: DropFilter): readonly DropRow[] {
  if (name === undefined) return connection.all<DropRow>(readingSql.drops, before, limit);
  return connection.all<DropRow>(readingSql.dropsByName, before, name, limit);
}

function toDropView(connection: Connection, row: DropRow): DropView {
  const { records, accepted, rejected, held, ignored, waiting } = row;
  return {
    ...toDrop(connection, row),
    books: { records, accepted, rejected, held, ignored, waiting },
    firstSeenAt: row.first_seen_at,
    receivedAt: row.received_at ?? undefined,
    settledAt: row.settled_at ?? undefined,
    isReported: row.is_reported === 1,
  };
}

interface FeedItemRow {
  readonly id: number;
  readonly item_index: string;
  readonly document_key: string;
  readonly body: Uint8Array;
  readonly provider: string;
  readonly feed: string;
}

function toFeedItem(connection: Connection, row: FeedItemRow) {
  const { provider, feed, item_index: index } = row;
  const facts = connection.all<{ fact: string }>(readingSql.facts, row.id).map(({ fact }) => restored(fact));
  return { ...toItem(row), provider, feed, index, facts };
}

function readOverview(connection: Connection): Overview {
  const books = connection.first<Overview['books']>(readingSql.books);
  if (books === undefined) throw new Error('an aggregate query answered nothing');
  return {
    books: { ...books },
    drops: counts(connection, readingSql.dropStates),
    submissions: counts(connection, readingSql.submissionStates),
    outbound: counts(connection, readingSql.outboundStates),
    feeds: connection.all<Overview['feeds'][number]>(readingSql.feeds).map((feed) => ({ ...feed })),
    webhooks: readWebhookCounts(connection),
  };
}

function counts(connection: Connection, sql: string): Record<string, number> {
  return Object.fromEntries(
    connection.all<{ name: string; count: number }>(sql).map(({ name, count }) => [name, count]),
  );
}
