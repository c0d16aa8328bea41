import type { Json } from '../../core/json.ts';
import type { Operation } from '../../core/provider.ts';
import { say, type Phrase } from '../../core/text.ts';
import type { Context } from '../context.ts';
import type { KeyDefinition, OperationDefinition } from '../definition.ts';
import { isHeaderText } from '../request/header-text.ts';
import { keyValues } from './key-values.ts';
import { fillTemplate } from '../request/template.ts';

type MadeKey = ReturnType<Operation['key']>;

/** The key of a document at a provider, or why there is none. Also refuses keys that would change the address. */
export function makeKey(
  operation: OperationDefinition,
  documentKey: string,
  payload: Json,
  { provider, settings }: Pick<Context, 'provider' | 'settings'>,
): MadeKey {
  const { from, expected } = operation.key;
  const key = fillTemplate(from, { documentKey, payload, settings });
  if (key === undefined) return { issue: { what: say`the key ${from.text} lacks a value`, expected } };
  const what = ruleBroken(key, operation.key);
  if (what !== undefined) return { issue: { what, expected, got: key } };
  const values = { ...keyValues(operation, key, { provider, settings }), payload };
  const unset = operation.set.find(({ value }) => fillTemplate(value, values) === undefined);
  if (unset !== undefined) return { issue: { what: say`the field ${unset.name} lacks a value` } };
  const path = fillTemplate(operation.path, values, encodeURIComponent);
  if (path === undefined) return { issue: { what: say`the address ${operation.path.text} lacks a value` } };
  if (hasDotSegment(path)) {
    return { issue: { what: say`the key cannot be a part of an address`, expected, got: key } };
  }
  const header = operation.headers.find(({ value }) => !isHeaderText(fillTemplate(value, values) ?? ''));
  if (header !== undefined) {
    return {
      issue: { what: say`the value of header ${header.name} has characters that cannot be sent`, expected, got: key },
    };
  }
  return { key };
}

function ruleBroken(key: string, { pattern, maxLength }: KeyDefinition): Phrase | undefined {
  // Length first: a pattern is never run on a text of any length.
  if (key.length > maxLength) return say`the key is too long for the provider`;
  if (!key.isWellFormed() || /\p{Cc}/u.test(key)) return say`the key has characters that cannot be sent`;
  if (pattern !== undefined && !pattern.test(key)) return say`the key has characters the provider does not take`;
  return undefined;
}

/** Servers may decode before they resolve `.` and `..`, so encoded ones count as well. */
export function hasDotSegment(path: string): boolean {
  const [address = ''] = path.split('?');
  return address
    .split('/')
    .flatMap((segment) => decodeURIComponent(segment).split(/[/\\]/))
    .some((segment) => segment === '.' || segment === '..');
}
