import { type Answer } from '../frame.ts';
import { renderJson } from '../json.ts';
import { guidOf } from '../random.ts';

const ERRORS = 'https://docs.logistics-api.flexport.com/2026-02/#section/Errors/';
const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  422: 'Unprocessable Entity',
  423: 'Locked',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** Field path, such as `lineItems[1].quantity`, and what is wrong with it. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: renderJson(value),
  };
}

/** What an error of this status says. */
export function problemBody(status: number, detail: string, code?: number): Record<string, unknown> {
  const title = TITLES[status] ?? 'Error';
  return {
    type: `${ERRORS}${status}-${title.replaceAll(' ', '-')}`,
    title,
    status,
    detail,
    instance: guidOf('problem', status, detail),
    ...(code === undefined ? {} : { code }),
  };
}

export function refused(
  status: number,
  detail: string,
  more: { code?: number; headers?: Readonly<Record<string, string>> } = {},
): Answer {
  return {
    status,
    headers: { 'content-type': 'application/problem+json', ...more.headers },
    body: renderJson(problemBody(status, detail, more.code)),
  };
}

/** The gateway knows nothing of problem details. */
export function gatewayTimeout(): Answer {
  return json(504, { message: 'Endpoint request timed out' });
}

/** Malformed content is 400, content that says something impossible 422. */
export function invalid(status: 400 | 422, problems: readonly Problem[]): Answer {
  return refused(status, problems.map(({ path, message }) => `${path}: ${message}`).join('; '));
}
