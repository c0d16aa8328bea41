import type { JsonSchema } from '../../core/json.ts';
import type { KeyPath } from '../../core/positioned-yaml.ts';
import { suggestion } from '../../core/shape.ts';
import { say } from '../../core/text.ts';
import type { HeaderTemplate, KeyDefinition, MessagePaths, OperationDefinition, OutcomeRule } from '../definition.ts';
import type { OneOrMore, OperationText } from '../definition-text.ts';
import { checkBatch, parseBatch } from '../batch/parse-batch.ts';
import { fieldNames, withAnyText, withoutFields } from '../mapping-schema.ts';
import { parseFind, parseJob, parseLookUp, parseResolve } from './parse-reads.ts';
import { parseMessages, parseRules } from '../outcome/parse-rules.ts';
import { checkKeyParts, checkUpload, parseUpload } from './parse-upload.ts';
import type { SchemaReader } from '../payload-schema.ts';
import type { Reader } from '../feed/reader.ts';
import { hasKey, variablesOf, type Template, type VariableKind } from '../request/template.ts';

/** What all operations and feeds of a provider have in common. */
export interface Shared {
  readonly headers: readonly HeaderTemplate[];
  readonly rules: readonly OutcomeRule[];
  readonly messages: MessagePaths;
  readonly notices: MessagePaths;
  readonly schemas: SchemaReader;
}

const DEFAULT_KEY_LENGTH = 200;
const OF_REQUEST = ['key', 'key.uuid', 'key.part', 'payload', 'settings'] as const satisfies readonly VariableKind[];

export function parseOperation(reader: Reader, name: string, text: OperationText, shared: Shared): OperationDefinition {
  const at: KeyPath = ['operations', name];
  const { rules } = shared;
  const own = parseMessages(reader, text.messages, [...at, 'messages']);
  const sentSchema = text.body === undefined ? undefined : shared.schemas(text.body, [...at, 'body']);
  const parts = {
    set: Object.entries(text.set ?? {}).map(([field, value]) => ({
      name: field,
      value: reader.template(value, [...at, 'set', field], OF_REQUEST),
    })),
    resolve: (text.resolve ?? []).map((one, position) =>
      parseResolve(reader, one, [...at, 'resolve', position], rules),
    ),
  };
  const operation: OperationDefinition = {
    ...parts,
    name,
    summary: text.summary,
    method: text.method,
    path: reader.template(text.path, [...at, 'path'], [...OF_REQUEST, 'found']),
    headers: [...shared.headers, ...reader.headers(text.headers, [...at, 'headers'], OF_REQUEST)],
    schema: sentSchema === undefined ? undefined : mappingSchema(reader, sentSchema, parts, at),
    sentSchema,
    find:
      text.find === undefined
        ? undefined
        : parseFind(reader, text.find, [...at, 'find'], { rules, called: subjectOf(name) }),
    job: text.job === undefined ? undefined : parseJob(reader, text.job, [...at, 'job'], rules),
    upload: text.upload === undefined ? undefined : parseUpload(reader, text.upload, [...at, 'upload']),
    revisions: text.revisions ?? 'none',
    key: parseKey(reader, text.key, [...at, 'key']),
    repeat: text.repeat,
    reference: parseReference(reader, text.reference, [...at, 'reference']),
    rules: [...parseRules(reader, text.outcomes, [...at, 'outcomes']), ...rules],
    messages: text.messages === undefined ? shared.messages : own,
    notices: text.notices === undefined ? shared.notices : parseMessages(reader, text.notices, [...at, 'notices']),
    batch: parseBatch(reader, text.batch, [...at, 'batch']),
    lookUp: text.lookUp === undefined ? undefined : parseLookUp(reader, text.lookUp, [...at, 'lookUp'], rules),
  };
  checkBody(reader, text, at);
  checkLookUp(reader, text, at);
  checkFound(reader, operation, at);
  checkBatch(reader, text, operation, at);
  checkRepeat(reader, operation, at);
  checkUpload(reader, text, at);
  checkKeyParts(reader, operation, at);
  return operation;
}

/** What an operation is about, in words: `purchase order` of `purchase-order.cancel`. */
function subjectOf(operation: string): string {
  const [subject = operation] = operation.split('.');
  return subject.replaceAll('-', ' ');
}

