import { countUp, type Desk } from './desk.ts';
import { type Parcel } from './state.ts';

/** Different products beyond this count go into a second package. */
const ITEMS_PER_PACKAGE = 3;

/** A parcel tracking number in the shape UPS uses. */
export function nextTrackingNumber({ book }: Desk): string {
  return `1Z00TEST${String(countUp(book, 'tracking')).padStart(10, '0')}`;
}

/** Packages of what leaves now. Lots are told for products that are tracked by lot. */
export function pack(
  desk: Desk,
  items: readonly { logisticsSku: string; quantity: number }[],
  method = 'UPS.GROUND',
): Parcel[] {
  const parcels: Parcel[] = [];
  for (let first = 0; first < items.length; first += ITEMS_PER_PACKAGE) {
    const number = countUp(desk.book, 'package');
    parcels.push({
      id: `PK-${55_000 + number}`,
      items: items.slice(first, first + ITEMS_PER_PACKAGE).map((item) => ({ ...item, ...lotOf(desk, item) })),
      carrier: /^([A-Z]+)\./.exec(method)?.[1] ?? 'UPS',
      method,
      trackingCode: nextTrackingNumber(desk),
      labelId: `LB-${9_000 + number}`,
      createdAt: desk.at,
      shippedAt: desk.at,
      deliveredAt: null,
    });
  }
  return parcels;
}

function lotOf({ book, switches }: Desk, { logisticsSku }: { logisticsSku: string }) {
  const lot = switches.profile === 'full' ? book.products.get(logisticsSku)?.lot : undefined;
  return { lotNumber: lot?.lotNumber ?? null, expirationDate: lot?.expirationDate ?? null };
}
