import type { KeyPath } from '../core/positioned-yaml.ts';
import { say } from '../core/text.ts';
import type {
  HeaderTemplate,
  KeyDefinition,
  LookUpDefinition,
  MessagePaths,
  OperationDefinition,
  OutcomeRule,
} from './definition.ts';
import type { LookUpText, OperationText } from './definition-text.ts';
import { parseMessages, parseRules } from './parse-rules.ts';
import type { SchemaReader } from './payload-schema.ts';
import { statusTexts, type Reader } from './reader.ts';
import { hasKey } from './template.ts';

/** What all operations and feeds of a provider have in common. */
export interface Shared {
  readonly headers: readonly HeaderTemplate[];
  readonly rules: readonly OutcomeRule[];
  readonly messages: MessagePaths;
  readonly schemas: SchemaReader;
}

const DEFAULT_KEY_LENGTH = 200;

export function parseOperation(reader: Reader, name: string, text: OperationText, shared: Shared): OperationDefinition {
  const at: KeyPath = ['operations', name];
  const own = parseMessages(reader, text.messages, [...at, 'messages']);
  const operation: OperationDefinition = {
    name,
    summary: text.summary,
    method: text.method,
    path: reader.template(text.path, [...at, 'path'], ['key', 'payload', 'settings']),
    headers: [...shared.headers, ...reader.headers(text.headers, [...at, 'headers'], ['key', 'payload', 'settings'])],
    schema: text.body === undefined ? undefined : shared.schemas(text.body, [...at, 'body']),
    key: parseKey(reader, text.key, [...at, 'key']),
    repeat: text.repeat,
    reference:
      text.reference === undefined
        ? undefined
        : reader.template(text.reference, [...at, 'reference'], ['key', 'answer', 'settings']),
    rules: [...parseRules(reader, text.outcomes, [...at, 'outcomes']), ...shared.rules],
    messages: text.messages === undefined ? shared.messages : own,
    lookUp: text.lookUp === undefined ? undefined : parseLookUp(reader, text.lookUp, [...at, 'lookUp'], shared),
  };
  checkRepeat(reader, operation, at);
  return operation;
}

function parseKey(reader: Reader, text: OperationText['key'], at: KeyPath): KeyDefinition {
  const maxLength = text.maxLength ?? DEFAULT_KEY_LENGTH;
  const rule =
    text.pattern === undefined
      ? say`1 to ${maxLength} any characters`
      : say`1 to ${maxLength} characters that fit ${text.pattern}`;
  return {
    from: reader.template(text.from, [...at, 'from'], ['document.key', 'payload.hash', 'payload', 'settings']),
    pattern: text.pattern === undefined ? undefined : parsePattern(reader, text.pattern, [...at, 'pattern']),
    maxLength,
    expected: text.expected === undefined ? rule : [text.expected],
  };
}

function parsePattern(reader: Reader, pattern: string, at: KeyPath): RegExp | undefined {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u');
  } catch {
    reader.report('wrong-value', at, { what: 'not a regular expression', got: pattern });
    return undefined;
  }
}

function parseLookUp(reader: Reader, text: LookUpText, at: KeyPath, shared: Shared): LookUpDefinition {
  return {
    path: reader.template(text.path, [...at, 'path'], ['key', 'settings']),
    record: reader.path(text.record ?? '$', [...at, 'record']),
    missing: statusTexts(text.missing, ['404']),
    same: text.same.map((path, position) => reader.path(path, [...at, 'same', position])),
    rules: shared.rules,
  };
}

// A repeat that the provider cannot recognise would make a second record.
function checkRepeat(reader: Reader, operation: OperationDefinition, at: KeyPath): void {
  const { repeat, path, headers, schema } = operation;
  const holds =
    repeat === 'none' ||
    (repeat === 'url' && hasKey(path)) ||
    (repeat === 'header' && headers.some(({ value }) => hasKey(value))) ||
    (repeat === 'body' && schema !== undefined);
  if (holds) return;
  const where = { url: '{key} in the path', header: 'a header with {key}', body: 'a body schema', none: '' }[repeat];
  reader.report('wrong-value', [...at, 'repeat'], { what: `repeat: ${repeat} without its key`, expected: where });
}
