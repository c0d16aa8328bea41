import { HOUR_MS, MINUTE_MS } from './desk.ts';
import { type HistoryEntry, type Location, type Shipment, type Tenant } from './state.ts';
import { type DsSwitches } from './switches.ts';
import { type TimeWindow } from './types.ts';

const CURRENCIES: Readonly<Record<string, string>> = { US: 'USD', CA: 'CAD', GB: 'GBP', AU: 'AUD', IE: 'EUR' };
const PORTAL = 'https://portal.ds.example';

/** A shipment as it is read. */
export function viewShipment(shipment: Shipment, tenant: Tenant): Record<string, unknown> {
  const { body, trackingId } = shipment;
  const locationId = body.locationExternalId ?? body.pickup?.locationExternalId ?? '';
  const origin: Pick<Location, 'address' | 'contact'> | undefined = body.pickup ?? tenant.locations.get(locationId);
  const country = body.deliveryAddress.countryCode ?? 'US';
  const { pickup: _pickup, ...content } = body;
  return {
    id: shipment.id,
    ...content,
    deliveryAddress: { ...body.deliveryAddress, countryCode: country },
    tenantId: tenant.id,
    locationExternalId: locationId,
    status: shipment.status,
    createdAt: new Date(shipment.createdAt).toISOString(),
    lastUpdatedAt: new Date(shipment.lastUpdatedAt).toISOString(),
    provider: shipment.provider === undefined ? null : { ...shipment.provider, displayName: shipment.provider.name },
    trackingId: trackingId ?? null,
    ...viewLinks(shipment),
    ...viewTimes(shipment),
    amount: amountOf(shipment),
    fee: 0.75,
    currencyCode: CURRENCIES[country],
    ...viewProof(shipment),
    pickupAddress: origin?.address ?? null,
    pickupContact: origin?.contact ?? null,
    ...(shipment.status === 'ORDER_UNDELIVERABLE' ? { returnLocationId: locationId } : {}),
  };
}

function viewLinks({ trackingId }: Shipment): object {
  if (trackingId === undefined) return { label: null, referenceLinks: null };
  const link = (what: string): string => `${PORTAL}/${what}/${trackingId}`;
  return {
    label: { trackingId, file: null, fileType: 'pdf', url: link('labels'), code: null },
    referenceLinks: {
      providerTrackingUrl: null,
      trackingUrl: link('track'),
      hostedTrackingUrl: null,
      labelLink: link('labels'),
      qrcodeLink: link('qr'),
    },
  };
}

function viewTimes({ body, dispatchedAt, pickedUpAt, deliveredAt }: Shipment): object {
  const expected = (from: number, to: number): object | null =>
    dispatchedAt === undefined ? null : { startsAt: dispatchedAt + from, endsAt: dispatchedAt + to };
  return {
    pickupTime: viewWindow(body.pickupTime),
    deliveryTime: viewWindow(body.deliveryTime),
    estimatedPickupTime: expected(15 * MINUTE_MS, 30 * MINUTE_MS),
    estimatedDeliveryTime: expected(5 * HOUR_MS, 7 * HOUR_MS),
    actualPickupTime: pickedUpAt ?? null,
    actualDeliveryTime: deliveredAt ?? null,
  };
}

function viewWindow(window: TimeWindow | undefined): object | null {
  return window === undefined ? null : { startsAt: window.startsAt ?? null, endsAt: window.endsAt ?? null };
}

/** Nine for the parcel and a half for each piece, so that sums can be told apart. */
function amountOf({ body }: Shipment): number {
  const pieces = (body.itemList ?? []).reduce((sum, { quantity = 1 }) => sum + quantity, 0);
  return 9 + pieces * 0.5;
}

function viewProof({ body, deliveredAt, trackingId }: Shipment): object {
  if (deliveredAt === undefined) return { signatureInfo: null, attachments: null };
  const isSigned = body.signature === 'required' || body.signature === 'required_recipient';
  const link = (what: string): string => `${PORTAL}/${what}/${trackingId ?? ''}`;
  return {
    signatureInfo: isSigned
      ? { signedBy: body.deliveryContact.name, signatureLink: link('signatures'), signedAt: deliveredAt }
      : null,
    attachments: [{ type: 'PROOF_OF_DELIVERY', url: link('proofs') }],
  };
}

/** The history of a shipment; `isUnique` keeps the latest entry of each status. */
export function viewHistory(
  shipment: Shipment,
  tenant: Tenant,
  isUnique: boolean,
  switches: Readonly<DsSwitches>,
): unknown {
  const latest = new Map(shipment.history.map((entry) => [entry.status, entry]));
  const shown = isUnique ? shipment.history.filter((entry) => latest.get(entry.status) === entry) : shipment.history;
  return [
    {
      orderId: shipment.id,
      tenantId: tenant.id,
      trackingUrl: shipment.trackingId === undefined ? null : `${PORTAL}/track/${shipment.trackingId}`,
      orderStatus: shown.map((entry) => viewEntry(entry, switches)),
    },
  ];
}

function viewEntry(
  { status, at, note, subStatus, statusUser, eventReason }: HistoryEntry,
  { historyTime }: Readonly<DsSwitches>,
): object {
  const updatedAt = historyTime === 'iso' ? new Date(at).toISOString() : inWords(at);
  return {
    status,
    updatedAt,
    note: note ?? null,
    subStatus: subStatus ?? null,
    statusUser,
    eventReason: eventReason ?? null,
  };
}

/** Such as `April 27th 2022, 2:45:45 am CDT`. */
function inWords(at: number): string {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: 'America/Chicago',
    dateStyle: 'long',
    timeStyle: 'long',
  });
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const half = part['dayPeriod']?.toLowerCase() ?? '';
  const clock = `${part['hour']}:${part['minute']}:${part['second']} ${half} ${part['timeZoneName']}`;
  return `${part['month']} ${ordinal(Number(part['day']))} ${part['year']}, ${clock}`;
}

function ordinal(day: number): string {
  const isTeen = day >= 11 && day <= 13;
  const ending = isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][day % 10] ?? 'th');
  return `${day}${ending}`;
}
