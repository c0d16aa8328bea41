import { type Answer } from '../frame.ts';
import { answer, refusedFor } from './answers.ts';
import { type Call, readDocument } from './intake.ts';

/** POST /location/v1/locations */
export function createLocation(call: Call): Answer {
  const { locations } = call.desk.tenant;
  const read = readDocument(call, 'location');
  if ('refusal' in read) return read.refusal;
  const { locationExternalId: id } = read.body;
  if (locations.has(id)) {
    const where = { parameter: 'locationExternalId', entityId: id, entity: 'location' };
    return refusedFor(422, 'DUPLICATE_ID', `Location ${id} already exists`, where);
  }
  locations.set(id, { ...read.body, providers: ['UPS'] });
  return answer(201, read.body);
}

/** GET /location/v1/locations/{id} */
export function getLocation({ desk, id }: Call): Answer {
  const location = desk.tenant.locations.get(id);
  if (location !== undefined) return answer(200, location);
  const where = { parameter: 'locationExternalId', entityId: id, entity: 'location' };
  return refusedFor(404, 'NOT_FOUND', `Location ${id} is not known`, where);
}
