import { type Answer, type ProviderRequest } from '../frame.ts';
import { isObject, withoutNulls } from '../json.ts';
import { type Problem, refused } from './answers.ts';
import { listRequest, locationRequest, shipmentEdit, shipmentRequest } from './bodies.ts';
import { type Check } from './checks.ts';
import { type Desk } from './desk.ts';
import { type ListBody, type LocationBody, type ShipmentBody } from './types.ts';

/** A request on its way to an operation, with the id from its path. */
export interface Call {
  desk: Desk;
  request: ProviderRequest;
  /** Decoded; empty where the path has none. */
  id: string;
}

export type Operation = (call: Call) => Answer;

/** What each request carries. */
interface Bodies {
  create: ShipmentBody;
  edit: Partial<ShipmentBody>;
  list: ListBody;
  location: LocationBody;
}

const CHECKS: Readonly<Record<keyof Bodies, Check>> = {
  create: shipmentRequest,
  edit: shipmentEdit,
  list: listRequest,
  location: locationRequest,
};

/** The body of a request, or the 400 it deserves. An absent body counts as `{}`. */
export function readDocument<Name extends keyof Bodies>(
  { desk, request }: Call,
  name: Name,
): { body: Bodies[Name] } | { refusal: Answer } {
  const body = withoutNulls(parseBody(request.body));
  if (!isObject(body)) return { refusal: invalid([], 'The body must be a JSON object') };
  const problems: Problem[] = [];
  CHECKS[name](body, '', { problems, refusesUnknown: desk.switches.unknownProperties === 'refuse' });
  if (problems.length > 0) return { refusal: invalid(problems, 'The request is not valid') };
  return { body: body as unknown as Bodies[Name] };
}

function invalid(problems: readonly Problem[], message: string): Answer {
  return refused(400, 'VALIDATION_ERROR', message, problems);
}

function parseBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return {};
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // Whether no text or no JSON: the answer is the same.
    return undefined;
  }
}
