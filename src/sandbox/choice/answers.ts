import { type Answer } from '../frame.ts';
import { renderJson } from '../json.ts';

const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' };

/** One finding about a request, at a field such as `lines[1].quantity`. */
export interface Problem {
  field: string;
  message: string;
}

export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { ...JSON_HEADERS, ...headers }, body: renderJson(value) };
}

export function refused(status: number, code: string, message: string, headers?: Record<string, string>): Answer {
  return json(status, { code, message }, headers);
}

export function invalid(errors: readonly Problem[]): Answer {
  return json(422, { code: 'VALIDATION_ERROR', message: 'The request is not valid.', errors });
}

/** An ISO 8601 text in UTC, in whole seconds. */
export function isoTime(time: number): string {
  return new Date(time).toISOString().replace(/\.[0-9]{3}Z$/, 'Z');
}
