import { acknowledgementMigration } from './schema-acks.ts';
import { controlMigration } from './schema-controls.ts';
import { feedMigration } from './schema-feeds.ts';
import { firstMigration } from './schema-first.ts';
import { outboundMigration } from './schema-outbound.ts';
import { preparationMigration } from './schema-preparation.ts';
import { reportMigration } from './schema-reports.ts';
import { sourceMigration } from './schema-sources.ts';
import { unreadMigration } from './schema-unread.ts';
import { webhookMigration } from './schema-webhooks.ts';

/**
 * Migrations in order; the number of the last one is the version of the schema. One that was released is never changed.
 * Narrow rows that change often (submissions, drops) are kept apart from the wide ones that never do (requests).
 */
export const migrations: readonly string[] = [
  firstMigration,
  controlMigration,
  preparationMigration,
  feedMigration,
  outboundMigration,
  webhookMigration,
  reportMigration,
  sourceMigration,
  acknowledgementMigration,
  unreadMigration,
];
