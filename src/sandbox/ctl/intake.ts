import { type Answer, type ProviderRequest } from '../frame.ts';
import { isObject, withoutNulls } from '../json.ts';
import { invalid, invalidField, type Problems } from './answers.ts';
import { type Desk } from './desk.ts';
import { type SchemaCheck, type SchemaName } from './schemas.ts';
import { type Address, type AsnBody, type OrderBody, type ProductBody, type PurchaseOrderBody } from './types.ts';

/** A request on its way to an operation, with the id from its path. */
export interface Call {
  desk: Desk;
  request: ProviderRequest;
  /** Decoded; empty where the path has none. */
  id: string;
  checkSchema: SchemaCheck;
}

/** What each schema describes. */
interface Bodies {
  order: OrderBody;
  'ship-to': Address;
  'order-cancel': { Cancel: true };
  'purchase-order': PurchaseOrderBody;
  asn: AsnBody;
  'product-change': ProductBody;
}

export type Operation = (call: Call) => Answer;

/** The body of a request, or the 400 it deserves. `check` adds rules no schema can say; its body may break the schema. */
export function readDocument<Name extends SchemaName>(
  call: Call,
  schema: Name,
  check?: (problems: Problems, body: Record<string, unknown>) => void,
): { body: Bodies[Name]; refusal?: undefined } | { refusal: Answer } {
  const { desk, request, checkSchema } = call;
  const body = withoutNulls(parseBody(request));
  if (!isObject(body)) return { refusal: invalidField('body', 'The body must be a JSON object.', desk.switches) };
  const problems = checkSchema(schema, body, desk.switches.unknownProperties === 'ignore');
  check?.(problems, body);
  return problems.size > 0 ? { refusal: invalid(problems, desk.switches) } : { body: body as unknown as Bodies[Name] };
}

/** Undefined when the bytes are no text in their charset, or no JSON. */
function parseBody({ headers, body }: ProviderRequest): unknown {
  const charset = /charset="?([^";\s]+)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  try {
    return JSON.parse(new TextDecoder(charset, { fatal: true }).decode(body));
  } catch {
    // Every way in which this fails has the same answer: 400 on the body.
    return undefined;
  }
}

/** The value of a header that is `true` or `false`; absent counts as false. Undefined when it is something else. */
export function readFlag({ request }: Call, name: string): boolean | undefined {
  const text = request.headers[name.toLowerCase()]?.toString().trim().toLowerCase() ?? 'false';
  return text === 'true' ? true : text === 'false' ? false : undefined;
}
