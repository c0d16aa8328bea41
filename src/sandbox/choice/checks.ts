import { isObject } from '../json.ts';
import { type Problem } from './answers.ts';
import { type Desk } from './desk.ts';
import { type TicketBody, type TicketLine } from './types.ts';

/** What no schema can say of a ticket: serial numbers that do not match, even in a body that breaks the schema. */
export function checkSerials(body: unknown, isRequired: boolean): Problem[] {
  const lines = isObject(body) && Array.isArray(body['lines']) ? (body['lines'] as unknown[]) : [];
  return lines.flatMap((line, place) => {
    if (!isObject(line)) return [];
    const { quantity, serialized, serialNumbers } = line;
    const field = `lines[${place}].serialNumbers`;
    if (serialNumbers === undefined) {
      return serialized === true && isRequired ? [{ field, message: `${field} is required.` }] : [];
    }
    if (!Array.isArray(serialNumbers)) return [{ field, message: `${field} must be a list.` }];
    const problems: Problem[] = [];
    if (serialized !== true) problems.push({ field, message: `${field} is only for a serialized line.` });
    else if (serialNumbers.length !== quantity) {
      problems.push({ field, message: `${field} must list ${String(quantity)} serial numbers.` });
    }
    if (new Set(serialNumbers).size < serialNumbers.length) {
      problems.push({ field, message: `${field} must not repeat a serial number.` });
    }
    return problems;
  });
}

/** What is wrong with the things a ticket names. */
export function checkReferences(desk: Desk, client: string, body: TicketBody): Problem[] {
  const { state, switches } = desk;
  const problems: Problem[] = [];
  const subaccounts = state.clients.get(client)?.subaccounts ?? [];
  if (switches.knownSubaccountsOnly && !subaccounts.includes(body.subaccount)) {
    problems.push({ field: 'subaccount', message: `Subaccount ${body.subaccount} is unknown.` });
  }
  if (switches.knownLocationsOnly && !state.locations.has(body.ssl)) {
    problems.push({ field: 'ssl', message: `Stocking location ${body.ssl} is unknown.` });
  }
  return [...problems, ...body.lines.flatMap((line, place) => checkPart(desk, line, place))];
}

function checkPart({ state, switches }: Desk, { partNumber, serialized }: TicketLine, place: number): Problem[] {
  const part = state.parts.get(partNumber);
  const field = `lines[${place}].partNumber`;
  if (part === undefined) {
    return switches.knownPartsOnly ? [{ field, message: `Part ${partNumber} is unknown.` }] : [];
  }
  if (!part.active) return [{ field, message: `Part ${partNumber} is not active.` }];
  if (part.serialized === (serialized ?? false)) return [];
  const rule = part.serialized ? 'is serialized' : 'is not serialized';
  return [{ field: `lines[${place}].serialized`, message: `Part ${partNumber} ${rule}.` }];
}
