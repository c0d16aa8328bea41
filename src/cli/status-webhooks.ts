import type { WebhookCounts } from '../core/webhook.ts';

/** What came from a provider, in one line. */
export function describeWebhooks({ provider, lastAt, stored, repeated, woken }: WebhookCounts): string {
  const last = new Date(lastAt).toISOString();
  const waiting = stored - woken;
  const rest = waiting === 0 ? '' : `, ${waiting} have yet to wake their feeds`;
  return `webhooks ${provider}: last event ${last}, ${stored} stored, ${repeated} came again, ${woken} woke their feeds${rest}`;
}
