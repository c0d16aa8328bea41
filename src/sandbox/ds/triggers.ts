import { type Answer } from '../frame.ts';
import { refused, refusedFor } from './answers.ts';
import { type Desk } from './desk.ts';
import { type ShipmentBody } from './types.ts';

/** The refusal that the content of a shipment deserves, whether new, changed or tried again. */
export function refuseByData(desk: Desk, body: ShipmentBody): Answer | undefined {
  const { tenant } = desk;
  const { locationExternalId, deliveryAddress } = body;
  if (locationExternalId !== undefined && !tenant.locations.has(locationExternalId)) {
    return invalidData(desk, `Location ${locationExternalId} is not known`, {
      parameter: 'locationExternalId',
      entityId: locationExternalId,
      entity: 'location',
    });
  }
  const location = tenant.locations.get(locationExternalId ?? '');
  if (location?.providers.length === 0) {
    const message = `No provider is assigned to location ${location.locationExternalId}`;
    return refusedFor(422, 'NO_PROVIDER_ASSIGNED', message, { parameter: 'locationExternalId', entity: 'location' });
  }
  if (deliveryAddress.postalCode === '00000') {
    const message = 'The delivery address could not be located';
    return refusedFor(422, 'GEOCODING_FAILED', message, { parameter: 'deliveryAddress', entity: 'address' });
  }
  if (deliveryAddress.countryCode === 'IE' && body.package?.content?.includes('alcohol') === true) {
    const message = 'No provider carries alcohol to IE';
    return refusedFor(422, 'NO_PROVIDER_MATCHED', message, { parameter: 'package.content', entity: 'package' });
  }
  return undefined;
}

/** INVALID_DATA with the status that the switch says. */
export function invalidData(
  { switches }: Pick<Desk, 'switches'>,
  message: string,
  where: Parameters<typeof refusedFor>[3],
): Answer {
  return refusedFor(Number(switches.invalidDataStatus), 'INVALID_DATA', message, where);
}

/** What the answer to an accepted shipment with `-WARN` in its id says besides. */
export function viewWarnings({ switches }: Desk, { orderExternalId, deliveryAddress }: ShipmentBody): object {
  if (!orderExternalId.includes('-WARN')) return {};
  const area = `Postal code ${deliveryAddress.postalCode} was not found in this city`;
  const general = 'The estimated fee may change';
  const problems = [
    { type: 'ADDRESS_UNCERTAIN', message: area, parameter: 'deliveryAddress.postalCode' },
    { type: 'FEE_ESTIMATED', message: general },
  ];
  if (switches.warningsAs === 'texts') return { warnings: [area, general] };
  return switches.warningsAs === 'errors' ? { errors: problems } : { warnings: problems };
}

/** How a create with `-PLACEFAIL` in its id ends: at first nothing is kept, then a failed record is. */
export function placeFails({ tenant }: Desk, externalId: string): 'without-record' | 'with-record' | undefined {
  if (!externalId.includes('-PLACEFAIL')) return undefined;
  const failed = (tenant.failures.get(externalId) ?? 0) + 1;
  tenant.failures.set(externalId, failed);
  if (failed > 2) return undefined;
  return failed === 1 ? 'without-record' : 'with-record';
}

/** The refusal of an order that no carrier took. */
export function placeFailed(externalId: string): Answer {
  return refused(422, 'PLACE_ORDER_FAILED', `Order ${externalId} could not be placed with the provider`);
}
