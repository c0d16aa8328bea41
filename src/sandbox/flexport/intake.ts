import { type Answer, type ProviderRequest } from '../frame.ts';
import { isObject, withoutNulls } from '../json.ts';
import { invalid, type Problem, refused } from './answers.ts';
import { type Desk } from './desk.ts';
import { type SchemaCheck, type SchemaName } from './schemas.ts';
import { type InboundBody, type OrderBody, type ProductBody, type ReturnBody, type WholesaleBody } from './types.ts';

/** A request on its way to an operation, with the id from its path. */
export interface Call {
  desk: Desk;
  request: ProviderRequest;
  /** Decoded; empty where the path has none. */
  id: string;
  /** Address of the stand-in as the caller knows it, without a slash at the end. */
  origin: string;
  checkSchema: SchemaCheck;
}

/** What each schema describes. */
interface Bodies {
  order: OrderBody;
  'order-cancel': { cancellationReason?: string };
  'b2b-order': WholesaleBody;
  product: ProductBody;
  'inbound-shipment': InboundBody;
  return: ReturnBody;
}

export type Operation = (call: Call) => Answer;

/** The body of a request, or the refusal it deserves: 400 for its shape, 422 for what `check` finds in it. */
export function readDocument<Name extends SchemaName>(
  call: Call,
  schema: Name,
  check?: (body: Bodies[Name]) => readonly Problem[],
): { body: Bodies[Name]; refusal?: undefined } | { refusal: Answer } {
  const { desk, checkSchema } = call;
  const body = readObject(call);
  if (body === undefined) return { refusal: refused(400, 'The body is not a JSON object') };
  const problems = checkSchema(schema, body, desk.switches.unknownProperties === 'ignore');
  if (problems.length > 0) return { refusal: invalid(400, problems) };
  const typed = body as unknown as Bodies[Name];
  const found = check?.(typed) ?? [];
  return found.length > 0 ? { refusal: invalid(422, found) } : { body: typed };
}

/** Undefined when the bytes are no JSON object; no bytes are an empty one. Null counts as absent. */
export function readObject({ request }: Call): Record<string, unknown> | undefined {
  if (request.body.length === 0) return {};
  try {
    const value = withoutNulls(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(request.body)));
    return isObject(value) ? value : undefined;
  } catch {
    // Every way in which this fails has the same answer: 400 on the body.
    return undefined;
  }
}
