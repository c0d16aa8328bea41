import { createHmac } from 'node:crypto';
import { owe } from '../webhooks.ts';
import { type Desk, MINUTE_MS } from './desk.ts';
import { type HistoryEntry, type Shipment } from './state.ts';

const RETRIES_MS = [1, 5, 30].map((minutes) => minutes * MINUTE_MS);
const ANSWER_MS = 10_000;

/** Owes a change of status to every webhook of the tenant that is set to it. */
export function oweStatus(desk: Desk, shipment: Shipment, { status, at, note, statusUser }: HistoryEntry): void {
  const { tenant } = desk;
  for (const [place, { url, secret, statuses }] of (tenant.webhooks ?? []).entries()) {
    if (statuses.length > 0 && !statuses.includes(status)) continue;
    const { body } = shipment;
    const text = JSON.stringify({
      webhookType: 'status',
      event: status,
      status,
      orderId: shipment.id,
      orderExternalId: body.orderExternalId,
      locationExternalId: body.locationExternalId ?? body.pickup?.locationExternalId,
      tenantId: tenant.id,
      provider: shipment.provider === undefined ? null : { ...shipment.provider, displayName: shipment.provider.name },
      trackingId: shipment.trackingId ?? null,
      note: note ?? null,
      statusUser,
      receivedAtEpoch: at,
      sentAt: new Date(at).toISOString(),
    });
    const sign = (key: string): Record<string, string> => ({
      'content-type': 'application/json',
      ...(secret === '' ? {} : { 'x-ds-signature': createHmac('sha256', key).update(text).digest('hex') }),
    });
    const post = { url, method: 'POST', body: text, at, retriesMs: RETRIES_MS, answerMs: ANSWER_MS };
    const event = `${place} ${shipment.id} ${status} ${at}`;
    owe((tenant.posts ??= []), { ...post, headers: sign(secret), forgedHeaders: sign(`not ${secret}`) }, event, desk);
  }
}
