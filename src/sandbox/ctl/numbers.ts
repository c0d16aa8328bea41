import { countUp } from './desk.ts';
import { type Book } from './state.ts';

/** A parcel tracking number in the shape UPS uses. */
export function nextTrackingNumber(book: Book): string {
  return `1Z00TEST${String(countUp(book, 'tracking')).padStart(10, '0')}`;
}

/** A freight bill number. */
export function nextProNumber(book: Book): string {
  return `PRO${String(countUp(book, 'pro')).padStart(9, '0')}`;
}

/** A GS1 serial shipping container code behind its application identifier 00, with a right check digit. */
export function nextShippingCode(book: Book): string {
  const digits = `00812345${String(countUp(book, 'shipping-code')).padStart(9, '0')}`;
  const sum = Array.from(digits).reduce((total, digit, place) => total + Number(digit) * (place % 2 === 0 ? 3 : 1), 0);
  return `00${digits}${(10 - (sum % 10)) % 10}`;
}