function parseReference(reader: Reader, text: OneOrMore | undefined, at: KeyPath): Template[] {
  const allowed = ['key', 'key.uuid', 'answer', 'item', 'settings'] as const;
  if (typeof text === 'string') return [reader.template(text, at, allowed)];
  return (text ?? []).map((one, position) => reader.template(one, [...at, position], allowed));
}

/** What a mapping has to give: without the fields that are set, with any text where a value is resolved. */
function mappingSchema(
  reader: Reader,
  sent: JsonSchema,
  { set, resolve }: Pick<OperationDefinition, 'set' | 'resolve'>,
  at: KeyPath,
): JsonSchema {
  const names = fieldNames(sent);
  const known = set.filter(({ name }) => names.includes(name) || names.length === 0);
  for (const { name } of set.filter((field) => !known.includes(field))) {
    const what = `the schema of the body has no field "${name}"`;
    reader.report('unknown-reference', [...at, 'set', name], { what, ...suggestion(name, names) });
  }
  const fields = new Map(
    known.map(({ name, value }) => [name, variablesOf(value).length === 0 ? value.text : undefined] as const),
  );
  let schema = withoutFields(sent, fields);
  if (schema === undefined) {
    reader.report('wrong-value', [...at, 'set'], { what: 'the schema of the body refuses a text that is set' });
    schema = sent;
  }
  for (const [position, { at: path }] of resolve.entries()) {
    const loosened = withAnyText(schema, path);
    if (loosened === undefined) {
      const what = `the schema of the body has no field ${path.text}`;
      reader.report('unknown-reference', [...at, 'resolve', position, 'at'], { what });
    }
    schema = loosened ?? schema;
  }
  return schema;
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

function checkBody(reader: Reader, text: OperationText, at: KeyPath): void {
  if (text.body !== undefined) return;
  for (const key of ['set', 'resolve'] as const) {
    if (text[key] !== undefined) reader.report('wrong-value', [...at, key], { what: `${key} without a body schema` });
  }
}

// What is made needs a proof that the record is ours; what is changed only that it is changed.
function checkLookUp(reader: Reader, { lookUp, find }: OperationText, at: KeyPath): void {
  if (lookUp === undefined || lookUp.same !== undefined) return;
  if (find !== undefined && lookUp.where !== undefined) return;
  reader.report('missing-key', [...at, 'lookUp'], {
    what: '"same" is missing',
    hint: 'Without it the operation needs "find", and the look-up "where".',
  });
}

function checkFound(reader: Reader, { path, find }: OperationDefinition, at: KeyPath): void {
  const known = (find?.take ?? []).map(({ name }) => name);
  for (const variable of variablesOf(path)) {
    if (variable.kind !== 'found' || known.includes(variable.name)) continue;
    const what = `"find" takes no "${variable.name}"`;
    reader.report('unknown-reference', [...at, 'path'], { what, ...suggestion(variable.name, known) });
  }
}

// A repeat that the provider cannot recognise would make a second record.
function checkRepeat(reader: Reader, operation: OperationDefinition, at: KeyPath): void {
  const { repeat, path, headers, set, sentSchema, revisions } = operation;
  const holds =
    repeat === 'none' ||
    (repeat === 'url' && (hasKey(path) || variablesOf(path).some(({ kind }) => kind === 'found'))) ||
    (repeat === 'header' && headers.some(({ value }) => hasKey(value))) ||
    (repeat === 'body' && sentSchema !== undefined);
  if (!holds) {
    const where = { url: '{key} in the path', header: 'a header with {key}', body: 'a body schema', none: '' }[repeat];
    reader.report('wrong-value', [...at, 'repeat'], { what: `repeat: ${repeat} without its key`, expected: where });
  }
  const isKnownAgain = [...headers, ...set].some(({ value }) => hasKey(value));
  if (revisions !== 'none' && (repeat === 'header' || (repeat === 'body' && isKnownAgain))) {
    reader.report('wrong-value', [...at, 'revisions'], {
      what: `revisions: ${revisions} with repeat: ${repeat}`,
      hint: 'A provider that knows the key again would take a second change for the first.',
    });
  }
}
