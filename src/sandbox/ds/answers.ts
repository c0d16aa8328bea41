import { type Answer } from '../frame.ts';
import { renderJson } from '../json.ts';

const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' };

/** One finding, in the provider's words. */
export interface Problem {
  type: string;
  message: string;
  parameter?: string;
  entityId?: string;
  entity?: string;
}

/** An answer in JSON. */
export function answer(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { ...JSON_HEADERS, ...headers }, body: renderJson(value) };
}

/** A refusal with its findings; without any, the refusal is its own finding. */
export function refused(status: number, type: string, message: string, problems: readonly Problem[] = []): Answer {
  const errors = problems.length > 0 ? problems : [{ type, message }];
  return answer(status, { type, message, errors }, { apierrorcode: type, apierrormsg: message });
}

/** A refusal about one property. */
export function refusedFor(
  status: number,
  type: string,
  message: string,
  where: Omit<Problem, 'type' | 'message'>,
): Answer {
  return refused(status, type, message, [{ type, message, ...where }]);
}

/** The refusal of a caller, which has a body of another form. */
export function unauthorized(message: string, transaction: string): Answer {
  const headers = { bkndtransid: transaction, transid: transaction, apierrorcode: '250002', apierrormsg: message };
  return answer(401, unauthorizedBody(message), headers);
}

function unauthorizedBody(message: string): unknown {
  return { response: { errors: [{ code: '250002', message }] } };
}

const FORCED_TYPES: Readonly<Record<number, string>> = {
  400: 'VALIDATION_ERROR',
  403: 'CANCELLATION_NOT_ALLOWED',
  404: 'NOT_FOUND',
  409: 'INVALID_OPERATION',
  422: 'UNMAPPED_ERROR',
  429: 'TOO_MANY_REQUESTS',
};

/** The body of a status that a fault forces. */
export function forcedBody(status: number): unknown {
  const message = `Forced answer ${status}.`;
  if (status === 401) return unauthorizedBody(message);
  const type = FORCED_TYPES[status] ?? 'INTERNAL_SERVER_ERROR';
  return { type, message, errors: [{ type, message }] };
}
