import { type Answer } from '../frame.ts';
import { renderJson } from '../json.ts';
import { type CtlSwitches } from './switches.ts';

const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' };

/** Field path, such as `Items[1].Quantity`, to what is wrong with it. */
export type Problems = Map<string, string[]>;

export function addProblem(problems: Problems, path: string, message: string): void {
  const messages = problems.get(path);
  if (messages === undefined) problems.set(path, [message]);
  else if (!messages.includes(message)) messages.push(message);
}

export function ok(value: unknown): Answer {
  return text(200, renderJson(value));
}

/** A 200 or other answer whose JSON is already text. */
export function text(status: number, body: string): Answer {
  return { status, headers: JSON_HEADERS, body };
}

export function created(): Answer {
  return { status: 201 };
}

export function done(status: 200 | 204): Answer {
  return { status };
}

export function refused(status: 401 | 404 | 405 | 409, message: string): Answer {
  return text(status, renderJson({ Message: message }));
}

export function invalid(problems: Problems, { modelStateText }: Readonly<CtlSwitches>): Answer {
  const entries = [...problems].map(([path, messages]) => [
    path,
    modelStateText === 'array' ? messages : messages.join(' '),
  ]);
  const body = { Message: 'A validation error occurred.', ModelState: Object.fromEntries(entries) as unknown };
  return text(400, renderJson(body));
}

/** A 400 about one field. */
export function invalidField(path: string, message: string, switches: Readonly<CtlSwitches>): Answer {
  return invalid(new Map([[path, [message]]]), switches);
}
