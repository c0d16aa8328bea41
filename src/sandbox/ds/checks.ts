import { isObject } from '../json.ts';
import { type Problem } from './answers.ts';

/** Where findings go, and whether names that nobody knows are one. */
export interface Findings {
  readonly problems: Problem[];
  readonly refusesUnknown: boolean;
}

/** Looks at one value at a path such as `itemList[0].sku`. */
export type Check = (value: unknown, path: string, findings: Findings) => void;

/** Adds a finding about one property. */
export function report({ problems }: Findings, parameter: string, message: string): void {
  problems.push({ type: 'VALIDATION_ERROR', message, parameter });
}

/** A text with something in it, of at most so many characters. */
export function text(longest: number): Check {
  return (value, path, findings) => {
    if (typeof value !== 'string') report(findings, path, `${path} must be a text`);
    else if (value.trim() === '') report(findings, path, `${path} must not be empty`);
    else if (Array.from(value).length > longest)
      report(findings, path, `${path} must not be longer than ${longest} characters`);
  };
}

/** One of these texts. */
export function oneOf(...allowed: readonly string[]): Check {
  return (value, path, findings) => {
    if (allowed.includes(String(value)) && typeof value === 'string') return;
    report(findings, path, `${path} must be one of ${allowed.join(', ')}`);
  };
}

/** A number from here on. */
export function atLeast(least: number): Check {
  return (value, path, findings) => {
    if (typeof value !== 'number') report(findings, path, `${path} must be a number`);
    else if (value < least) report(findings, path, `${path} must be ${least} or more`);
  };
}

/** A whole number between these two, both of them allowed. */
export function whole(least: number, most: number): Check {
  return (value, path, findings) => {
    if (!Number.isSafeInteger(value)) report(findings, path, `${path} must be a whole number`);
    else if (Number(value) < least) report(findings, path, `${path} must be ${least} or more`);
    else if (Number(value) > most) report(findings, path, `${path} must be ${most} or less`);
  };
}

/** A moment in epoch milliseconds. */
export const moment: Check = (value, path, findings) => {
  if (Number.isSafeInteger(value) && Number(value) >= 1e12 && Number(value) < 1e13) return;
  report(findings, path, `${path} must be a time in epoch milliseconds`);
};

/** A list of at most so many. */
export function list(of: Check, most: number): Check {
  return (value, path, findings) => {
    if (!Array.isArray(value)) return report(findings, path, `${path} must be a list`);
    if (value.length > most) report(findings, path, `${path} must not hold more than ${most}`);
    value.forEach((item, index) => of(item, `${path}[${index}]`, findings));
  };
}

/** An object; a name that ends with `!` must be there. */
export function shape(members: Readonly<Record<string, Check>>): Check {
  const known = new Map(Object.entries(members).map(([name, check]) => [name.replace(/!$/, ''), check]));
  const needed = Object.keys(members).filter((name) => name.endsWith('!'));
  return (value, path, findings) => {
    if (!isObject(value)) return report(findings, path === '' ? 'body' : path, 'a JSON object is expected here');
    const below = (name: string): string => (path === '' ? name : `${path}.${name}`);
    for (const name of needed.map((marked) => marked.slice(0, -1))) {
      if (!Object.hasOwn(value, name)) report(findings, below(name), `${below(name)} is required`);
    }
    for (const [name, item] of Object.entries(value)) {
      const check = known.get(name);
      if (check !== undefined) check(item, below(name), findings);
      else if (findings.refusesUnknown) report(findings, below(name), `${below(name)} is not known`);
    }
  };
}

/** Names of the caller's own, whose values are plain or lists of plain values. */
export const attributes: Check = (value, path, findings) => {
  if (!isObject(value)) return report(findings, path, `${path} must be an object`);
  for (const [name, item] of Object.entries(value)) plain(item, `${path}.${name}`, findings);
};

function plain(value: unknown, path: string, findings: Findings): void {
  if (Array.isArray(value)) return list(plain, 100)(value, path, findings);
  if (typeof value === 'number' || typeof value === 'boolean') return;
  if (typeof value !== 'string') report(findings, path, `${path} must be a text, a number, true, false or a list`);
  else if (Array.from(value).length > 500) report(findings, path, `${path} must not be longer than 500 characters`);
}
