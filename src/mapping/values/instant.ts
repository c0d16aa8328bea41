import { parseDateFormat } from './date-format.ts';
import { createZone, inZone } from './zone.ts';

/**
 * Writes an instant (milliseconds since the epoch) in a zone, with the date tokens of mappings.
 * @throws RangeError when the format or the zone is not known, or the format cannot write this year.
 */
export function formatInstant(instantMs: number, format: string, zoneName: string): string {
  const parsed = parseDateFormat(format);
  if ('problem' in parsed) throw new RangeError(`no date format: ${parsed.problem}`);
  const zone = createZone(zoneName);
  if (zone === undefined) throw new RangeError('no such time zone');
  const written = parsed.write(inZone(instantMs, zone));
  if (written === undefined) throw new RangeError('the format cannot write this year');
  return written;
}
